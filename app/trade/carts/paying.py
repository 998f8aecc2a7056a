"""How each seller's part of a cart is paid: cash always, and whatever else the seller takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from flask import request

from app.core.i18n import _, _l
from app.kit.rupiah import Rupiah
from app.trade.carts import bringing, collecting
from app.trade.carts.bringing import Way as Brought
from app.trade.carts.rules import Block, Cart
from app.trade.orders import labels
from app.trade.orders.meeting import Doorstep
from app.trade.orders.rules import COD, Wanted
from app.trade.orders.rules import Block as Part
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


def ahead_of(blocks: Sequence[Block]) -> dict[int, tuple[str, ...]]:
    """Return the methods ahead of cash that each seller of a cart takes now."""
    return queries.offered(block.stall.id for block in blocks) if blocks else {}


def offered(
    blocks: Iterable[Block], ahead: dict[int, tuple[str, ...]], brought: Mapping[int, Brought]
) -> dict[int, list[Way]]:
    """Return the ways to pay for each part of a cart that has more than cash, cash first where it is taken."""
    found = {block.stall.id: _ways(block, ahead, brought.get(block.stall.id)) for block in blocks}
    return {shop_id: ways for shop_id, ways in found.items() if [each.method for each in ways] != [CASH]}


def _ways(block: Block, ahead: dict[int, tuple[str, ...]], brought: Brought | None) -> list[Way]:
    zone, total = (brought.chosen, block.total + brought.fee) if brought else (None, block.total)
    methods = [CASH] if zone is None or zone.cod else []
    methods += [each for each in ahead.get(block.stall.id, ()) if fits(each, total)]
    return [Way(each, labels.how(COD if zone and each == CASH else each), str(HINTS.get(each, ""))) for each in methods]


def chosen(shop_id: int) -> str:
    """Return how a part is paid, cash when nothing was chosen; whether the seller takes it is asked at the door.

    Raises:
        NotOffered: no page of ours offers it.
    """
    typed = request.form.get(f"{FIELD}{shop_id}", "")[:20] or CASH
    if typed not in METHODS:
        raise NotOffered(shop_id)
    return typed


def told(ways: dict[int, list[Way]], brought: Mapping[int, Brought], total: Rupiah) -> str:
    """Say what is paid and when, before it is ordered."""
    if not ways and any(each.chosen for each in brought.values()):
        return _("Bayar tunai saat barang diterima: %(total)s.", total=total)
    if not ways:
        return _("Bayar tunai saat ambil: %(total)s.", total=total)
    return _("Semuanya %(total)s, dibayar langsung ke penjual dengan cara yang dipilih.", total=total)


def marked(ways: Sequence[Way], typed: Any, shop_id: int) -> str:
    """Return which way stands chosen in the form."""
    now = typed.get(f"{FIELD}{shop_id}", "")
    return next((way.method for way in ways if way.method == now), ways[0].method)


def wanted(cart: Cart, address: str) -> tuple[Part, ...]:
    """Word the cart as the orders understand it: seller by seller, what was wanted at the price that was shown, where.

    Whether it can still be had is asked under the lock, by whoever places the orders.

    Raises:
        NotThere: a bazaar was chosen that nobody can choose.
        NotOffered: a way to pay was chosen that nobody can choose.
    """
    lines: dict[int, list[Wanted]] = {}
    for line in cart:
        lines.setdefault(line.shop_id, []).append(Wanted(line.variant_id, line.qty, line.price))
    return tuple(_part(shop_id, tuple(each), address) for shop_id, each in lines.items())


def _part(shop_id: int, lines: tuple[Wanted, ...], address: str) -> Part:
    method, door, day = chosen(shop_id), bringing.chosen(shop_id), collecting.day_of(shop_id)
    if door is None:
        return Part(shop_id, lines, method, at=collecting.chosen(shop_id), day=day)
    kecamatan, fee = door
    return Part(shop_id, lines, COD if method == CASH else method, fee, to=Doorstep(kecamatan, address), day=day)
