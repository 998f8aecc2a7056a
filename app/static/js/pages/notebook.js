/* Notes of sales that wait on this phone until there is a signal: kept in the browser's own store under a token of the
   account that wrote them, sent in parcels of fifty, each as often as it takes; the book knows them by their key.
   Runs on every page of a seller's desk; the elements with data-unsent… stand on the pages of the notebook. */
const HOME = "/jualan/catat";
const QUEUE = HOME + "/antrean";
const FIELDS = ["barang", "nama-barang", "jumlah", "uang", "hari", "stok"];
const PARCEL = 50;
const LONGEST = 200;
const PATIENCE = 10000;

const mark = document.querySelector("[data-notes-owner]");
const form = document.querySelector("form[data-notes]");
const box = document.querySelector("[data-unsent]");
const lang = document.documentElement.lang;
let base;
let owner = mark ? mark.dataset.notesOwner : "";

/* The store: `catatan` holds the notes, `tahu` what this phone knows: whose turn it is, her goods, when it sent last. */
const answer = (request) => new Promise((done, fail) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => fail(request.error);
});
const stores = () => {
  if (!base) {
    const request = indexedDB.open("catat-jualan", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("catatan", { keyPath: "kunci" });
      request.result.createObjectStore("tahu");
    };
    base = answer(request);
  }
  return base;
};
const change = async (name, act) => {
  // Strict: what the phone says it keeps is on its disk, whatever happens to the browser then.
  const going = (await stores()).transaction(name, "readwrite", { durability: "strict" });
  act(going.objectStore(name));
  return new Promise((done, fail) => {
    going.oncomplete = () => done();
    going.onabort = going.onerror = () => fail(going.error);
  });
};
const known = async (key) => answer((await stores()).transaction("tahu").objectStore("tahu").get(key));
const learn = (key, value) => change("tahu", (store) => store.put(value, key));
const mine = async () => {
  const all = await answer((await stores()).transaction("catatan").objectStore("catatan").getAll());
  return owner ? all.filter((each) => each.akun === owner).sort((a, b) => a.saat - b.saat) : [];
};

const ask = (address, options) => {
  const control = new AbortController();
  const timer = setTimeout(() => control.abort(), options.body ? 3 * PATIENCE : PATIENCE);
  const all = { redirect: "manual", cache: "no-store", credentials: "same-origin", signal: control.signal };
  return fetch(address, Object.assign(all, options)).finally(() => clearTimeout(timer));
};

const settle = (told) => change("catatan", (store) => {
  told.masuk.forEach((key) => store.delete(key));
  told.rows.forEach((row) => {
    if (told.tolak[row.kunci]) store.put(Object.assign(row, { alasan: told.tolak[row.kunci] }));
  });
});

const sendParcel = async (rows, csrf, fresh) => {
  const body = new URLSearchParams({
    akun: owner, csrf_token: csrf, baru: fresh || "",
    catatan: JSON.stringify(rows.map((row) => Object.assign({ kunci: row.kunci }, row.isi))),
  });
  const response = await ask(QUEUE, { method: "POST", body });
  if (!response.ok) throw new Error(response.status);
  const told = Object.assign(await response.json(), { rows });
  await settle(told);
  await learn("jam:" + owner, { jam: told.jam, hari: told.hari });
  return told;
};

/* A photo goes by the form itself, one at a time. */
const sendPhoto = async (row, csrf) => {
  const body = new FormData();
  for (const name in row.isi) body.append(name, row.isi[name]);
  body.append("kunci", row.kunci);
  body.append("csrf_token", csrf);
  body.append("foto", row.foto, "nota.jpg");
  const response = await ask(HOME, { method: "POST", body });
  if (response.type === "opaqueredirect") return settle({ masuk: [row.kunci], tolak: {}, rows: [] });
  if (response.status !== 422 && response.status !== 409) throw new Error(response.status);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const why = page.querySelector(".notice--error li, .notice--warning p, .field__error");
  return settle({ masuk: [], tolak: { [row.kunci]: why ? why.textContent.trim() : response.status }, rows: [row] });
};

