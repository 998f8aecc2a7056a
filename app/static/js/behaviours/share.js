/* The phone's own way to share a page; where there is none the plain WhatsApp link does its work. On <a href="https://wa.me/…">. */
export function attach(element) {
  if (!navigator.share) return;
  element.addEventListener("click", (event) => {
    event.preventDefault();
    navigator.share({ title: element.dataset.title, url: element.dataset.share }).catch(() => {});
  });
}
