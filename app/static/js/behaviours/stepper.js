/* Plus and minus around a number. On .stepper; the limits are the input's own min and max. */
export function attach(element) {
  const input = element.querySelector("input");
  const buttons = element.querySelectorAll("button");
  const least = () => input.min === "" ? 0 : +input.min;
  const most = () => input.max === "" ? Infinity : +input.max;
  const paint = () => {
    const value = parseInt(input.value, 10) || 0;
    buttons[0].disabled = value <= least();
    buttons[1].disabled = value >= most();
  };
  const step = (by) => {
    input.value = Math.max(least(), Math.min(most(), (parseInt(input.value, 10) || 0) + by));
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };
  buttons[0].addEventListener("click", () => step(-1));
  buttons[1].addEventListener("click", () => step(1));
  input.addEventListener("input", paint);
  paint();
}
