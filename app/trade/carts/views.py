"""The cart and the one submit that turns it into orders. Guests have no session: all they hold is a signed cookie."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.core.cookies import private_page
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.i18n import _, _l
from app.core.policy import public
from app.kit import digits
from app.kit.rupiah import Rupiah
from app.trade.bazaars import pickups
from app.trade.carts import bringing, collecting, paying, queries, rules
from app.trade.carts.basket import JAR, SHOWN, cart_of_phone, keep
from app.trade.carts.forms import AddForm, ChangeForm, OrderForm
from app.trade.carts.rules import Cart, Checked, Line, Offer
from app.trade.orders import operations as orders
from app.trade.orders import pocket
from app.trade.orders import queries as order_queries
from app.trade.orders.rules import Checkout
from app.trade.payments import operations as payments
from app.trade.payments import queries as payment_queries

bp = Blueprint("carts", __name__)

KEY_BYTES = 18
MOST_TYPED = 20
NOT_AS_CHOSEN = (
    orders.TooManyWaiting, orders.NoAmountLeft, orders.CashOnly, pickups.NotThere, payments.NotOffered,
)  # fmt: skip

PART_CHANGED = {
    "not_brought": _l("Penjual tidak mengantar ini ke sana. Pilih kecamatan lain, atau ambil sendiri."),
    "pay_first": _l("Ke kecamatan itu dibayar dulu. Pilih QRIS atau transfer."),
    "full_day": _l("Hari itu baru saja penuh. Pilih hari lain di bawah."),
    "no_door": _l("Barang ini diantar penjual. Pilih dulu kecamatannya."),
}


@dataclass(frozen=True)
class Refusal:
    """Why something did not go into the cart: a sentence, or the form with its error beside the field."""

    sentence: str = ""
    offer: Offer | None = None
    form: AddForm | None = None


@dataclass(frozen=True)
class Typed:
    """What was typed as a line's quantity, and why it cannot stand."""

    value: str
    error: str


@dataclass(frozen=True)
class Removed:
    """A line that was just taken out, so that it can be put back."""

    name: str
    variant_id: int
    qty: int


@bp.app_context_processor
def cart() -> dict[str, Any]:
    """Give every page the number of things in the cart; it stands in the cookie, no question is asked."""
    return {"cart_count": rules.count(cart_of_phone())}


@bp.get("/keranjang")
@public
def show() -> Response:
    """Show the cart as it is now, stall by stall."""
    return _cart_page()


@bp.post("/keranjang")
@public
def add() -> BaseResponse:
    """Put so many of a variant into the cart, on top of what is there."""
    form = AddForm()
    offer = _offer(_number("varian"))
    if offer is None:
        return _cart_page(404, refused=Refusal(_("Produk ini sudah tidak dijual.")))
    if not form.filled():
        return _cart_page(422, refused=Refusal(offer=offer, form=form))
    if refusal := _refusal(offer):
        return _cart_page(409, refused=refusal)
    there = rules.quantity_of(cart_of_phone(), offer.variant_id)
    wanted = there + (form.jumlah.data or 1)
    return _set(offer, wanted, offer.price, is_new=True)


@bp.post("/keranjang/ubah")
@public
def change() -> BaseResponse:
    """Change how many of a line; 0 takes it out."""
    form = ChangeForm()
    line = next((each for each in cart_of_phone() if each.variant_id == _number("varian")), None)
    if line is None:
        return redirect(url_for("carts.show"), 303)
    if not form.filled() or form.jumlah.data is None:
        typed = Typed(form.jumlah._value()[:MOST_TYPED], str(form.jumlah.errors[0]))  # noqa: SLF001
        return _cart_page(422, wrong={line.variant_id: typed})
    if form.jumlah.data == 0:
        target = url_for("carts.show", dibuang=line.variant_id, jumlah=line.qty)
        return keep(rules.put(cart_of_phone(), replace(line, qty=0)), target)
    offer = _offer(line.variant_id)
    if offer is None or not offer.most:
        return redirect(url_for("carts.show"), 303)
    return _set(offer, form.jumlah.data, line.price)


