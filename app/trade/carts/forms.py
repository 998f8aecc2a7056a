"""What buyers type on their way from a product to an order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import Field, HiddenField
from wtforms.validators import ValidationError

from app.core.forms import AtMost, Form, PhoneField, QuantityField, Required, TextBlock, TextLine
from app.core.i18n import _, _l
from app.kit import text

MOST_NAME = 120
MOST_NOTE = 300
MOST_ADDRESS = 300
FEWEST_KEY, MOST_KEY = 8, 64


def _some(form: Any, field: Any) -> None:
    if field.data == 0:
        raise ValidationError(_("Isi paling sedikit 1."))


def has_letters(form: Any, field: Field) -> None:
    """Refuse a name without a letter."""
    if field.data and not text.has_letters(field.data):
        raise ValidationError(_("Isi nama dengan huruf, misalnya Siti."))


def _has_door(form: Any, field: Field) -> None:
    if form.brought and not text.has_letters(field.data or ""):
        raise ValidationError(_("Isi alamatnya: jalan atau kampung, RT dan RW, patokan."))


class CountField(QuantityField):
    """How many."""

    sentence = _l("Isi dengan angka bulat, misalnya 2")


class OneOrMore(CountField):
    """How many; one when the form does not ask."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Read, and take an absent field for one."""
        super().process_formdata(valuelist or ["1"])


class AddForm(Form):
    """So many of one variant into the cart."""

    jumlah = OneOrMore(_l("Jumlah"), validators=[Required(), _some])


class ChangeForm(Form):
    """Another quantity for a line; 0 takes it out."""

    jumlah = CountField(_l("Jumlah"), validators=[Required()])


class CheckedForm(Form):
    """The form of a submit; `kunci` makes a double tap one order."""

    kunci = HiddenField()

    def key(self) -> str:
        """Return the idempotency key, empty when the form brought none that can be kept."""
        given = text.clean_line(str(self.kunci.data or "")[: MOST_KEY + 1])
        return given if FEWEST_KEY <= len(given) <= MOST_KEY else ""


class OrderForm(CheckedForm):
    """Who orders; `isi` is what the page showed, signed.

    `brought` says that something is to be brought, which needs an address.
    """

    brought: bool = False
    isi = HiddenField()
    nama = TextLine(
        _l("Nama"),
        validators=[Required(_l("Isi nama, supaya penjual tahu siapa yang datang.")), AtMost(MOST_NAME), has_letters],
        render_kw={"autocomplete": "name", "maxlength": MOST_NAME},
    )
    telepon = PhoneField(
        _l("Nomor WhatsApp"),
        validators=[Required(_l("Isi nomor WhatsApp, misalnya 0812-3456-7890."))],
        render_kw={"autocomplete": "tel", "inputmode": "tel", "type": "tel"},
    )
    alamat = TextBlock(
        _l("Alamat antar"),
        validators=[AtMost(MOST_ADDRESS), _has_door],
        render_kw={"rows": 2, "maxlength": MOST_ADDRESS, "autocomplete": "street-address"},
    )
    catatan = TextBlock(
        _l("Catatan untuk penjual"),
        validators=[AtMost(MOST_NOTE)],
        render_kw={"rows": 3, "maxlength": MOST_NOTE},
    )

    def forgive(self) -> OrderForm:
        """Keep what was typed and say nothing about it yet: only the fee was to be reckoned."""
        for field in self:
            field.errors = ()
        return self
