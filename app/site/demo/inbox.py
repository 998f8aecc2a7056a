"""What waits for the office: wordings to look at, wordings that came back, and people who wish to sell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from app.kit.rupiah import Rupiah
from app.site.demo import people, words
from app.site.demo.goods import Row
from app.site.demo.plan import REGENCY, Plan


@dataclass(frozen=True, slots=True)
class Fresh:
    """A product that was never on sale: a sample under another name, and where its first wording stands."""

    sample: str
    name: str
    shop: int
    state: str
    hours: int


FRESH: Final = (
    Fresh("telur-asin-rasa-bawang-isi-5", "Telur asin rasa cabai isi 5", 0, "waiting", 3),
    Fresh("kerupuk-udang-pesisir", "Kerupuk udang manis", 1, "waiting", 7),
    Fresh("nastar-nanas", "Nastar keranjang", 5, "waiting", 11),
    Fresh("sambal-teri-pedas", "Sambal teri kacang", 8, "waiting", 20),
    Fresh("tas-anyaman-pandan", "Tas anyaman pandan kecil", 12, "waiting", 26),
    Fresh("kopi-jahe-bubuk", "Kopi jahe gula aren", 17, "waiting", 31),
    Fresh("telur-asin-asap-isi-6", "Telur asin asap tempurung isi 6", 0, "returned", 40),
    Fresh("dodol-durian", "Dodol durian mini", 21, "returned", 52),
    Fresh("kunyit-asam-serbuk", "Kunyit asam obat segala sakit", 25, "refused", 70),
)
# What the curator did, and the reason on the list.
ANSWERS: Final = {"returned": ("return", "foto-gelap"), "refused": ("refuse", "klaim-kesehatan")}
# Products on sale (by their place among the first seller's, then others) whose new price waits.
RAISED: Final = ((0, 2_000), (3, 1_000), (9, 1_500))


def answer(state: str, revision_id: int, by_id: int, plan: Plan, hours: int, sentence: str) -> Row:
    """Return what the curator decided, in the sentence of the list."""
    kind, reason = ANSWERS[state]
    return {
        "revision_id": revision_id,
        "kind": kind,
        "reason_code": reason,
        "sentence": sentence,
        "by_id": by_id,
        "at": plan.moment - timedelta(hours=hours - 2),
    }


def raised(plan: Plan, row: Row, revision_id: int, by: int) -> Row:
    """Return a second wording of a product on sale: a new price, which waits."""
    at = plan.moment - timedelta(hours=5 + revision_id % 7)
    more = {"id": revision_id, "number": row["number"] + 1, "state": "waiting", "submitted_at": at}
    return row | more | {"price": row["price"] + Rupiah(by)}


def wishes(plan: Plan, desas: Sequence[str], answered_by: int) -> list[Row]:
    """Return requests to sell: some new, one done, one declined."""
    states = ("new", "new", "new", "new", "done", "declined")
    made = []
    for place, (makes, name) in enumerate(words.WISHES):
        asked = plan.at(1 + place * 2, 10 + place)
        answered = states[place] != "new"
        made.append(
            {
                "key": f"demo-wish-{place}", "name": name, "phone": people.phone(90_000_000 + place),
                "desa_code": desas[place % len(desas)], "regency_code": REGENCY, "makes": makes,
                "state": states[place], "answered_by_id": answered_by if answered else None,
                "answered_at": asked + timedelta(days=1) if answered else None,
                "note": "Sudah dibuatkan lapak." if states[place] == "done" else "", "created_at": asked,
            }
        )  # fmt: skip
    return made
