/* Light or dark at once, without leaving the page; the form behind it keeps the choice. */
export function attach(element) {
  element.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button || !window.fetch) return;
    event.preventDefault();
    const chosen = button.value;
    const body = new FormData(element);
    body.set(button.name, chosen);
    fetch(element.action, { method: "POST", body, redirect: "manual" }).catch(() => {});
    if (chosen === "ikut") delete document.documentElement.dataset.tema;
    else document.documentElement.dataset.tema = chosen;
    for (const one of element.querySelectorAll("button")) one.setAttribute("aria-pressed", one === button);
  });
}
