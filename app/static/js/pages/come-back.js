/* On the page that stands in for another while there is no signal: opens that one when it is there again, and shows the way
   to the notebook where this phone can open it alone. */
const way = document.querySelector("[data-come-back]");
window.addEventListener("online", () => location.reload());
caches.match("/jualan/catat/tanpa-sinyal", { ignoreVary: true }).then((kept) => { way.hidden = !kept; });
