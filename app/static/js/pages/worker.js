/* Opens the notebook without a signal. It stands before the notebook alone (its scope); KEPT, SHELL and NAME come first. */
const PATIENCE = 10000;
addEventListener("install", (event) => {
  const asked = KEPT.map((each) => new Request(each, { credentials: "omit", cache: "no-cache" }));
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(asked)).then(() => skipWaiting()));
});
addEventListener("activate", (event) => {
  const old = (names) => names.filter((each) => each.startsWith("catat-") && each !== NAME);
  event.waitUntil(caches.keys().then((names) => Promise.all(old(names).map((each) => caches.delete(each)))).then(() => clients.claim()));
});
const page = (request) => {
  const shell = () => caches.match(SHELL, { ignoreVary: true });
  const late = new Promise((done) => setTimeout(() => done(shell()), PATIENCE));
  // 502 to 504 come from a door whose house is away.
  const asked = fetch(request).then((response) => response.status >= 502 && response.status <= 504 ? shell() : response, shell);
  return Promise.race([asked, late]);
};
addEventListener("fetch", (event) => {
  const { pathname } = new URL(event.request.url);
  if (event.request.method !== "GET") return;
  if (event.request.mode === "navigate" && pathname === "/jualan/catat") event.respondWith(page(event.request));
  else if (pathname.startsWith("/aset/")) event.respondWith(caches.match(event.request).then((kept) => kept || fetch(event.request)));
});
addEventListener("push", (event) => {
  let told = {};
  try { told = event.data.json() || {}; } catch { told = {}; }
  const said = told.text || "Ada kabar. Buka Lapak Mandiri.";
  event.waitUntil(registration.showNotification("Lapak Mandiri", { body: said, tag: "kabar", renotify: true, data: told.url || "/jualan/kabar" }));
});
addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(clients.openWindow(event.notification.data));
});
