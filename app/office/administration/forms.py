"""What an administrator types about people of the office and about a kabupaten."""

from __future__ import annotations

import re
from typing import Any

from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind
from wtforms.validators import InputRequired, Length, ValidationError

from app.core.forms import (
    AtLeast,
    AtMost,
    EmailField,
    Form,
    PhoneField,
    QuantityField,
    Required,
    TextBlock,
    TextLine,
    between,
)
from app.core.i18n import _, _l
from app.goods.shops.forms import check_name
from app.growth.graduation.rules import unknown_placeholders
from app.office.administration.adjustable import Group, Setting
from app.people.accounts import words
from app.people.accounts.forms import ProofForm
from app.people.accounts.models import ROLES

STAFF_ROLES = tuple(role for role in ROLES if role != "seller")
USERNAME = re.compile(r"[a-z][a-z0-9._-]{2,58}[a-z0-9]")
MOST_LETTER = 4_000


class _Work(Form):
    """What somebody of the office does, and where."""

    peran = SelectField(_l("Tugas"), validators=[Required(_l("Pilih tugas."))])
    wilayah = SelectMultipleField(_l("Desa dampingan"))

    def offer(self, areas: list[str]) -> None:
        """Take the choices: every role of the office, and the villages of the kabupaten."""
        roles = (SelectChoice(value=role, label=words.role(role)) for role in STAFF_ROLES)
        self.peran.choices = [SelectChoice(value="", label=_("Belum dipilih")), *roles]
        self.wilayah.choices = [SelectChoice(value=code, label=code) for code in areas]

    def validate_wilayah(self, field: SelectMultipleField) -> None:
        """A pendamping works somewhere; the others in the whole region."""
        if self.peran.data == "pendamping" and not field.data:
            raise ValidationError(_("Pilih paling sedikit satu desa."))
        if self.peran.data != "pendamping":
            field.data = []


class NewStaffForm(_Work):
    """Somebody new in the office."""

    kunci = HiddenField(validators=[Length(max=64)])
    nama = TextLine(
        _l("Nama"), validators=[Required(), AtLeast(2), AtMost(120), check_name], render_kw={"autocomplete": "off"}
    )
    nama_pengguna = TextLine(
        _l("Nama pengguna"),
        validators=[Required(), AtMost(60)],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    daerah = SelectField(_l("Wilayah kerja"), validators=[Required(_l("Pilih wilayah."))])

    def validate_nama_pengguna(self, field: TextLine) -> None:
        """Small letters, digits, dots: what is easily said on the phone."""
        field.data = (field.data or "").casefold()
        if not USERNAME.fullmatch(field.data):
            raise ValidationError(_("Huruf kecil dan angka, paling sedikit 4, misalnya siti.aminah"))


class WorkForm(_Work):
    """Another task."""

    versi = HiddenField(validators=[Length(max=12)])


class RenewForm(ProofForm):
    """The administrator's own password, before somebody's access is made anew."""

    yakin = BooleanField(_l("Sudah bicara langsung dengan orangnya"), validators=[InputRequired(_l("Centang dulu."))])


def settings_form(group: Group, values: dict[str, Any], token: str) -> Form:
    """Make the form of one group; fields are named like the keys, dots as dashes."""
    fields = {field_name(each.key): _field(each) for each in group.settings}
    made = type("SettingsForm", (Form,), {"versi": HiddenField(validators=[Length(max=200)]), **fields})
    data = {field_name(each.key): values[each.key] for each in group.settings}
    form: Form = made(data=data | {"versi": token})
    return form


def field_name(key: str) -> str:
    """Return the field of a key.

    >>> field_name("clock.accept_hours")
    'clock-accept_hours'
    """
    return key.replace(".", "-")


def _field(setting: Setting) -> Any:
    if setting.kind == "number":
        range_ = [Required(), between(setting.least, setting.most)]
        return QuantityField(setting.label, validators=range_, render_kw={"inputmode": "numeric"})
    if setting.kind == "phone":
        return OfficePhone(setting.label, validators=[Required()], render_kw={"type": "tel", "inputmode": "tel"})
    if setting.kind == "letter":
        checks = [Required(), AtMost(MOST_LETTER), _known_words]
        return TextBlock(setting.label, validators=checks, render_kw={"rows": 14})
    if setting.kind == "email":
        return EmailField(setting.label, validators=[Required()], render_kw={"type": "email"})
    return TextLine(setting.label, validators=[Required(), AtMost(160)])


class OfficePhone(PhoneField):
    """A number of an office: a landline too."""

    sentence = _l("Nomor telepon belum benar, misalnya 0254-200000")

    def parse(self, typed: str) -> str:
        """Read a landline or a mobile number."""
        figures = re.sub(r"[\s().-]", "", typed)
        found = re.fullmatch(r"(?:\+62|62|0)([2-9]\d{6,11})", figures)
        if not found:
            raise ValueError(typed)
        return f"+62{found[1]}"


def _known_words(form: Any, field: Any) -> None:
    strange = unknown_placeholders(field.data or "")
    if strange:
        raise ValidationError(_("Tidak dikenal di dalam kurung: %(words)s", words=", ".join(strange)[:200]))