let turn = Promise.resolve({});
const send = async (fresh) => {
  const all = { masuk: [], tolak: {} };
  const waiting = (await mine()).filter((row) => !row.alasan);
  if (!waiting.length && !form && location.pathname !== "/jualan") return all;
  const response = await ask(QUEUE, {});
  if (!response.ok) return all;
  const told = await response.json();
  await learn("kini", { akun: told.akun, sampai: Date.now() + told.diam * 1000 });
  await learn("barang:" + told.akun, told.barang);
  // In other hands now: what waits here stays for whoever wrote it.
  if (told.akun !== owner) return all;
  const light = waiting.filter((row) => !row.foto);
  for (let i = 0; i < light.length; i += PARCEL) {
    const done = await sendParcel(light.slice(i, i + PARCEL), told.csrf, fresh);
    all.masuk.push(...done.masuk);
    Object.assign(all.tolak, done.tolak);
  }
  for (const row of waiting.filter((each) => each.foto)) {
    await sendPhoto(row, told.csrf);
    all.masuk.push(row.kunci);
  }
  return all;
};
const sync = (fresh) => {
  turn = turn.then(() => send(fresh)).catch(() => ({ masuk: [], tolak: {} })).then(async (told) => {
    await paint();
    return told;
  });
  return turn;
};

/* What the page shows of it. */
const rupiah = (typed) => /^\d+$/.test(typed) ? "Rp" + typed.replace(/\B(?=(\d{3})+$)/g, ".") : typed;
const day = (iso) => new Date(iso + "T00:00").toLocaleDateString(lang, { day: "numeric", month: "long", year: "numeric" });
const paint = async () => {
  if (!box) return;
  const rows = await mine();
  const last = await known("jam:" + owner);
  box.hidden = !rows.length && !last;
  box.querySelector("[data-unsent-title]").textContent = box.dataset.title.replace("$1", rows.length);
  const sent = box.querySelector("[data-unsent-last]");
  sent.hidden = !last;
  if (last) sent.textContent = sent.dataset.words.replace("$1", last.jam).replace("$2", day(last.hari));
  box.querySelector("[data-unsent-none]").hidden = rows.length > 0;
  box.querySelector("[data-unsent-list]").replaceChildren(...rows.map(shown));
};
const shown = (row) => {
  const part = box.querySelector("template").content.cloneNode(true);
  part.querySelector("[data-what]").textContent = row.isi.jumlah + " × " + (row.nama || "?");
  part.querySelector("[data-day]").textContent = row.isi.hari ? day(row.isi.hari) : "";
  part.querySelector("[data-money]").textContent = rupiah(row.isi.uang);
  const why = part.querySelector("[data-why]");
  why.hidden = !row.alasan;
  why.querySelector("span").textContent = row.alasan || "";
  part.querySelector("[data-mend]").addEventListener("click", () => mend(row));
  part.querySelector("[data-drop]").addEventListener("click", async () => {
    await change("catatan", (store) => store.delete(row.kunci));
    await paint();
  });
  return part;
};
const say = (words) => { box.querySelector("[data-unsent-said]").textContent = words; };

/* The form: a note is on the phone before it is on its way. */
const field = (name) => form.elements[name];
const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((each) => each.toString(16).padStart(2, "0")).join("");
const choice = () => form.querySelector("[name=barang]:checked");
const price = (radio) => {
  const side = radio && radio.closest("label").querySelector(".choice__hint");
  return side ? Number((side.textContent.match(/\d[\d.]*/) || ["0"])[0].replace(/\./g, "")) : 0;
};
const typed = () => {
  const isi = {};
  for (const name of FIELDS) {
    const found = field(name);
    isi[name] = name === "barang" ? (choice() || { value: "" }).value : name === "stok" ? (found.checked ? "y" : "") : found.value.trim().slice(0, LONGEST);
  }
  if (!isi.stok) delete isi.stok;
  // The price of this moment: by the time it is sent it may be another.
  if (!isi.uang && price(choice()) && /^\d+$/.test(isi.jumlah)) isi.uang = String(price(choice()) * isi.jumlah);
  return isi;
};
const mend = (row) => {
  form.dataset.mends = row.kunci;
  for (const name of FIELDS) {
    if (name === "barang") {
      const radio = form.querySelector(`[name=barang][value="${CSS.escape(row.isi.barang)}"]`);
      if (radio) radio.checked = true;
    } else if (name === "stok") field(name).checked = "stok" in row.isi;
    else field(name).value = row.isi[name] || "";
  }
  form.scrollIntoView();
  field("jumlah").focus();
};
const begin = () => {
  delete form.dataset.mends;
  form.reset();
  field("kunci").value = newKey();
  const now = new Date();
  if (form.dataset.notes === "luring") field("hari").value = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((each) => String(each).padStart(2, "0")).join("-");
};
const native = (which) => HTMLFormElement.prototype.submit.call(which);
const keep = async (button) => {
  const isi = typed();
  const label = choice().closest("label").querySelector("span").firstChild.textContent.trim();
  const photo = field("foto").files[0];
  const row = { kunci: field("kunci").value || newKey(), akun: owner, saat: Date.now(), isi, nama: isi.barang === "lain" ? isi["nama-barang"] : label };
  if (photo) row.foto = photo;
  button.disabled = true;
  button.setAttribute("aria-busy", "true");
  try {
    await change("catatan", (store) => {
      if (form.dataset.mends) store.delete(form.dataset.mends);
      store.put(row);
    });
  } catch (_) {
    native(form); // the browser keeps nothing: as without a script
    return;
  }
  const told = await sync(row.kunci);
  if (told.masuk.includes(row.kunci)) { location.assign(HOME); return; }
  if (told.tolak[row.kunci] && form.dataset.notes !== "luring") {
    // She is still there: the page says it beside the field.
    await change("catatan", (store) => store.delete(row.kunci));
    native(form);
    return;
  }
  button.disabled = false;
  button.removeAttribute("aria-busy");
  begin();
  say(box.dataset.kept);
  box.scrollIntoView({ block: "nearest" });
};
const submitted = (event) => {
  const button = form.querySelector("[type=submit], button:not([type])");
  if (event.target !== form || !owner) return;
  if (button.disabled) { event.preventDefault(); return; }
  const isi = typed();
  const whole = isi.barang && isi.jumlah && isi.uang && isi.hari && (isi.barang !== "lain" || isi["nama-barang"]);
  const near = form.dataset.notes !== "luring" && navigator.onLine;
  if (near && (!whole || field("foto").files.length)) return; // the server has the words, and eyes for photos
  event.preventDefault();
  if (whole) keep(button); else say(box.dataset.incomplete);
};