@bp.post("/keranjang/kembalikan")
@public
def put_back() -> BaseResponse:
    """Put a line back that was just taken out."""
    offer, qty = _offer(_number("varian")), _number("jumlah")
    if offer is None or not qty or rules.quantity_of(cart_of_phone(), offer.variant_id):
        return redirect(url_for("carts.show"), 303)
    if refusal := _refusal(offer):
        return _cart_page(409, refused=refusal)
    return _set(offer, qty, offer.price)


@bp.post("/keranjang/terima")
@public
def accept() -> BaseResponse:
    """Agree to everything that changed since the cart was filled."""
    return keep(rules.accept(queries.list_checked(cart_of_phone())), url_for("carts.show"))


@bp.get("/pesan")
@public
def checkout() -> BaseResponse:
    """Ask who orders, beside what will be ordered. Changes are agreed to in the cart first."""
    checked = queries.list_checked(cart_of_phone())
    if not checked or any(line.change for line in checked) or any(each.lacks for each in rules.blocks(checked)):
        return redirect(url_for("carts.show"), 303)
    return _checkout_page(OrderForm(formdata=None), checked, secrets.token_urlsafe(KEY_BYTES))


@bp.post("/pesan")
@public
def order() -> BaseResponse:
    """Place the orders: once per key, however often it is sent."""
    form = OrderForm()
    shown = rules.unpack(SHOWN.open(form.isi.data or "")) or cart_of_phone()
    shops = {line.shop_id for line in shown}
    form.brought = any(bringing.chosen(each) for each in shops)
    filled, key = form.filled(), form.key()
    if not shown:
        return _sent_before(form, key)
    if "hitung" in request.form:
        return _checkout_page(form.forgive(), queries.list_checked(shown), key or secrets.token_urlsafe(KEY_BYTES))
    if not filled or not key:
        checked, key = queries.list_checked(shown), key or secrets.token_urlsafe(KEY_BYTES)
        trouble = _("Halaman ini sudah lama terbuka. Periksa lagi, lalu tekan Pesan sekarang.") if filled else ""
        return _checkout_page(form, checked, key, status=422, trouble=trouble)
    if bringing.uncounted(shops):
        trouble = _("Ongkos antar sudah dihitung. Periksa jumlahnya, lalu tekan Pesan sekarang.")
        return _checkout_page(form, queries.list_checked(shown), key, status=422, trouble=trouble)
    try:
        parts = paying.wanted(shown, form.alamat.data or "")
        checkout = Checkout(key, form.nama.data, form.telepon.data, form.catatan.data or "", parts)
        with transaction():
            placed = orders.place(checkout, pickups.claim, payments.check, payment_queries.offered)
    except (orders.LinesChanged, *NOT_AS_CHOSEN) as refusal:
        return _changed_page(form, shown, key, refusal)
    return _placed(placed.token, placed.codes)


def _sent_before(form: OrderForm, key: str) -> BaseResponse:
    """Answer a submit without a cart: the first answer may have been lost on its way, and this is the retry.

    Raises:
        KeyReused: somebody else ordered under this key.
    """
    known = order_queries.find_group(key) if key else None
    if known is None:
        return redirect(url_for("carts.show"), 303)
    if (known.buyer_name, known.buyer_phone) != (form.nama.data, form.telepon.data):
        raise orders.KeyReused(known.id)
    return _placed(known.token, order_queries.list_codes(known.id))


def _placed(token: str, codes: Sequence[str]) -> BaseResponse:
    """Go to the page with the codes; the cart is empty now, and this phone remembers its orders."""
    response = Response(
        status=303,
        headers={"Location": url_for("orders.placed", token=token), "Cache-Control": "no-store"},
    )
    JAR.drop(response)
    pocket.remember(response, codes)
    return response


def _changed_page(form: OrderForm, shown: Cart, key: str, refusal: DomainError) -> Response:
    """Name the lines that cannot be had as they were, or say why not now; keep everything that was typed."""
    checked = queries.list_checked(shown)
    kinds = [change.kind for change in refusal.changes] if isinstance(refusal, orders.LinesChanged) else []
    trouble = next((str(PART_CHANGED[kind]) for kind in kinds if kind in PART_CHANGED), str(refusal))
    trouble = "" if any(line.change for line in checked) else trouble
    return _checkout_page(form, checked, key, status=refusal.status, trouble=trouble)


