/* A choice that sends its form by itself (sort order); the button that does it without script steps aside. On <form>. */
export function attach(element) {
  const button = element.querySelector("[data-go]");
  if (button) button.hidden = true;
  element.addEventListener("change", () => element.requestSubmit ? element.requestSubmit() : element.submit());
}
