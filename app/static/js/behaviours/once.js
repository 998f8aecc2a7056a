/* A double tap sends once, and the button says that something is happening. On <form>; with data-again the server knows
   the page by its key, so after that many seconds without an answer the button may be tapped again. */
export function attach(element) {
  let sent = null;
  const free = () => {
    if (!sent) return;
    sent.disabled = false;
    sent.removeAttribute("aria-busy");
    sent.replaceChildren(...sent.was);
    sent.style.minWidth = "";
    sent = null;
  };
  element.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (sent) { event.preventDefault(); return; }
    const button = event.submitter || element.querySelector("[type=submit], button:not([type])");
    if (!button) return;
    sent = button;
    sent.was = [...button.childNodes];
    button.setAttribute("aria-busy", "true");
    button.style.minWidth = button.offsetWidth + "px";
    if (button.dataset.busy) button.replaceChildren(button.dataset.busy);
    // A disabled button would not send its own name, so wait until the form has been read.
    setTimeout(() => { if (sent) sent.disabled = true; });
    if (element.dataset.again) setTimeout(free, element.dataset.again * 1000);
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) free(); });
}
