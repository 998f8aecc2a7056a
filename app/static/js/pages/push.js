/* Lets this phone tell the seller: asks its browser for an address and sends it with the form. Shown only where that works. */
const form = document.querySelector("[data-push]");
const SCOPE = "/jualan/catat";

const awake = (registration) => registration.active ? registration : new Promise((done) => {
  const worker = registration.installing || registration.waiting;
  worker.addEventListener("statechange", () => { if (worker.state === "activated") done(registration); });
});
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const words = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

if (form && "serviceWorker" in navigator && "PushManager" in window) {
  form.hidden = false;
  document.querySelector("[data-push-off]").hidden = true;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      if (await Notification.requestPermission() !== "granted") throw new Error("refused");
      const registration = await awake(await navigator.serviceWorker.register("/sw.js", { scope: SCOPE }));
      const wanted = { userVisibleOnly: true, applicationServerKey: bytes(form.dataset.push) };
      const given = await registration.pushManager.subscribe(wanted);
      form.alamat.value = given.endpoint;
      form.kunci.value = words(given.getKey("p256dh"));
      form.rahasia.value = words(given.getKey("auth"));
      form.submit();
    } catch {
      document.querySelector("[data-push-no]").hidden = false;
    }
  });
}
