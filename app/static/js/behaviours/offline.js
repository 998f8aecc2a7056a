/* Tells when the signal is gone, and goes away by itself. Until then no form leaves: what was typed stays on the screen. */
export function attach(element) {
  const paint = () => { element.hidden = navigator.onLine; };
  window.addEventListener("online", paint);
  window.addEventListener("offline", paint);
  // Before the forms' own behaviours hear of it.
  document.addEventListener("submit", (event) => {
    if (navigator.onLine || event.target.method === "dialog") return;
    event.preventDefault();
    element.hidden = false;
    element.textContent += ""; // said aloud again at each tap
  }, true);
  paint();
}
