/* The way out, on <form action="/keluar">: what was typed of a family and never sent stays on no phone that its writer has left.
   She is asked first, on the page that has data-drafts-leave. */
export function attach(element) {
  const drafts = () => Object.keys(localStorage).filter((key) => key.startsWith("draft:kunjungan-"));
  const asked = document.querySelector("[data-drafts-leave]");
  if (asked) {
    asked.querySelector("p").textContent = asked.dataset.words.replace("$1", drafts().length);
    asked.hidden = !drafts().length;
  }
  element.addEventListener("submit", (event) => {
    if (asked) drafts().forEach((key) => localStorage.removeItem(key));
    else if (drafts().length) {
      event.preventDefault();
      location.assign("/keluar");
    }
  });
}
