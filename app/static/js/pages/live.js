/* Keeps the numbers beside the seller's words true while a page is open: asks every half minute, and only when looked at. */
const URL_OF_COUNTS = "/jualan/hitungan";
const EVERY = 30000;
const LONGEST = 480000;
let known = "";
let wait = EVERY;
let first = null;

const paint = (selector, kind, count, home) => {
  for (const link of document.querySelectorAll(selector)) {
    const place = home ? link.querySelector(home) : link;
    if (!place) continue;
    let mark = place.querySelector(`.${kind.split(" ")[0]}`);
    if (!count && kind !== "tabs__count") {
      place.querySelector(".visually-hidden")?.remove(); // the word that says what was counted
      mark?.remove();
      continue;
    }
    if (!mark) {
      mark = document.createElement("span");
      mark.className = kind;
      place.append(" ", mark);
    }
    mark.textContent = count;
  }
};

const show = (counts) => {
  paint('.bottom-nav a[href="/jualan/pesanan"]', "count", counts.jawab);
  paint('.header__nav a[href="/jualan/pesanan"], .desk__rail a[href="/jualan/pesanan"]', "badge badge--warning", counts.jawab);
  paint('.tile[href="/jualan/pesanan"]', "badge badge--warning", counts.jawab, "b");
  paint('a[href="/jualan/kabar"]', "badge badge--warning", counts.kabar);
  for (const tab of ["baru", "disiapkan", "siap"]) paint(`.tabs a[href$="daftar=${tab}"]`, "tabs__count", counts[tab]);
  const news = document.querySelector("[data-live-news]");
  first = Math.min(first ?? Number(news?.dataset.liveNews ?? counts.jawab), counts.jawab);
  if (news) news.hidden = counts.jawab <= first;
};

const ask = async () => {
  if (document.hidden || !navigator.onLine) return;
  try {
    const answer = await fetch(URL_OF_COUNTS, { headers: known ? { "If-None-Match": known } : {}, cache: "no-store" });
    if (answer.status === 200) {
      known = answer.headers.get("ETag") || "";
      show(await answer.json());
    }
    wait = answer.ok || answer.status === 304 ? EVERY : Math.min(wait * 2, LONGEST);
  } catch {
    wait = Math.min(wait * 2, LONGEST);
  }
};

const again = () => setTimeout(async () => { await ask(); again(); }, wait);
document.addEventListener("visibilitychange", ask);
again();
