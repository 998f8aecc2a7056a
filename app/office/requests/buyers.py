"""What is kept of a buyer on one order, and the pages on which she reads, takes along and erases it.

She has no account. Her order's link opens what is kept with her name and number closed, since links are forwarded;
whoever also knows the number reads all of it. It is the data of this one submit: the seller knows code and number too,
and learns nothing of what was bought elsewhere.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, cast
from urllib.parse import quote

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import BooleanField
from wtforms.validators import InputRequired

from app.core import audit, limits, papers
from app.core.clock import now
from app.core.cookies import private_file, private_page
from app.core.db import transaction
from app.core.errors import NotFound
from app.core.forms import AtMost, Form, PhoneField, Required, TextLine
from app.core.i18n import _, _l
from app.core.optional import Unavailable
from app.core.personal import Row
from app.core.policy import public
from app.core.together import Rows, gather
from app.kit import codes, phone
from app.office.requests import words
from app.office.requests.copies import Part, bare
from app.office.requests.door import bp
from app.trade.orders import buyer, forgetting, links, queries
from app.trade.orders.models import MoneyEntry, Order, OrderGroup, OrderLine
from app.trade.returns import words as complaint_words
from app.trade.returns.models import ReturnCase
from app.trade.reviews.models import Review

COPY = "buyer-copy"
TOKEN_LIVES = 3600
KEY_SIGNS = 64
CLOSED = "••••"
WORDS = {
    "code": _l("Kode pesanan"),
    "name": _l("Nama"),
    "phone": _l("Nomor HP"),
    "note": _l("Catatan"),
    "address": _l("Alamat antar"),
    "placed": _l("Dipesan"),
    "item": _l("Barang"),
    "units": _l("Jumlah"),
    "money": _l("Uang"),
    "what": _l("Apa"),
    "state": _l("Keadaan"),
    "stars": _l("Bintang"),
    "words": _l("Kalimat"),
    "at": _l("Waktu"),
}
MONEY = {"claimed": _l("Dilaporkan"), "confirmed": _l("Diterima"), "rejected": _l("Tidak cocok")}
KINDS = {"payment": _l("Pembayaran"), "refund": _l("Pengembalian")}


class FindForm(Form):
    """Which order, and whose number is on it."""

    kode = TextLine(_l("Kode pesanan"), [Required(), AtMost(20)], render_kw={"autocomplete": "off"})
    telepon = PhoneField(_l("Nomor HP di pesanan"), [Required()], render_kw={"inputmode": "tel", "autocomplete": "tel"})


class ForgetForm(Form):
    """She knows that it cannot be taken back."""

    yakin = BooleanField(
        _l("Saya mengerti, ini tidak bisa dikembalikan"),
        [InputRequired(_l("Centang dulu kalau sudah yakin."))],
    )


@dataclass(frozen=True)
class Kept:
    """One order with what is kept beside it; `full` when her number was known, so that nothing is closed."""

    order: Order
    full: bool

    @cached_property
    def rows(self) -> Rows:
        """Return who placed it, and what was bought, paid, complained about and said of it, in one question."""
        number = self.order.id
        lines = select(OrderLine.id).where(OrderLine.order_id == number)
        return gather(
            Order,
            [number],
            (OrderGroup, OrderGroup.id == Order.group_id),
            (OrderLine, OrderLine.order_id == Order.id),
            (MoneyEntry, MoneyEntry.order_id == Order.id),
            (ReturnCase, ReturnCase.order_id == Order.id),
            (Review, Review.line_id.in_(lines)),
        )[number]

    @property
    def group(self) -> OrderGroup:
        """Who placed it."""
        return cast("OrderGroup", self.rows[OrderGroup][0])

    def way(self, page: str) -> str:
        """Return the address of one of these pages, with the key that opened this one."""
        name = "d" if self.full else "s"
        return f"/pesanan/{self.order.code}/{page}?{name}={quote(request.values.get(name, '')[:KEY_SIGNS])}"

    @property
    def until(self) -> datetime | None:
        """When it is forgotten by itself, None while the order goes on."""
        return self.order.ended_at + forgetting.KEPT if self.order.ended_at else None

    def tell(self) -> dict[str, list[Row]]:
        """Return everything that is kept, by part."""
        group, order, rows = self.group, self.order, self.rows
        number = group.buyer_phone or ""
        who: Row = {
            "code": order.code,
            "name": group.buyer_name if self.full or not group.buyer_name else CLOSED,
            "phone": number if self.full or not number else phone.mask(number),
            "note": self._open(group.note),
            "address": self._open(order.to_address),
            "placed": order.created_at,
        }
        goods: list[Row] = [
            {"item": each.name, "units": each.qty_agreed, "money": each.price} for each in rows[OrderLine]
        ]
        paid: list[Row] = [
            {"what": str(KINDS[each.kind]), "money": each.amount, "state": str(MONEY[each.state]), "at": each.at}
            for each in rows[MoneyEntry]
        ]
        complaints: list[Row] = [
            {"what": complaint_words.kind(each.kind), "words": self._open(each.words), "at": each.opened_at}
            for each in rows[ReturnCase]
        ]
        reviews: list[Row] = [{"stars": each.stars, "words": each.words, "at": each.made_at} for each in rows[Review]]
        return {"buyer": [who], "goods": goods, "money": paid, "complaints": complaints, "reviews": reviews}

    def _open(self, words: str) -> str:
        return words if self.full or not words else CLOSED

    def parts(self) -> list[Part]:
        """Return the same in words; what holds nothing is left out."""
        titles = {
            "buyer": _("Anda"),
            "goods": _("Yang dipesan"),
            "money": _("Pembayaran"),
            "complaints": _("Keluhan"),
            "reviews": _("Ulasan"),
        }
        return [
            Part(
                name,
                titles[name],
                [[(str(WORDS[key]), words.plain(value)) for key, value in row.items()] for row in rows],
            )
            for name, rows in self.tell().items()
            if rows
        ]


def _open(code: str) -> Kept:
    """Open what is kept, by the key of somebody who knew the number, else by the order's link.

    Raises:
        NotFound: unknown code or a wrong key, the same answer for both.
        TooMany: too many such tries.
    """
    given = request.values.get("d", "")[:KEY_SIGNS]
    if not given:
        return Kept(buyer.open_link(code), full=False)
    try:
        return Kept(queries.get_by_data_token(code, given), full=True)
    except NotFound:
        buyer.count_wrong(codes.normalise(code)[:KEY_SIGNS])
        raise


@bp.route("/pesanan/data-saya", methods=["GET", "POST"])
@public
def find_order() -> ResponseReturnValue:
    """Ask for code and number; what does not fit is answered alike, whichever was wrong."""
    form = FindForm(data={"kode": request.args.get("kode", "")[:20]})
    if not form.filled():
        return _find_page(form, 422 if form.is_submitted() else 200)
    found = queries.find_by_phone(form.kode.data, form.telepon.data)
    if found is None:
        buyer.count_wrong(codes.normalise(form.kode.data)[:KEY_SIGNS])
        form.form_errors = [_("Kode dan nomor ini tidak cocok. Periksa lagi, lihat pesan pesanan di WhatsApp.")]
        return _find_page(form, 404)
    token = links.data_token(found.code, int(now().timestamp()) + TOKEN_LIVES)
    return redirect(url_for("requests.buyer_data", code=found.code, d=token), 303)


def _find_page(form: FindForm, status: int) -> Response:
    return private_page(render_template("office/requests/buyer_find.html", form=form), status)


@bp.get("/pesanan/<code:code>/data")
@public
def buyer_data(code: str) -> ResponseReturnValue:
    """Show a buyer what is kept of her on this order, and what she may do."""
    return _page(_open(code), ForgetForm(formdata=None))


def _page(kept: Kept, form: ForgetForm, status: int = 200) -> Response:
    going = bool(queries.list_unfinished([kept.group.id]))
    page = render_template(
        "office/requests/buyer.html", kept=kept, parts=kept.parts(), form=form, going=going,
        forgotten=kept.group.buyer_phone is None,
    )  # fmt: skip
    return private_page(page, status)


@bp.get("/pesanan/<code:code>/data.json")
@public
def buyer_json(code: str) -> ResponseReturnValue:
    """Give her copy for machines."""
    kept = _open(code)
    told: dict[str, Any] = {
        name: [{key: bare(value) for key, value in row.items()} for row in rows] for name, rows in kept.tell().items()
    }
    _count_copy(kept)
    text = json.dumps({"made_at": now().isoformat(timespec="seconds"), **told}, ensure_ascii=False, indent=2) + "\n"
    return private_file(text, "application/json", "data-saya.json")


@bp.get("/pesanan/<code:code>/data.pdf")
@public
def buyer_pdf(code: str) -> ResponseReturnValue:
    """Give her copy for people."""
    kept = _open(code)
    parts, plain = kept.parts(), kept.way("data")
    _count_copy(kept)
    try:
        drawn = papers.draw("office/requests/copy_pdf.html", "copy.css", parts=parts, made=now())
    except Unavailable:
        flash(_("PDF belum bisa dibuat di sini. Ambil yang untuk komputer."), "warning")
        return redirect(plain, 303)
    return papers.pdf_response(drawn, "data-saya.pdf")


def _count_copy(kept: Kept) -> None:
    order = kept.order
    # Read before the transaction, which forgets what was read.
    code, group, region = order.code, f"order_group:{order.group_id}", order.regency_code
    with transaction():
        limits.spend(COPY, code)
        audit.record(None, "buyer.copied", group, region=region)


@bp.post("/pesanan/<code:code>/data/hapus")
@public
def forget_buyer(code: str) -> ResponseReturnValue:
    """Erase her name, number and note from this submit, once nothing is owed any more."""
    kept, form = _open(code), ForgetForm()
    if not form.filled():
        return _page(kept, form, 422)
    try:
        with transaction():
            forgetting.forget([kept.group], by=None)
    except forgetting.StillGoing as refusal:
        form.form_errors = [str(refusal)]
        return _page(kept, form, refusal.status)
    flash(_("Nama, nomor HP, dan catatan Anda sudah dihapus dari pesanan ini."), "success")
    return redirect(kept.way("data"), 303)
