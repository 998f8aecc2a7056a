"""What an officer writes down about a seller."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, HiddenField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind
from wtforms.validators import InputRequired, Length

from app.core.forms import AtLeast, AtMost, PhoneField, Required, TextLine, Versioned
from app.core.i18n import _, _l
from app.goods.categories.claims import no_claim
from app.goods.categories.models import BusinessType
from app.goods.shops.forms import check_name
from app.people.accounts.forms import ProvedForm

AGREED = _l("Centang setelah penjual setuju.")
PHONE = {"type": "tel", "inputmode": "tel", "autocomplete": "off"}


def kind_choices(kinds: Sequence[BusinessType]) -> list[Any]:
    """Return the choices of the kind of business, nothing chosen first."""
    known = (SelectChoice(value=each.slug, label=each.name) for each in kinds)
    return [SelectChoice(value="", label=_("Belum dipilih")), *known]


class SellerForm(ProvedForm):
    """A seller, registered on the spot."""

    kunci = HiddenField(validators=[Length(max=64)])
    permintaan = HiddenField()
    nama = TextLine(
        _l("Nama"), validators=[Required(), AtLeast(2), AtMost(120), check_name], render_kw={"autocomplete": "off"}
    )
    telepon = PhoneField(_l("Nomor HP"), validators=[Required()], render_kw=PHONE)
    desa = SelectField(_l("Desa"), validators=[Required(_l("Pilih desa."))])
    jenis = SelectField(_l("Jenis usaha"), validators=[Required(_l("Pilih jenis usaha."))])
    lapak = TextLine(_l("Nama lapak"), validators=[Required(), AtLeast(3), AtMost(80), check_name, no_claim])
    setuju = BooleanField(_l("Setuju tampil untuk umum"), validators=[InputRequired(AGREED)])


class NumberForm(ProvedForm, Versioned):
    """Another number."""

    telepon = PhoneField(_l("Nomor HP"), validators=[Required()], render_kw=PHONE)


class MoveForm(Versioned):
    """Another desa."""

    desa = SelectField(_l("Desa"), validators=[Required(_l("Pilih desa."))])


class NameForm(Versioned):
    """Another name on the sign."""

    lapak = TextLine(_l("Nama lapak"), validators=[Required(), AtLeast(3), AtMost(80), check_name, no_claim])


class HeirForm(ProvedForm, Versioned):
    """The family member who takes over."""

    kunci = HiddenField(validators=[Length(max=64)])
    nama = TextLine(
        _l("Nama"), validators=[Required(), AtLeast(2), AtMost(120), check_name], render_kw={"autocomplete": "off"}
    )
    telepon = PhoneField(_l("Nomor HP"), validators=[Required()], render_kw=PHONE)
    setuju = BooleanField(_l("Setuju tampil untuk umum"), validators=[InputRequired(AGREED)])


class EndForm(Versioned):
    """The end of a shop."""

    yakin = BooleanField(
        _l("Ya, akhiri lapak ini"), validators=[InputRequired(_l("Centang dulu kalau memang berakhir."))]
    )
