"""What people type about aid."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectField
from wtforms import DateField as _DateField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from app.core.forms import AtLeast, AtMost, Form, QuantityField, Required, RupiahField, TextBlock, TextLine
from app.core.i18n import _, _l
from app.core.scans import PictureField
from app.growth.capital import rules, words
from app.growth.capital.operations import Thing
from app.kit import quantities
from app.kit.rupiah import Rupiah

DAY = {"type": "date"}
NO_PAPER = _l("Foto suratnya dulu, atau pilih PDF-nya.")
THING = re.compile(r"\s*[;|\t]\s*")


class DateField(_DateField):
    """A day; its value is a date once the form holds."""

    data: Any


def choices(words_of: dict[str, Any]) -> list[Any]:
    """Return radio choices in the order of the words."""
    return [SelectChoice(value=code, label=str(text)) for code, text in words_of.items()]


def no_later(day: Callable[[], date]) -> Callable[[Any, Any], None]:
    """Refuse a day to come."""

    def check(form: Any, field: Any) -> None:
        if field.data and field.data > day():
            raise ValidationError(_("Tanggal ini belum terjadi."))
        if field.data and field.data.year < rules.FIRST_YEAR:
            raise ValidationError(_("Tahun ini terlalu lama. Periksa lagi."))

    return check


class _Dated(Form):
    """A form that knows which day it is where the family lives."""

    def __init__(self, today: date, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.today = today

    def check_past(self, field: Any) -> None:
        """Refuse a day to come, and one that is a slip of the pen."""
        no_later(lambda: self.today)(self, field)


class ProposalForm(_Dated):
    """What a family would work with."""

    kunci = HiddenField(validators=[Length(max=64)])
    jenis = SelectField(_l("Jenis usaha"), validators=[Required(_l("Pilih jenis usaha."))])
    barang = TextBlock(_l("Yang diperlukan"), validators=[Required(), AtLeast(3), AtMost(1000)])
    nilai = RupiahField(_l("Perkiraan nilai"), validators=[Required()], render_kw={"inputmode": "numeric"})
    tahun = QuantityField(_l("Tahun anggaran"), validators=[Required()], render_kw={"inputmode": "numeric"})

    def validate_tahun(self, field: QuantityField) -> None:
        """From the first year of the programme to the next one."""
        last = self.today.year + 1
        if field.data is not None and not rules.FIRST_YEAR <= field.data <= last:
            raise ValidationError(_("Isi antara %(least)s dan %(most)s.", least=rules.FIRST_YEAR, most=last))

    def validate_nilai(self, field: RupiahField) -> None:
        """Something, and not more than any package ever was."""
        _worth(field)


class VerificationForm(_Dated):
    """The look on the spot."""

    hasil = RadioField(_l("Hasil"), choices=[], validators=[InputRequired(_l("Pilih salah satu."))])
    tanggal = DateField(_l("Tanggal kunjungan"), validators=[Required()], render_kw=DAY)
    sejak = DateField(_l("Usaha berjalan sejak"), validators=[Optional()], render_kw=DAY)
    alasan = TextBlock(_l("Yang terlihat di tempat"), validators=[Required(), AtLeast(10), AtMost(600)])
    foto = PictureField(_l("Foto usaha"))

    def __init__(self, today: date, **kwargs: Any) -> None:
        super().__init__(today, **kwargs)
        self.hasil.choices = choices(words.RESULTS)

    def validate_tanggal(self, field: DateField) -> None:
        """It was."""
        self.check_past(field)

    def validate_sejak(self, field: DateField) -> None:
        """A family that is helped has a business already."""
        if field.data and field.data > self.today:
            raise ValidationError(_("Tanggal ini belum terjadi."))
        if self.hasil.data in {"fits", "changed"} and not field.data:
            raise ValidationError(_("Bantuan hanya untuk usaha yang sudah berjalan. Tulis sejak kapan."))


class GrantForm(_Dated):
    """Aid that was decided."""

    dana = SelectField(_l("Sumber dana"), validators=[Required(_l("Pilih sumber dana."))])
    bentuk = RadioField(_l("Bentuk"), choices=[], validators=[InputRequired(_l("Pilih salah satu."))])
    nilai = RupiahField(_l("Nilai bantuan"), validators=[Required()], render_kw={"inputmode": "numeric"})
    tanggal = DateField(_l("Tanggal diberikan"), validators=[Required()], render_kw=DAY)
    laporan = DateField(_l("Laporan paling lambat"), validators=[Required()], render_kw=DAY)
    barang = TextBlock(_l("Daftar barang"), validators=[AtMost(2000)])
    dipertimbangkan = BooleanField(_l("Sudah dipertimbangkan walau tahun berurutan"))

    def __init__(self, today: date, **kwargs: Any) -> None:
        super().__init__(today, **kwargs)
        self.bentuk.choices = choices(words.FORMS)
        self.dana.choices = [SelectChoice(value="", label=_("Belum dipilih")), *choices(words.FUNDS)]
        self.things: list[Thing] = []

    def validate_nilai(self, field: RupiahField) -> None:
        """Something, and not more than any package ever was."""
        _worth(field)

    def validate_tanggal(self, field: DateField) -> None:
        """It was."""
        self.check_past(field)

    def validate_laporan(self, field: DateField) -> None:
        """A report follows the aid."""
        if field.data and self.tanggal.data and field.data <= self.tanggal.data:
            raise ValidationError(_("Laporan dibuat setelah bantuan diberikan."))

    def validate_barang(self, field: TextBlock) -> None:
        """Read a thing a line: name; how many and unit; price of one."""
        if self.bentuk.data != "in_kind":
            return
        self.things = [_thing(line) for line in (field.data or "").split("\n") if line.strip()]
        if not self.things:
            raise ValidationError(_("Tulis barangnya, satu baris satu barang."))
        if len(self.things) > rules.MOST_ITEMS:
            raise ValidationError(_("Paling banyak %(most)s barang.", most=rules.MOST_ITEMS))
        total = Rupiah.total(thing.unit_price * thing.qty for thing in self.things)
        if self.nilai.data and total != self.nilai.data:
            raise ValidationError(
                _(
                    "Jumlah harga barang %(total)s, nilai bantuan %(value)s. Samakan.",
                    total=total,
                    value=self.nilai.data,
                )
            )


def _thing(line: str) -> Thing:
    """Read `Mixer; 1 buah; 650rb`.

    Raises:
        ValidationError: with the line in the sentence.
    """
    parts = [part for part in THING.split(line.strip()) if part]
    found = re.fullmatch(r"([\d.,]+)\s*(.*)", parts[1]) if len(parts) == 3 else None
    try:
        if found is None:
            raise ValueError(line)
        qty, price = quantities.parse_count(found[1]), Rupiah.parse(parts[2])
    except ValueError:
        sentence = _("Baris \u201c%(line)s\u201d belum terbaca. Contoh: Mixer; 1 buah; 650rb", line=line[:60])
        raise ValidationError(sentence) from None
    if qty < 1:
        raise ValidationError(_("Jumlah barang paling sedikit 1."))
    return Thing(parts[0][:120], qty, (found[2] or _("buah"))[:30], price)


def _worth(field: RupiahField) -> None:
    if field.data is not None and not Rupiah(0) < field.data <= Rupiah(100_000_000):
        raise ValidationError(_("Isi antara Rp1 dan Rp100.000.000."))


class BastForm(_Dated):
    """The handover."""

    versi = HiddenField(validators=[Length(max=12)])
    nomor = TextLine(_l("Nomor BAST"), validators=[Required(), AtMost(60)])
    tanggal = DateField(_l("Tanggal serah terima"), validators=[Required()], render_kw=DAY)
    tempat = TextLine(_l("Tempat"), validators=[Required(), AtMost(120)])
    petugas = TextLine(_l("Yang menyerahkan"), validators=[Required(), AtMost(120)])
    jabatan = TextLine(_l("Jabatan"), validators=[Required(), AtMost(120)])
    saksi = TextLine(_l("Dua saksi"), validators=[Required(), AtLeast(3), AtMost(200)])

    def validate_tanggal(self, field: DateField) -> None:
        """It was."""
        self.check_past(field)


class ScanForm(Form):
    """The signed paper."""

    foto = PictureField(_l("BAST yang sudah ditandatangani"), [Required(NO_PAPER)], paper=True)


class ReceiptForm(_Dated):
    """A receipt."""

    kunci = HiddenField(validators=[Length(max=64)])
    barang = TextLine(_l("Dibelikan apa"), validators=[Required(), AtMost(120)])
    nilai = RupiahField(_l("Jumlah di nota"), validators=[Required()], render_kw={"inputmode": "numeric"})
    tanggal = DateField(_l("Tanggal nota"), validators=[Required()], render_kw=DAY)
    foto = PictureField(_l("Nota"), [Required(NO_PAPER)], paper=True)

    def validate_nilai(self, field: RupiahField) -> None:
        """Something."""
        _worth(field)

    def validate_tanggal(self, field: DateField) -> None:
        """It was."""
        self.check_past(field)


class ReportForm(_Dated):
    """What became of the aid."""

    sesuai = RadioField(_l("Dipakai sesuai usulan?"), choices=[], validators=[InputRequired(_l("Pilih salah satu."))])
    tanggal = DateField(_l("Tanggal laporan"), validators=[Required()], render_kw=DAY)
    catatan = TextBlock(_l("Keadaannya sekarang"), validators=[Required(), AtLeast(10), AtMost(600)])
    foto = PictureField(_l("Foto barang dipakai"))

    def __init__(self, today: date, **kwargs: Any) -> None:
        super().__init__(today, **kwargs)
        self.sesuai.choices = [
            SelectChoice(value="ya", label=_("Ya")),
            SelectChoice(value="tidak", label=_("Tidak")),
        ]

    def validate_tanggal(self, field: DateField) -> None:
        """It was."""
        self.check_past(field)
