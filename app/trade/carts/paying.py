"""How each seller's part of a cart is paid: cash always, and whatever else the seller takes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from flask import request

from app.core.i18n import _, _l
from app.kit.rupiah import Rupiah
from app.trade.carts import collecting
from app.trade.carts.rules import Block, Cart
from app.trade.orders import labels
from app.trade.orders.rules import Block as Part
from app.trade.orders.rules import Wanted
from app.trade.payments import queries
from app.trade.payments.operations import NotOffered
from app.trade.payments.rules import CASH, KIND_OF, fits

FIELD: Final = "bayar-"
METHODS: Final = (CASH, *KIND_OF)
HINTS: Final = {
    "qris_seller": _l("Sesudah penjual menerima pesanan. Jumlahnya sudah pas di kodenya."),
    "transfer_seller": _l("Sesudah penjual menerima pesanan. Ditambah kode unik 1–999 rupiah."),
}


class Way(NamedTuple):
    """One way to pay, as a buyer reads it."""

    method: str
    word: str
    hint: str


def offered(blocks: Iterable[Block]) -> dict[int, list[Way]]:
    """Return the ways to pay for each part of a cart that has more than one, cash first."""
    parts = list(blocks)
    ahead = queries.offered(block.stall.id for block in parts) if parts else {}
    return {block.stall.id: found for block in parts if len(found := _ways(block, ahead)) > 1}


def _ways(block: Block, ahead: dict[int, tuple[str, ...]]) -> list[Way]:
    methods = [CASH, *(each for each in ahead.get(block.stall.id, ()) if fits(each, block.total))]
    return [Way(each, labels.how(each), str(HINTS.get(each, ""))) for each in methods]


def chosen(shop_id: int) -> str:
    """Return how a part is paid, cash when nothing was chosen; whether the seller takes it is asked at the door.

    Raises:
        NotOffered: no page of ours offers it.
    """
    typed = request.form.get(f"{FIELD}{shop_id}", "")[:20] or CASH
    if typed not in METHODS:
        raise NotOffered(shop_id)
    return typed


def told(blocks: Sequence[Block], ways: dict[int, list[Way]], total: Rupiah) -> str:
    """Say what is paid and when, before it is ordered."""
    if not ways:
        return _("Bayar tunai saat ambil: %(total)s.", total=total)
    return _("Semuanya %(total)s, dibayar langsung ke penjual dengan cara yang dipilih.", total=total)


def marked(ways: Sequence[Way], typed: Any, shop_id: int) -> str:
    """Return which way stands chosen in the form."""
    now = typed.get(f"{FIELD}{shop_id}", "")
    return next((way.method for way in ways if way.method == now), CASH)


def wanted(cart: Cart) -> tuple[Part, ...]:
    """Word the cart as the orders understand it: seller by seller, what was wanted at the price that was shown, where.

    Whether it can still be had is asked under the lock, by whoever places the orders.

    Raises:
        NotThere: a bazaar was chosen that nobody can choose.
        NotOffered: a way to pay was chosen that nobody can choose.
    """
    lines: dict[int, list[Wanted]] = {}
    for line in cart:
        lines.setdefault(line.shop_id, []).append(Wanted(line.variant_id, line.qty, line.price))
    return tuple(
        Part(shop_id, tuple(each), chosen(shop_id), at=collecting.chosen(shop_id)) for shop_id, each in lines.items()
    )
