"""How the first two sellers of the demonstration are paid, and what was said about the money of their orders."""

from __future__ import annotations

from typing import Final

from app.core import vault
from app.site.demo.goods import Row
from app.site.demo.plan import Plan
from app.trade.payments.models import PaymentMeans
from app.trade.payments.queries import place_of

# The fictitious merchant of app/data/qris, safe to show.
CODE: Final = (
    "00020101021126620014ID.CO.DEMO.WWW01189360000000000000000211DEMO00000010303UMI51440014ID.CO.QRIS.WWW"
    "0215ID00000000000010303UMI5204549953033605802ID5912LAPAK CONTOH6012SERANG (KAB)61054216162070703A01630480D8"
)
ACCOUNT: Final = "123456789012345"
BANK: Final = "002"
# Life → what was said once it was accepted: (kind, state, hundredths of its total); the last of "given_back" after it.
SAID: Final[dict[str, tuple[tuple[str, str, int], ...]]] = {
    "unpaid": (),
    "claimed": (("payment", "claimed", 100),),
    "partial": (("payment", "confirmed", 60),),
    "paid": (("payment", "confirmed", 100),),
    "overpaid": (("payment", "confirmed", 125),),
    "check": (("payment", "claimed", 100),),
    "owed": (("payment", "confirmed", 100),),
    "given_back": (("payment", "confirmed", 100), ("refund", "confirmed", 100)),
}
OWES: Final = ("overpaid", "owed")
WAITS: Final = ("unpaid", "claimed", "partial", "paid", "overpaid")
LIVES: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    **dict.fromkeys(WAITS, (("accept", ""),)),
    "check": (("accept", ""), ("cancel_by_buyer", "salah_pesan")),
    "owed": (("accept", ""), ("cancel_by_seller", "rusak")),
    "given_back": (("accept", ""), ("cancel_by_seller", "rusak")),
}
SCRIPT: Final = (
    (0, "unpaid", 0), (0, "claimed", 0), (0, "partial", 0), (0, "paid", 0), (0, "overpaid", 0), (0, "check", 1),
    (0, "owed", 1), (0, "given_back", 2), (1, "unpaid", 0), (1, "claimed", 0),
)  # fmt: skip
METHODS: Final = ("qris_seller", "transfer_seller")


def means(plan: Plan, index: int, shop_id: int, owner: Row) -> Row:
    """Return how one of the first two sellers is paid: the first by QRIS, the second into her account."""
    kind = "qris" if index == 0 else "transfer"
    place = place_of(PaymentMeans(shop_id=shop_id, kind=kind))
    return {
        "shop_id": shop_id, "kind": kind, "owner_id": owner["id"], "is_on": True,
        "payload": CODE if index == 0 else "", "bank": "" if index == 0 else BANK,
        "holder": "" if index == 0 else owner["name"][:80],
        "number_sealed": None if index == 0 else vault.seal(ACCOUNT, place),
        "updated_at": plan.at(40, 10), "version": 1,
    }  # fmt: skip
