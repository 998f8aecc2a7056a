/* The way out, on <form action="/keluar">: what was typed of a family and never sent stays on no phone that its writer has left.
   She is asked first, on the page that has data-drafts-leave. */
export function attach(element) {
  const kept = () => Object.keys(localStorage).filter((key) => key.startsWith("draft:kunjungan-"));
  const asked = document.querySelector("[data-drafts-leave]");
  if (asked) {
    asked.querySelector("p").textContent = asked.dataset.words.replace("$1", kept().length);
    asked.hidden = !kept().length;
  }
  element.addEventListener("submit", (event) => {
    if (asked) kept().forEach((key) => localStorage.removeItem(key));
    else if (kept().length) {
      event.preventDefault();
      location.assign("/keluar");
    }
  });
}
