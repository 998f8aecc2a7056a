/* Suggestions under the search field while somebody types; a combobox of one field and a list. On the search's <form>. */
export function attach(element) {
  const input = element.querySelector("input");
  const list = document.createElement("ul");
  let waiting, asked, at;
  const open = (is) => {
    at = -1;
    list.hidden = !is;
    input.setAttribute("aria-expanded", is);
    input.removeAttribute("aria-activedescendant");
  };
  const go = (to) => {
    const rows = [...list.children];
    at = (to + rows.length + 1) % (rows.length + 1);
    rows.forEach((row, place) => row.setAttribute("aria-selected", place === at));
    if (rows[at]) input.setAttribute("aria-activedescendant", rows[at].id);
    else input.removeAttribute("aria-activedescendant");
  };
  const take = (row) => {
    input.value = row.textContent;
    open(false);
    element.requestSubmit ? element.requestSubmit() : element.submit();
  };
  const show = (words) => {
    list.replaceChildren(...words.map((word, place) => {
      const row = document.createElement("li");
      row.id = `saran-${place}`;
      row.setAttribute("role", "option");
      row.textContent = word;
      return row;
    }));
    open(words.length > 0);
  };
  const ask = async (q) => {
    asked = new AbortController();
    try {
      const answer = await fetch(`/saran?q=${encodeURIComponent(q)}`, { signal: asked.signal });
      if (answer.ok && document.activeElement === input) show(await answer.json());
    } catch { /* no signal, or she types on */ }
  };
  list.id = "saran";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", element.querySelector("label").textContent);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", "saran"]]) input.setAttribute(name, value);
  element.append(list);
  open(false);
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    if (asked) asked.abort();
    const q = input.value.trim();
    if (q.length < 2) open(false);
    else waiting = setTimeout(ask, 200, q);
  });
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "Escape") open(false);
    else if (event.key === "ArrowDown") go(at + 1);
    else if (event.key === "ArrowUp") go(at < 0 ? -2 : at - 1);
    else if (event.key === "Enter" && list.children[at]) take(list.children[at]);
    else return;
    event.preventDefault();
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => event.target.id !== "saran" && take(event.target));
  input.addEventListener("blur", () => open(false));
}
