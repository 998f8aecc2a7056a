/* J next, K former, T approve, P what to mend; and a picked reason fills the sentence that the seller will read.
   On whatever is [data-curation]. */
for (const element of document.querySelectorAll("[data-curation]")) {
  const sentence = element.querySelector("[data-sentence]");
  let filled = "";
  element.addEventListener("change", (event) => {
    if (!sentence || event.target.type !== "radio") return;
    // Words of her own are never thrown away.
    if (sentence.value && sentence.value !== filled) return;
    filled = sentence.value = event.target.closest("label").textContent.trim();
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (/^(input|textarea|select)$/i.test(event.target.tagName) && event.target.type !== "radio") return;
    const key = event.key.toLowerCase();
    if (key === "p") {
      const first = element.querySelector("input[type=radio]");
      if (first) { event.preventDefault(); first.focus(); first.scrollIntoView({ block: "center" }); }
      return;
    }
    const target = /^[jkt]$/.test(key) && element.querySelector(`[data-key="${key}"] a, [data-key="${key}"] button`);
    if (target) { event.preventDefault(); target.click(); }
  });
}
