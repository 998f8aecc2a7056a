/* The sum of a basket as it grows. On a form whose rows carry data-price (whole rupiah) and one [data-quantity] each. */
export function attach(element) {
  const place = element.querySelector("[data-sum]");
  const paint = () => {
    let sum = 0;
    for (const row of element.querySelectorAll("[data-price]")) {
      sum += +row.dataset.price * Math.max(0, parseInt(row.querySelector("[data-quantity]").value, 10) || 0);
    }
    place.textContent = "Rp" + String(sum).replace(/\B(?=(\d{3})+$)/g, ".");
  };
  element.addEventListener("input", paint);
  paint();
}
