/* Price times number, as it is typed. On an element with data-price (whole rupiah), or a ticked choice inside it with
   data-price; the number is [data-quantity]; the answer goes to every [data-total] of the page with the same name. */
export function attach(element) {
  const paint = () => {
    const chosen = element.querySelector(":checked[data-price]");
    const price = +(chosen || element).dataset.price;
    const number = element.querySelector("[data-quantity]");
    const sum = price * Math.max(0, parseInt(number ? number.value : 1, 10) || 0);
    const words = "Rp" + String(sum).replace(/\B(?=(\d{3})+$)/g, ".");
    for (const place of document.querySelectorAll(`[data-total="${element.dataset.totals || ""}"]`)) place.textContent = words;
  };
  element.addEventListener("input", paint);
  element.addEventListener("change", paint);
  paint();
}
