/* Copies data-copy, then says so for a moment. */
export function attach(element) {
  const words = element.querySelector("[data-words]") || element;
  element.addEventListener("click", async () => {
    const before = words.textContent;
    try {
      await navigator.clipboard.writeText(element.dataset.copy);
      words.textContent = element.dataset.done;
    } catch (_) {
      window.prompt(before, element.dataset.copy);
    }
    setTimeout(() => { words.textContent = before; }, 2500);
  });
}
