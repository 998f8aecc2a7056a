"""What buyers and sellers say about an order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from flask import request
from wtforms import HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind
from wtforms.validators import ValidationError

from app.core.forms import AtMost, Form, Required, TextLine
from app.core.i18n import _, _l
from app.kit import digits, quantities
from app.trade.orders import labels, rules
from app.trade.orders.models import OrderLine

MOST_TYPED = 20


def _words(codes: Sequence[str]) -> Callable[[], list[Any]]:
    """Word reasons when the form is shown, in the reader's language."""
    return lambda: [SelectChoice(value=code, label=labels.reason(code).capitalize()) for code in codes]


def _back_to_stock() -> list[Any]:
    return [
        SelectChoice(value="ya", label=_("Ya, masih bisa dijual")),
        SelectChoice(value="tidak", label=_("Tidak, sudah rusak atau basi")),
    ]


class Answer(Form):
    """Any answer to an order: `versi` is the version that was on the screen."""

    versi = HiddenField()

    def version(self) -> int | None:
        """Return the version the page showed; one that no page of ours shows is 0, which is always stale."""
        if "versi" not in request.form:
            return None
        typed = str(self.versi.data or "")
        return digits.whole(typed, digits.VERSION_DIGITS) or 0


class RefuseForm(Answer):
    """Why the seller cannot."""

    alasan = RadioField(_l("Alasan"), choices=_words(rules.REFUSALS), validators=[Required(_l("Pilih satu alasan."))])


class BuyerCancelForm(Answer):
    """Why the buyer no longer wants it."""

    alasan = SelectField(_l("Alasan"), choices=_words(rules.BUYER_REASONS), default=rules.BUYER_REASONS[0])


class SellerCancelForm(Answer):
    """Why the seller calls it off, and where the goods go if they were packed already."""

    alasan = RadioField(
        _l("Alasan"), choices=_words(rules.SELLER_REASONS), validators=[Required(_l("Pilih satu alasan."))]
    )
    stok = RadioField(
        _l("Kembali ke stok?"),
        choices=_back_to_stock,
        validators=[Required(_l("Pilih ya atau tidak."))],
        default="ya",
    )

    def leave_out(self, reason: str) -> None:
        """Take a reason off the list that cannot be true."""
        self.alasan.choices = _words([each for each in rules.SELLER_REASONS if each != reason])()


class OfficeForm(Answer):
    """Why the office ends an order; another reason needs its sentence."""

    alasan = RadioField(
        _l("Alasan"), choices=_words(rules.OFFICE_REASONS), validators=[Required(_l("Pilih satu alasan."))]
    )
    kalimat = TextLine(_l("Kalimat untuk pembeli dan penjual"), validators=[AtMost(200)], render_kw={"maxlength": 200})

    def validate_kalimat(self, field: TextLine) -> None:
        """Ask for words where the list has none."""
        if self.alasan.data == rules.OTHER and not field.data:
            raise ValidationError(str(_l("Tulis alasannya dalam satu kalimat.")))


class StockForm(Answer):
    """Where the goods go that lay packed and were not fetched."""

    stok = RadioField(_l("Kembali ke stok?"), choices=_back_to_stock, validators=[Required(_l("Pilih ya atau tidak."))])


class HandOverForm(Answer):
    """The buyer's four digits; without them the sale counts less."""

    kode = TextLine(
        _l("Kode pembeli"),
        validators=[AtMost(12)],
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": 12},
    )


def _day(typed: str) -> tuple[date | None, str]:
    try:
        return (date.fromisoformat(typed), "") if typed else (None, "")
    except ValueError:
        return None, str(_l("Pilih harinya dari daftar."))


def _count(typed: str) -> tuple[int, str]:
    """Read how many pieces; with the sentence that says why when it cannot be."""
    try:
        return quantities.parse_count(typed), ""
    except quantities.UnreadableQuantity:
        return 0, str(_l("Isi dengan angka bulat, misalnya 2"))


class Left:
    """How many of each line are really there, one number beside each with its own error; an empty one stays."""

    def __init__(self, lines: Sequence[OrderLine], typed: dict[int, str]) -> None:
        """Read what was typed beside each line."""
        self.typed = {line.id: typed.get(line.id, "").strip()[:MOST_TYPED] for line in lines}
        read = {line: _count(self.typed[line.id]) for line in lines if self.typed[line.id]}
        self.errors = {line.id: error for line, (_qty, error) in read.items() if error}
        self.counted = {line.variant_id: qty for line, (qty, error) in read.items() if not error}


class Offer:
    """How many of each line the seller has, one number beside each with its own error, and on which other day."""

    def __init__(self, lines: Sequence[OrderLine], typed: dict[int, str], day: str = "") -> None:
        """Read what was typed beside each line, an absent one means all of it; and the other day, if one was chosen."""
        self.day, self.day_error = _day(day)
        self.typed = {line.id: typed.get(line.id, str(line.qty_ordered))[:MOST_TYPED] for line in lines}
        self.errors: dict[int, str] = {}
        self.agreed: dict[int, int] = {}
        for line in lines:
            self._read(line)

    def _read(self, line: OrderLine) -> None:
        qty, error = _count(self.typed[line.id])
        if qty > line.qty_ordered:
            error = str(_l("Paling banyak %(most)s, sebanyak yang dipesan.", most=line.qty_ordered))
        if error:
            self.errors[line.id] = error
        else:
            self.agreed[line.id] = qty
