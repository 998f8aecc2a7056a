/* Opens the dialog named by data-dialog; without script the link leads to a page that asks the same. */
export function attach(element) {
  const dialog = document.getElementById(element.dataset.dialog);
  if (!dialog || !dialog.showModal) return;
  element.addEventListener("click", (event) => {
    event.preventDefault();
    dialog.showModal();
  });
  for (const close of dialog.querySelectorAll("[data-close]")) close.addEventListener("click", () => dialog.close());
}
