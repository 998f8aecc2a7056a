/* Where the signal is thin the next page takes its time: after 400 ms this one is dimmed, under a bar at the top. On <body>. */
export function attach(element) {
  const main = element.querySelector("main");
  const bar = document.createElement("div");
  bar.className = "loading";
  let timer;
  const end = () => {
    clearTimeout(timer);
    bar.remove();
    main.removeAttribute("aria-busy");
  };
  const begin = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      element.append(bar);
      main.setAttribute("aria-busy", "true");
      timer = setTimeout(end, 15000); // what came was a file, or nothing
    }, 400);
  };
  element.addEventListener("submit", (event) => event.defaultPrevented || begin());
  element.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    // Another place, another window, a spot of this page or a file: this page stays.
    if (link.origin !== location.origin || link.target || link.getAttribute("href")[0] === "#" || /\.\w+$/.test(link.pathname)) return;
    begin();
  });
  window.addEventListener("pageshow", end);
}
