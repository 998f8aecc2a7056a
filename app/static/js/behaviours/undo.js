/* Stays ten seconds, longer while somebody is on it. */
export function attach(element) {
  let timer;
  const leave = () => {
    element.classList.add("undo-bar--leaving");
    setTimeout(() => element.remove(), 250);
  };
  const start = () => { timer = setTimeout(leave, 10000); };
  const stop = () => clearTimeout(timer);
  for (const name of ["focusin", "pointerenter"]) element.addEventListener(name, stop);
  for (const name of ["focusout", "pointerleave"]) element.addEventListener(name, () => { stop(); start(); });
  start();
}
