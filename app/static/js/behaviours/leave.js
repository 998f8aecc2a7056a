/* The way out, on every form that ends this session: what was typed of a family and never sent stays on no phone that its writer has left.
   She is asked first, in the main part that has data-drafts-leave. What others left is gone once data-mine says who is here now. */
export function attach(element) {
  const kept = () => Object.keys(localStorage).filter((key) => key.startsWith("draft:kunjungan-"));
  const forget = (keys) => keys.forEach((key) => localStorage.removeItem(key));
  const mine = element.dataset.mine;
  if (mine) forget(kept().filter((key) => !key.endsWith("-" + mine)));
  const asked = element.closest("main")?.querySelector("[data-drafts-leave]");
  if (asked) {
    asked.querySelector("p").textContent = asked.dataset.words.replace("$1", kept().length);
    asked.hidden = !kept().length;
  }
  element.addEventListener("submit", (event) => {
    if (asked) forget(kept());
    else if (kept().length) {
      event.preventDefault();
      location.assign("/keluar");
    }
  });
}
