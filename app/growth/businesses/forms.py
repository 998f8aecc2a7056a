"""What officers say about a family's business."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import BooleanField, DateField, HiddenField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind
from wtforms.validators import InputRequired, Optional, Regexp

from app.core.errors import Unreadable
from app.core.forms import Form, Required, TextLine, posted
from app.core.i18n import _, _l
from app.goods.shops.models import Shop
from app.people.accounts.forms import ProvedForm
from app.people.families.forms import DAY, DIGITS, choices, past

CAPITAL = {
    "aid_savings": _l("Tabungan dari bantuan"),
    "own": _l("Uang sendiri"),
    "loan": _l("Pinjaman"),
    "uep": _l("UEP"),
}
WHY = {
    "no_phone": _l("Belum ada nomor HP"),
    "has_shop": _l("Sudah punya lapak"),
    "gone": _l("Tidak lagi mau jualan atau sudah tidak terdaftar"),
    "refused": _l("Tidak bisa dibuat, coba dari halaman keluarganya"),
}
KEY_MOST = 64


def read_key() -> str:
    """Return the name that a page carries, so that sending it twice does it once.

    Raises:
        Unreadable: it carries none.
    """
    key = posted("kunci")
    if not key or len(key) > KEY_MOST:
        raise Unreadable
    return key


class LinkForm(Form):
    """A family runs a shop from a day on."""

    lapak = SelectField(_l("Lapak"), validators=[Required(_l("Pilih lapak."))])
    mulai = DateField(_l("Sejak kapan"), validators=[Required()], render_kw=DAY)
    selesai = DateField(_l("Sampai kapan"), validators=[Optional()], render_kw=DAY)
    modal = SelectField(_l("Modal dari mana"), default="")
    kbli = TextLine(
        _l("KBLI"), validators=[Optional(), Regexp(r"[0-9]{5}$", message=_l("Harus 5 angka."))], render_kw=DIGITS
    )
    nib = TextLine(
        _l("NIB"), validators=[Optional(), Regexp(r"[0-9]{13}$", message=_l("Harus 13 angka."))], render_kw=DIGITS
    )

    def __init__(self, shops: Sequence[Shop], today: date, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.lapak.choices = [
            SelectChoice(value="", label=_("Belum dipilih")),
            *(SelectChoice(value=str(shop.id), label=shop.name) for shop in shops),
        ]
        self.modal.choices = choices(CAPITAL, nothing=True)
        self._past = past(today)

    def validate_mulai(self, field: Any) -> None:
        """A day that has been."""
        self._past(self, field)

    def validate_selesai(self, field: Any) -> None:
        """A day that has been."""
        self._past(self, field)


class EndForm(Form):
    """The last day of a link."""

    versi = HiddenField()
    selesai = DateField(_l("Hari terakhir"), validators=[Required()], render_kw=DAY)

    def __init__(self, today: date, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._past = past(today)

    def validate_selesai(self, field: Any) -> None:
        """A day that has been."""
        self._past(self, field)


class AccountsForm(ProvedForm):
    """Accounts for several families at once."""

    jenis = SelectField(_l("Jenis usaha kalau belum tertulis"), validators=[Required(_l("Pilih jenis usaha."))])
    setuju = BooleanField(
        _l("Setiap keluarga yang dipilih sudah menandatangani surat setuju tampil untuk umum"),
        validators=[InputRequired(_l("Centang setelah semuanya setuju."))],
    )
