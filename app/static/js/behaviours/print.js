export function attach(element) {
  element.addEventListener("click", () => window.print());
}
