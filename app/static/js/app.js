/* Wakes every behaviour named by data-behaviour="one two", now and in parts that arrive later (event lapak:added).
   One broken comfort must not take the others with it. */
const awake = new WeakSet();
const wake = (root) => {
  for (const element of root.querySelectorAll("[data-behaviour]")) {
    if (awake.has(element)) continue;
    awake.add(element);
    for (const name of element.dataset.behaviour.split(" ")) {
      if (!behaviours[name]) continue;
      try { behaviours[name](element); } catch (error) { console.error(name, error); }
    }
  }
};
wake(document);
document.addEventListener("lapak:added", (event) => wake(event.target));
