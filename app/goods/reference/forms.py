"""What a curator types about the lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind
from wtforms.validators import Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from app.core.forms import AtLeast, AtMost, Form, QuantityField, Required, TextBlock, TextLine, between
from app.core.i18n import _, _l
from app.goods.categories.models import Category
from app.goods.permits.forms import BARRED, NAMES
from app.goods.permits.rules import ALLOWED, OWN
from app.goods.products.forms import worded
from app.goods.products.rules import MOST_SHELF_DAYS
from app.goods.reference import rules
from app.goods.reference.rules import CategoryFacts, ReasonFacts, WordFacts
from app.kit import digits

UPPER: Final = ""
ADDRESS: Final = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"
PAPERS: Final = {
    "pirt": NAMES["pirt"],
    "halal": NAMES["halal"],
    "md": NAMES["bpom"],
    "pkrt": _l("Izin PKRT Kemenkes"),
}
STORAGE: Final = {
    "": _l("Tidak ditentukan"),
    "room": _l("Suhu ruang"),
    "cool": _l("Sejuk dan kering"),
    "chilled": _l("Di kulkas"),
    "frozen": _l("Beku"),
}
FIELDS: Final = {
    "": _l("Tidak menuju isian"),
    "foto": _l("Foto"),
    "foto-lain": _l("Foto lain dan keterangannya"),
    "nama": _l("Nama produk"),
    "harga": _l("Harga"),
    "satuan": _l("Satuan"),
    "pilihan": _l("Pilihan"),
    "jenis": _l("Jenis"),
    "berat": _l("Berat bersih"),
    "keterangan": _l("Keterangan"),
    "bahan": _l("Bahan"),
    "alergi": _l("Pemicu alergi"),
    "asal": _l("Asal bahan"),
    "peringatan": _l("Peringatan"),
    "tahan": _l("Tahan berapa lama"),
    "simpan": _l("Cara simpan"),
    "ambil": _l("Bisa didapat di mana"),
    "surat": _l("Surat usaha"),
}
LISTS: Final = {
    "category": _l("Jenis barang"),
    "reason": _l("Alasan kurasi"),
    "paper": _l("Surat yang perlu"),
    "spelling": _l("Kata pencarian"),
    "bar": _l("Kata bukan P-IRT"),
}
# Why food may not be P-IRT; that it keeps only for days is asked of the product, not of its name.
CAUSES: Final = {code: said for code, said in BARRED.items() if code != "short"} | {
    ALLOWED: _l("Pengecualian: kalau kata-kata ini ada bersama, boleh P-IRT.")
}
WORDS: Final = {
    "name": _l("Nama"),
    "name_en": _l("Nama dalam bahasa Inggris"),
    "slug": _l("Alamat"),
    "parent_id": _l("Jenis di atasnya"),
    "legality": _l("Surat yang perlu"),
    "note": _l("Catatan"),
    "position": _l("Urutan"),
    "storage": _l("Cara simpan"),
    "shelf_life_days": _l("Tahan berapa hari"),
    "sentence": _l("Kalimat untuk penjual"),
    "field": _l("Menuju isian"),
    "active": _l("Masih dipakai"),
    "papers": _l("Surat yang perlu"),
    "word": _l("Kata"),
    "meaning": _l("Artinya"),
}


def choices(said: Mapping[str, object]) -> list[SelectChoice]:
    """Return what a select offers: values and their words."""
    return [SelectChoice(value=value, label=word) for value, word in said.items()]


class _Checks(SelectMultipleField):
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class CategoryForm(Form):
    """A category: how it is called, where it stands, which papers its goods need, how they keep."""

    nama: Any = TextLine(_l("Nama"), [Required(), AtLeast(3), AtMost(80), worded])
    inggris: Any = TextLine(_l("Nama dalam bahasa Inggris"), [Required(), AtLeast(3), AtMost(80), worded])
    alamat: Any = TextLine(
        _l("Alamat"),
        [
            Required(),
            AtLeast(3),
            AtMost(60),
            Regexp(f"^{ADDRESS}$", message=_l("Pakai huruf kecil, angka, dan garis, misalnya telur-asin.")),
        ],
    )
    induk: Any = SelectField(_l("Jenis di atasnya"))
    surat: Any = _Checks(_l("Surat yang perlu"), choices=choices(PAPERS))
    simpan: Any = SelectField(_l("Cara simpan"), choices=choices(STORAGE))
    tahan: Any = QuantityField(_l("Tahan berapa hari"), [Optional(), between(1, MOST_SHELF_DAYS)])
    catatan: Any = TextLine(_l("Catatan"), [AtMost(200)])
    urutan: Any = QuantityField(_l("Urutan"), [Required(), between(1, 9_999)])
    versi: Any = HiddenField()

    def offer_parents(self, categories: list[Category]) -> None:
        """Fill the choices of where it may stand."""
        tops = {str(each.id): each.name for each in categories if each.parent_id is None}
        self.induk.choices = choices({UPPER: _("Tidak ada: ini jenis utama")} | tops)

    def facts(self) -> CategoryFacts:
        """Return what was typed."""
        return CategoryFacts(
            name=self.nama.data,
            name_en=self.inggris.data,
            slug=self.alamat.data,
            parent_id=int(self.induk.data) if self.induk.data else None,
            legality=rules.said_papers(self.surat.data or []),
            note=self.catatan.data or "",
            position=self.urutan.data,
            storage=self.simpan.data or "",
            shelf_life_days=self.tahan.data,
        )

    def show(self, category: Category) -> None:
        """Put what a category says into the form."""
        self.nama.data, self.inggris.data, self.alamat.data = category.name, category.name_en, category.slug
        self.induk.data = str(category.parent_id or UPPER)
        self.surat.data = [kind for kind in category.legality.split(";") if kind != rules.NONE]
        self.simpan.data, self.tahan.data = category.storage, category.shelf_life_days
        self.catatan.data, self.urutan.data = category.note, category.position
        self.versi.data = str(category.version)

    def seen(self) -> int:
        """Return the version that this form was opened with, 0 when that cannot be read."""
        return digits.whole(self.versi.data or "", digits.VERSION_DIGITS) or 0


class MergeForm(Form):
    """Where the products of a category go."""

    pengganti: Any = SelectField(_l("Pindahkan ke"), [Required(_l("Pilih jenis penggantinya."))])
    versi: Any = HiddenField()

    def offer(self, mergers: list[Category], categories: list[Category]) -> None:
        """Fill the choices."""
        names = {each.id: each.name for each in categories}
        said = [(each, names.get(each.parent_id or 0)) for each in mergers]
        chosen = {str(each.id): f"{above}: {each.name}" if above else each.name for each, above in said}
        self.pengganti.choices = choices({"": _("Pilih dulu")} | chosen)

    def seen(self) -> int:
        """Return the version that this form was opened with, 0 when that cannot be read."""
        return digits.whole(self.versi.data or "", digits.VERSION_DIGITS) or 0


class ReasonForm(Form):
    """A reason: its check id once, its sentence, and the part of the form it leads to."""

    kode: Any = TextLine(
        _l("Kode"),
        [Optional(), AtMost(40), Regexp(f"^{ADDRESS}$", message=_l("Pakai huruf kecil, angka, dan garis."))],
    )
    kalimat: Any = TextBlock(_l("Kalimat untuk penjual"), [Required(), AtLeast(5), AtMost(200), worded])
    isian: Any = SelectField(_l("Menuju isian"), choices=choices(FIELDS))
    dipakai: Any = BooleanField(_l("Masih dipakai"))
    versi: Any = HiddenField()

    def facts(self) -> ReasonFacts:
        """Return what was typed."""
        return ReasonFacts(self.kalimat.data, self.isian.data or "", bool(self.dipakai.data))

    def seen(self) -> int:
        """Return the version that this form was opened with, 0 when that cannot be read."""
        return digits.whole(self.versi.data or "", digits.VERSION_DIGITS) or 0


class PapersForm(Form):
    """Which papers a sector needs, and which it needed when the form was opened."""

    surat: Any = _Checks(_l("Surat yang perlu"), choices=choices({kind: NAMES[kind] for kind in OWN}))
    tadi: Any = HiddenField()


class SpellingForm(Form):
    """What people write, and what it means."""

    kata: Any = TextLine(_l("Orang menulis"), [Required(), AtMost(80), worded])
    arti: Any = TextLine(_l("Artinya"), [Required(), AtMost(80), worded])
    versi: Any = HiddenField()

    def facts(self, word: str = "") -> WordFacts:
        """Return what was typed, folded; of a word that is there, only what it stands for."""
        return WordFacts(word or rules.fold(self.kata.data), rules.fold(self.arti.data))

    def seen(self) -> int:
        """Return the version that this form was opened with, 0 when that cannot be read."""
        return digits.whole(self.versi.data or "", digits.VERSION_DIGITS) or 0


class BarForm(SpellingForm):
    """A word in the name of food that may not be P-IRT, and why."""

    kata: Any = TextLine(_l("Kata di nama produk"), [Required(), AtMost(80), worded])
    arti: Any = RadioField(_l("Sebabnya"), choices=choices(CAUSES))

    def facts(self, word: str = "") -> WordFacts:
        """Return what was typed and picked."""
        return WordFacts(word or rules.fold(self.kata.data), self.arti.data or "")


WORD_FORMS: Final[Mapping[str, type[SpellingForm]]] = {"spelling": SpellingForm, "bar": BarForm}
