/* A choice that presses its own button (sort order), which steps aside. Around both of them. */
export function attach(element) {
  const button = element.querySelector("[data-go]");
  button.hidden = true;
  element.addEventListener("change", () => button.click());
}
