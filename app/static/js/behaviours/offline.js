/* Tells when the signal is gone, and goes away by itself. */
export function attach(element) {
  const paint = () => { element.hidden = navigator.onLine; };
  window.addEventListener("online", paint);
  window.addEventListener("offline", paint);
  document.addEventListener("lapak:offline", () => { element.hidden = false; element.scrollIntoView({ block: "nearest" }); });
  paint();
}