/* The way out: nobody leaves without knowing what is still here. */
const leaving = async (leave) => {
  try {
    if (!mark && !owner) owner = ((await known("kini")) || {}).akun || "";
    const warned = document.querySelector("[data-unsent-leave]");
    if (!warned && (await mine()).length) { location.assign("/keluar"); return; }
    await change("tahu", (store) => store.delete("kini"));
  } catch (_) { /* nothing is kept here */ }
  native(leave);
};
document.addEventListener("submit", (event) => {
  if (form) submitted(event);
  if (event.target.getAttribute("action") !== "/keluar" || event.defaultPrevented) return;
  event.preventDefault();
  leaving(event.target);
}, true);

const goods = async () => {
  const last = form.querySelector("[name=barang]").closest("label");
  for (const [n, each] of ((await known("barang:" + owner)) || []).entries()) {
    const label = last.cloneNode(true);
    const radio = label.querySelector("input");
    radio.id = label.htmlFor = "barang-hp-" + n;
    radio.value = each.id;
    radio.checked = false;
    label.querySelector("span").textContent = each.nama;
    const side = document.createElement("span");
    side.className = "choice__hint";
    side.textContent = each.sisi;
    label.querySelector("span").append(side);
    last.before(label);
  }
};
const start = async () => {
  const leave = document.querySelector("[data-unsent-leave]");
  if (!mark) {
    // Without a signal: whoever was signed in last, while her time runs.
    const kini = await known("kini");
    owner = kini && kini.sampai > Date.now() ? kini.akun : "";
  }
  if (leave) {
    const many = (await mine()).length;
    leave.hidden = !many;
    leave.querySelector("p").textContent = leave.dataset.words.replace("$1", many);
    return;
  }
  if (form && form.dataset.notes === "luring") {
    form.hidden = !owner;
    document.querySelector("[data-nobody]").hidden = Boolean(owner);
    if (!owner) return;
    await goods();
    begin();
  } else if (form && form.querySelector("[aria-invalid]")) {
    // It came back from the server with words: what is typed there is what counts.
    await change("catatan", (store) => store.delete(field("kunci").value));
  }
  if (form) form.addEventListener("input", () => { form.dataset.begun = ""; }, { once: true });
  await paint();
  window.addEventListener("online", () => sync());
  document.addEventListener("visibilitychange", () => { if (!document.hidden) sync(); });
  const told = await sync();
  if (mark && "serviceWorker" in navigator) await navigator.serviceWorker.register("/sw.js", { scope: HOME });
  // What came in stands in the list of the page, unless she has begun to write.
  if (document.readyState !== "complete") await new Promise((done) => window.addEventListener("load", done, { once: true }));
  if (mark && form && told.masuk.length && !form.dataset.begun) location.reload();
  else if (box) box.dataset.unsent = "siap";
  if (form && navigator.storage && navigator.storage.persist) await navigator.storage.persist();
};
if (mark || form || document.querySelector("[data-unsent-leave]")) start().catch(() => { /* no store, no worker: the pages work as without a script */ });
