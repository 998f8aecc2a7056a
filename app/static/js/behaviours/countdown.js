/* Says beside a moment how long there is left. On .deadline with data-until (ISO) and words for days, hours, minutes, over. */
export function attach(element) {
  const left = element.querySelector("[data-left]");
  const until = Date.parse(element.dataset.until);
  const paint = () => {
    const minutes = Math.ceil((until - Date.now()) / 6e4);
    const words = element.dataset;
    left.textContent = minutes <= 0 ? words.over
      : minutes < 60 ? words.minutes.replace("$", minutes)
      : minutes < 2880 ? words.hours.replace("$", Math.floor(minutes / 60))
      : words.days.replace("$", Math.floor(minutes / 1440));
    if (minutes > 0) setTimeout(paint, minutes < 120 ? 2e4 : 6e5);
  };
  if (until) paint();
}
