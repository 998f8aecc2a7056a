"""What officers write down about families."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, DateField, HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind
from wtforms.validators import InputRequired, Optional, ValidationError

from app.core.forms import (
    AtLeast,
    AtMost,
    Form,
    Parsed,
    PhoneField,
    QuantityField,
    Required,
    RupiahField,
    TextLine,
    between,
)
from app.core.i18n import _, _l
from app.kit import nik, text
from app.people.families import rules, words
from app.people.families.rules import FIRST_DAY, MOST_SIZE

QUIET = {"autocomplete": "off"}
DIGITS = QUIET | {"inputmode": "numeric"}
PHONE = QUIET | {"type": "tel", "inputmode": "tel"}
DAY = {"type": "date"}


def choices(known: Mapping[str, object], *, nothing: bool = False) -> list[Any]:
    """Return choices of a closed list, `nothing` chosen first where a field may stay empty."""
    first = [SelectChoice(value="", label=_("Belum dipilih"))] if nothing else []
    return first + [SelectChoice(value=code, label=str(word)) for code, word in known.items()]


class NumberField(Parsed):
    """The number of a family card: 16 digits."""

    sentence = _l("Nomor ini harus 16 angka.")

    def parse(self, typed: str) -> str:
        """Read it."""
        return nik.parse_kk(typed)


class NikField(Parsed):
    """A NIK: 16 digits with a day of birth."""

    sentence = _l("NIK belum benar. Harus 16 angka, sama seperti di KTP.")

    def parse(self, typed: str) -> str:
        """Read it."""
        return nik.parse(typed)


def has_letters(form: Any, field: Any) -> None:
    """Refuse a name of signs alone."""
    if field.data and not text.has_letters(field.data):
        raise ValidationError(_("Tulis dengan huruf."))


class FamilyForm(Form):
    """A family; numbers that are known already stay when their fields are empty."""

    versi = HiddenField()
    nik = NikField(_l("NIK"), render_kw=DIGITS)
    kk = NumberField(_l("Nomor KK"), render_kw=DIGITS)
    nama = TextLine(_l("Nama"), validators=[Required(), AtLeast(2), AtMost(120), has_letters], render_kw=QUIET)
    telepon = PhoneField(_l("Nomor HP"), render_kw=PHONE)
    desa = SelectField(_l("Desa"), validators=[Required(_l("Pilih desa."))])
    alamat = TextLine(_l("Alamat"), validators=[AtMost(300)], render_kw=QUIET)
    anggota = QuantityField(
        _l("Jumlah anggota"), validators=[Required(), between(1, MOST_SIZE)], render_kw={"inputmode": "numeric"}
    )
    kepala = SelectField(_l("Kepala keluarga"), default="")
    mau_jualan = BooleanField(_l("Mau jualan di pasar"))
    barang = TextLine(_l("Barang yang dibuat"), validators=[AtMost(80)])

    def __init__(self, *, new: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kepala.choices = choices(words.SEXES, nothing=True)
        self._new = new

    def validate_nik(self, field: Any) -> None:
        """A new family needs its NIK."""
        if self._new and not field.data and not field.errors:
            raise ValidationError(_("Bagian ini perlu diisi."))


class FindForm(Form):
    """One family, by a number that is never written into an address."""

    nomor = TextLine(_l("NIK, nomor KK, atau nomor keluarga"), validators=[AtMost(40)], render_kw=DIGITS)


class RevealForm(Form):
    """A number is opened for a purpose."""

    bagian = HiddenField()
    keperluan = SelectField(_l("Untuk apa"), validators=[Required(_l("Pilih untuk apa."))])
    catatan = TextLine(_l("Keperluan lain"), validators=[AtMost(120)], render_kw=QUIET)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.keperluan.choices = choices(words.REASONS, nothing=True)

    def validate_bagian(self, field: Any) -> None:
        """Only the two numbers are opened."""
        if field.data not in rules.SECRETS:
            raise ValidationError(_("Pilih salah satu."))

    def validate_catatan(self, field: Any) -> None:
        """Another purpose is written out."""
        if self.keperluan.data == "other" and not field.data:
            raise ValidationError(_("Tulis keperluannya."))


def past(today: date) -> Any:
    """Refuse days that have not been, and those before any programme."""

    def check(form: Any, field: Any) -> None:
        if field.data is not None and not FIRST_DAY <= field.data <= today:
            raise ValidationError(_("Pilih hari ini atau sebelumnya."))

    return check


class EnrollmentForm(Form):
    """A family's time in a programme."""

    versi = HiddenField()
    program = SelectField(_l("Program"))
    mulai = DateField(_l("Mulai"), validators=[Required()], render_kw=DAY)
    selesai = DateField(_l("Selesai"), validators=[Optional()], render_kw=DAY)
    cara = SelectField(_l("Cara keluar"), default="")
    bantuan = RupiahField(_l("Bantuan per bulan"), render_kw={"inputmode": "numeric"})

    def __init__(self, today: date, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.program.choices = choices(words.PROGRAMS)
        self.cara.choices = choices(words.EXITS, nothing=True)
        self._past = past(today)

    def validate_mulai(self, field: Any) -> None:
        """A day that has been."""
        self._past(self, field)

    def validate_selesai(self, field: Any) -> None:
        """A day that has been, not before the first."""
        self._past(self, field)
        if field.data and self.mulai.data and field.data < self.mulai.data:
            raise ValidationError(_("Hari terakhir tidak boleh sebelum hari pertama."))

    def validate_cara(self, field: Any) -> None:
        """Who left has a last day."""
        if field.data and not self.selesai.data:
            raise ValidationError(_("Isi juga kapan selesai."))


class DesilForm(Form):
    """A decile as the letter of the day states it."""

    desil = QuantityField(_l("Desil"), validators=[Required(), between(1, 10)], render_kw={"inputmode": "numeric"})
    tanggal = DateField(_l("Tanggal desil"), validators=[Required()], render_kw=DAY)

    def __init__(self, today: date, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._past = past(today)

    def validate_tanggal(self, field: Any) -> None:
        """A day that has been."""
        self._past(self, field)


class ConsentForm(Form):
    """What a family agrees to, for one purpose."""

    untuk = SelectField(_l("Untuk apa"))
    cara = RadioField(_l("Cara setuju"), validators=[InputRequired(_l("Pilih salah satu."))])
    saksi = TextLine(_l("Nama saksi"), validators=[AtMost(120)], render_kw=QUIET)
    sampai = DateField(_l("Berlaku sampai"), validators=[Optional()], render_kw=DAY)

    def __init__(self, today: date, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.untuk.choices = choices({code: title for code, (title, _wording) in words.CONSENTS.items()})
        self.cara.choices = [(code, str(word)) for code, word in words.METHODS.items()]
        self._today = today

    def validate_saksi(self, field: Any) -> None:
        """What was only said needs a witness."""
        if self.cara.data == "spoken" and not field.data:
            raise ValidationError(_("Tulis nama saksinya."))

    def validate_sampai(self, field: Any) -> None:
        """A day from today on."""
        if field.data and field.data < self._today:
            raise ValidationError(_("Pilih hari ini atau sesudahnya."))


class ListForm(Form):
    """A list to read."""

    berkas = FileField(_l("File daftar"), render_kw={"accept": ".xlsx,.csv,.txt"})
