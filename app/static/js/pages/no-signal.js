/* Stands in for a page that no signal brings. It keeps that one page and what it is made of, and nothing of anybody;
   KEPT and NAME come first. The notebook has a worker of its own. */
const PAGE = KEPT[0];
addEventListener("install", (event) => {
  const asked = KEPT.map((each) => new Request(each, { cache: each === PAGE ? "no-cache" : "default" }));
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(asked)).then(() => skipWaiting()));
});
addEventListener("activate", (event) => {
  const old = (names) => names.filter((each) => each.startsWith("luring-") && each !== NAME);
  const swept = caches.keys().then((names) => Promise.all(old(names).map((each) => caches.delete(each))));
  // The page is on its way while this wakes: nobody waits for it.
  event.waitUntil(Promise.all([swept, registration.navigationPreload && registration.navigationPreload.enable()]));
});
const page = async (event) => {
  try {
    return (await event.preloadResponse) || (await fetch(event.request));
  } catch {
    return caches.match(PAGE, { ignoreVary: true });
  }
};
addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  if (method !== "GET") return;
  if (mode === "navigate") event.respondWith(page(event));
  else if (KEPT.includes(new URL(url).pathname)) event.respondWith(caches.match(event.request, { ignoreVary: true }).then((kept) => kept || fetch(event.request)));
});