def _checkout_page(
    form: OrderForm, checked: Sequence[Checked], key: str, *, status: int = 200, trouble: str = ""
) -> Response:
    going = [rules.check(line.accepted, line.offer) for line in checked if line.qty]
    blocks = rules.blocks(going)
    ahead = paying.ahead_of(blocks)
    brought = bringing.offered(blocks, ahead, request.form)
    ways = paying.offered(blocks, ahead, brought)
    total = Rupiah.total([*(block.total for block in blocks), *(way.fee for way in brought.values())])
    said = [way.said for way in brought.values() if way.said]
    said += [each for block in blocks for each in (collecting.lacking(block), collecting.full(block)) if each]
    page = render_template(
        "trade/carts/checkout.html",
        form=form,
        key=key,
        snapshot=SHOWN.sign(rules.pack(rules.accept(checked))),
        blocks=blocks,
        total=total,
        changed=[line for line in checked if line.change],
        said=said,
        trouble="" if said else trouble,
        brought=brought,
        wants_address=any(way.zones for way in brought.values()),
        brings=any(way.chosen for way in brought.values()),
        ways=ways,
        told=paying.told(ways, brought, total),
        marked=paying.marked,
        days=collecting.offered(blocks),
        typed=request.form,
    )
    return private_page(page, status)


def _cart_page(status: int = 200, *, refused: Refusal | None = None, wrong: dict[int, Typed] | None = None) -> Response:
    lines = cart_of_phone()
    gone_id, gone_qty = _asked("dibuang"), _asked("jumlah")
    offers = queries.offers_of([*(line.variant_id for line in lines), *filter(None, [gone_id])])
    checked = [rules.check(line, offers.get(line.variant_id)) for line in lines]
    gone = offers.get(gone_id) if gone_qty and not rules.quantity_of(lines, gone_id) else None
    blocks = rules.blocks(checked)
    page = render_template(
        "trade/carts/cart.html",
        blocks=blocks,
        brought=bringing.offered(blocks, paying.ahead_of(blocks), {}),
        lacking=next((block for block in blocks if block.lacks), None),
        changed=[line for line in checked if line.change],
        total=Rupiah.total(block.total for block in blocks),
        refused=refused,
        wrong=wrong or {},
        added=_line(checked, _asked("masuk")),
        capped=_line(checked, _asked("dibatasi")),
        removed=Removed(gone.name, gone.variant_id, min(gone_qty, rules.MOST_EACH)) if gone else None,
    )
    return private_page(page, status)


def _line(checked: Sequence[Checked], variant_id: int) -> Checked | None:
    return next((line for line in checked if line.offer and line.line.variant_id == variant_id), None)


def _refusal(offer: Offer) -> Refusal | None:
    """Say why nothing of this can go into the cart, if so."""
    if not offer.on_sale:
        return Refusal(_("%(name)s sedang tidak dijual.", name=offer.name))
    if not offer.stall.is_open:
        return Refusal(_("%(shop)s sedang tutup, jadi belum bisa dipesan.", shop=offer.stall.name))
    if not offer.most and offer.rooms is not None:
        return Refusal(_("%(name)s: semua hari sudah penuh. Coba lagi besok.", name=offer.name))
    if not offer.most:
        return Refusal(_("%(name)s sudah habis.", name=offer.name))
    if rules.is_full(cart_of_phone(), offer.variant_id):
        return Refusal(_("Keranjang sudah penuh. Pesan dulu yang ada, lalu lanjut belanja."))
    return None


def _set(offer: Offer, wanted: int, price: Rupiah, *, is_new: bool = False) -> BaseResponse:
    """Put the quantity in the cart, or as much of it as there is, and say so."""
    qty = min(wanted, offer.most)
    if qty < wanted:
        target = url_for("carts.show", dibatasi=offer.variant_id)
    elif is_new:
        target = url_for("carts.show", masuk=offer.variant_id)
    else:
        target = url_for("carts.show", _anchor=f"baris-{offer.variant_id}")
    return keep(rules.put(cart_of_phone(), Line(offer.variant_id, qty, price, offer.stall.id)), target)


def _offer(variant_id: int) -> Offer | None:
    return queries.offers_of([variant_id]).get(variant_id) if variant_id else None


def _number(name: str) -> int:
    return digits.whole(request.form.get(name) or request.args.get(name, "")) or 0


def _asked(name: str) -> int:
    return digits.whole(request.args.get(name, "")) or 0
