/* What was typed survives a dead battery; what somebody else changed meanwhile stands. On <form data-draft="key">; on any element with data-draft-done="key" the draft
   is forgotten. Keeps what was changed, and on a form that came back all of it. Never keeps files, hidden fields, passwords, PINs or fields marked data-private.
   Keeps at every letter: whoever leaves, or whose phone goes off, gives no notice. Where storage is closed to us or full, typing goes on. */
export function attach(element) {
  const done = element.dataset.draftDone;
  const key = "draft:" + (done || element.dataset.draft);
  const store = { read() { try { return JSON.parse(localStorage.getItem(key)); } catch (_) { return null; } } };
  if (done) {
    try { localStorage.removeItem(key); } catch (_) {}
    return;
  }
  const secret = (field) => /^(file|hidden|password|submit|button)$/.test(field.type) || /pin|sandi|kode/i.test(field.name) || "private" in field.dataset;
  const fields = () => [...element.elements].filter((field) => field.name && !secret(field));
  const tick = (field) => field.type === "radio" || field.type === "checkbox";
  const returned = "returned" in element.dataset;
  const came = new Map(fields().map((field) => [field, field.value]));
  const save = () => {
    const told = fields().filter((field) => returned || tick(field) || field.value !== came.get(field));
    const kept = told.map((field) => [field.name, field.value, tick(field) ? field.checked : null, came.get(field)]);
    try { localStorage.setItem(key, JSON.stringify(kept)); } catch (_) {}
  };

  const kept = returned ? null : store.read();
  let changed = false;
  for (const [name, value, checked, was] of kept || []) {
    for (const field of fields()) {
      if (field.name !== name) continue;
      if (tick(field)) {
        if (field.value === value && field.checked !== checked) { field.checked = checked; changed = true; }
      } else if (field.value !== value && (!field.value || field.value === was)) {
        field.value = value;
        changed = true;
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }
    }
  }
  const note = element.querySelector("[data-draft-note]");
  if (changed && note) note.hidden = false;
  const drop = element.querySelector("[data-draft-drop]");
  if (drop) drop.addEventListener("click", () => {
    try { localStorage.removeItem(key); } catch (_) { /* nothing was kept */ }
    element.reset();
    note.hidden = true;
  });
  element.addEventListener("input", save);
  element.addEventListener("change", save);
}
