/* A scanned card opens /masuk#kartu=CODE: the part after # never reaches a server or its logs. Fills the field with it. */
export function attach(element) {
  const found = /^#kartu=([A-Za-z0-9-]{6,40})$/.exec(location.hash);
  const field = element.elements.namedItem("kode_kartu");
  if (!found || !field) return;
  field.value = found[1];
  history.replaceState(null, "", location.pathname + location.search);
}
