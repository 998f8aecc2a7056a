/* A choice that sends its form by itself (sort order); the button that does it without script steps aside. On <form>,
   or around a choice and its own button. */
export function attach(element) {
  const button = element.querySelector("[data-go]");
  if (button) button.hidden = true;
  element.addEventListener("change", () => element.requestSubmit ? element.requestSubmit() : element.submit ? element.submit() : button.click());
}
