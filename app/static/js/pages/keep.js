/* On pages of people who come back (a desk, a cart with something in it, an order): lets the phone keep the page that stands
   in for one that does not come. Asked anew for another language or other looks, and once a day. */
const root = document.documentElement;
const keep = () => {
  const looks = [root.lang, root.dataset.tema || "ikut"].join("-");
  navigator.serviceWorker.register("/luring.js?rupa=" + looks, { scope: "/", updateViaCache: "all" }).catch(() => { /* private window */ });
};
if ("serviceWorker" in navigator) {
  if (document.readyState === "complete") keep();
  else window.addEventListener("load", keep, { once: true });
}
