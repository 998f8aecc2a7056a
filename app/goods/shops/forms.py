"""What sellers tell about their shop, and what people say who want one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from wtforms import BooleanField, DateField, HiddenField, SelectField
from wtforms.validators import Length, Optional, ValidationError

from app.core.forms import AtLeast, AtMost, Form, PhoneField, Required, TextBlock, TextLine, Versioned
from app.core.i18n import _, _l
from app.goods.categories.claims import no_claim, no_claim_of_goods
from app.kit import text

LONGEST_CLOSED_DAYS = 90
FURTHEST_DAYS = 180


def check_name(form: Any, field: TextLine) -> None:
    """A name has letters; signs and pictures alone are none.

    Raises:
        ValidationError: it has none.
    """
    if field.data and not text.has_letters(field.data):
        raise ValidationError(_("Tulis dengan huruf."))


class WishForm(Form):
    """Somebody wants to sell."""

    kunci = HiddenField(validators=[Length(max=64)])
    nama = TextLine(
        _l("Nama"), validators=[Required(), AtLeast(2), AtMost(120), check_name], render_kw={"autocomplete": "name"}
    )
    telepon = PhoneField(
        _l("Nomor HP"), validators=[Required()], render_kw={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}
    )
    desa = SelectField(_l("Desa"), validators=[Required(_l("Pilih desa."))])
    barang = TextLine(_l("Barang yang dibuat"), validators=[Required(), AtLeast(3), AtMost(200), check_name])


class ShopForm(Versioned):
    """What buyers read about a shop."""

    cerita = TextBlock(_l("Cerita lapak"), validators=[AtMost(600), no_claim], render_kw={"rows": 4})
    tempat = TextLine(_l("Tempat ambil barang"), validators=[AtMost(200), no_claim])
    waktu = TextLine(_l("Jam buka"), validators=[AtMost(80), no_claim])
    alamat = TextLine(_l("Alamat di label"), validators=[AtMost(120), no_claim])
    tampil_hp = BooleanField(_l("Nomor HP tampil di lapak"))


class ClosedForm(Versioned):
    """Closed for some days."""

    mulai = DateField(_l("Tutup mulai"), validators=[Optional()], render_kw={"type": "date"})
    sampai = DateField(_l("Tutup sampai"), validators=[Required()], render_kw={"type": "date"})
    kalimat = TextLine(_l("Kalimat untuk pembeli"), validators=[AtMost(160), no_claim_of_goods])

    def __init__(self, today: date, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._today = today

    def start(self) -> date | None:
        """Return the first day it is closed when that is still to come, None for at once."""
        first: date | None = self.mulai.data
        return first if first and first > self._today else None

    def validate_mulai(self, field: DateField) -> None:
        """Today, or a day that people can plan for."""
        if field.data is None:
            return
        if field.data < self._today:
            raise ValidationError(_("Pilih hari ini atau sesudahnya."))
        if field.data > self._today + timedelta(days=FURTHEST_DAYS):
            raise ValidationError(_("Terlalu jauh. Paling lama %(days)s hari lagi.", days=FURTHEST_DAYS))

    def validate_sampai(self, field: DateField) -> None:
        """A day from the first on, and not for ever: that is a pause."""
        if field.data is None:
            return
        if field.data < self._today:
            raise ValidationError(_("Pilih hari ini atau sesudahnya."))
        first = self.start() or self._today
        if field.data < first:
            raise ValidationError(_("Hari terakhirnya sebelum hari mulai. Periksa lagi."))
        if field.data > first + timedelta(days=LONGEST_CLOSED_DAYS):
            raise ValidationError(_("Paling lama %(days)s hari. Lebih lama dari itu, istirahatkan lapak.", days=90))


class DeclineForm(Form):
    """Why somebody cannot sell here."""

    alasan = TextLine(_l("Alasan"), validators=[Required(), AtMost(200)])
