/* The card as buyers will see it, while it is being typed. On the <form>; the card is [data-card] on the same page. */
export function attach(element) {
  const card = document.querySelector("[data-card]");
  if (!card) return;
  const out = (name) => card.querySelector(`[data-card-out="${name}"]`);
  const fill = (target, words) => { target.textContent = words ? (target.dataset.before || "") + words : target.dataset.empty || ""; };
  const typed = (name) => element.querySelector(`[data-card-${name}]`).value.trim();
  const rupiah = (text) => {
    const found = /^(?:rp\.?\s*)?([\d.]+(?:,\d+)?)\s*(rb|ribu|k|jt|juta)?(?:,-)?$/i.exec(text);
    if (!found) return "";
    const unit = { rb: 1e3, ribu: 1e3, k: 1e3, jt: 1e6, juta: 1e6 }[(found[2] || "").toLowerCase()] || 1;
    const whole = unit > 1 && !/\.\d{3}$/.test(found[1]) ? found[1].replace(",", ".") : found[1].replace(/\./g, "").replace(",", ".");
    return "Rp" + String(Math.floor(whole * unit)).replace(/\B(?=(\d{3})+$)/g, ".");
  };
  const paint = () => {
    fill(out("name"), typed("name"));
    fill(out("price"), rupiah(typed("price")));
    fill(out("unit"), typed("unit"));
  };
  const inputs = [...element.querySelectorAll("input[type=file]")];
  for (const input of inputs) {
    input.addEventListener("change", () => {
      // The way that was taken last is the one that counts.
      if (input.files.length) inputs.filter((other) => other !== input).forEach((other) => { other.value = ""; });
    });
  }
  const frame = element.querySelector("[data-preview]");
  new MutationObserver(() => {
    const drawn = frame.querySelector("canvas");
    if (!drawn) return;
    const image = document.createElement("img");
    image.alt = "";
    image.src = drawn.toDataURL("image/jpeg", 0.7);
    card.querySelector("[data-card-photo]").replaceChildren(image);
  }).observe(frame, { childList: true });
  element.addEventListener("input", paint);
  paint();
  card.hidden = false;
}
