/* After a form comes back, begin where the trouble is named; its links jump into the fields. */
export function attach(element) {
  element.focus();
  element.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    field.scrollIntoView({ block: "center" });
    const inside = field.matches("input, select, textarea") ? field : field.querySelector("input") || field;
    inside.focus({ preventScroll: true });
  });
}
