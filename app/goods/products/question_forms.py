"""One question about a product at a time; each answer is a part of its wording."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from flask_babel import LazyString
from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind
from wtforms.validators import InputRequired, ValidationError
from wtforms.widgets import CheckboxInput

from app.core.forms import AtMost, Form, QuantityField, Required, TextBlock, TextLine, between
from app.core.i18n import _, _l
from app.goods.categories.claims import no_claim
from app.goods.categories.models import Category
from app.goods.products import rules, words
from app.goods.products.forms import PhotoForm, WeightField
from app.goods.products.models import Product, Revision
from app.goods.products.rules import Shot
from app.kit import digits

NONE = "tidak-ada"
PICK = _l("Pilih salah satu.")


class Question(Form):
    """A question; `field` is what it asks, `fill` puts in what is known, `said` reads the answer."""

    field: ClassVar[str] = ""
    version: Any = HiddenField(name="versi")

    def seen_version(self) -> int:
        """Return the version that this form was opened with, 0 when that cannot be read."""
        return digits.whole(self.version.data or "", digits.VERSION_DIGITS) or 0

    def standing(self, product: Product) -> int:
        """Return the version of what it asks about."""
        return product.version

    def fill(self, revision: Revision, product: Product) -> None:
        """Put what is known into the field."""

    def said(self) -> dict[str, Any]:
        """Return the answer as parts of a wording."""
        return {}


class Weight(Question):
    """How heavy it is."""

    field = "berat"
    berat: Any = WeightField(_l("Berat bersih"), [Required(_l("Timbang satu, lalu tulis beratnya."))])

    def fill(self, revision: Revision, product: Product) -> None:
        """Put what is known into the field."""
        self.berat.data = revision.net_weight_g

    def said(self) -> dict[str, Any]:
        """Return the answer as parts of a wording."""
        return {"net_weight_g": self.berat.data}


class Ingredients(Question):
    """What it is made of."""

    field = "bahan"
    bahan: Any = TextBlock(_l("Bahan"), [Required(_l("Tulis bahannya.")), AtMost(1000), no_claim])

    def fill(self, revision: Revision, product: Product) -> None:
        """Put what is known into the field."""
        self.bahan.data = revision.ingredients

    def said(self) -> dict[str, Any]:
        """Return the answer as parts of a wording."""
        return {"ingredients": self.bahan.data}


def some_or_none(form: Any, field: SelectMultipleField) -> None:
    """Something, or nothing at all, but not both."""
    if not field.data:
        raise ValidationError(_("Pilih yang ada. Kalau tidak ada, pilih Tidak ada."))
    if NONE in field.data and len(field.data) > 1:
        raise ValidationError(_("Tidak ada, atau pilih yang ada. Jangan dua-duanya."))


class Codes(Question):
    """Which of some codes are so, if any: `part` of a wording, `offered` with their words."""

    part: ClassVar[str]
    offered: ClassVar[Mapping[str, LazyString]]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self[self.field].choices = [*((key, str(said)) for key, said in self.offered.items()), (NONE, _("Tidak ada"))]

    def fill(self, revision: Revision, product: Product) -> None:
        """Put what is known into the field."""
        known = getattr(revision, self.part)
        self[self.field].data = None if known is None else known or [NONE]

    def said(self) -> dict[str, Any]:
        """Return the answer as parts of a wording."""
        return {self.part: tuple(key for key in self.offered if key in self[self.field].data)}


class Allergens(Codes):
    """What of it makes some people ill."""

    field, part, offered = "alergi", "allergens", words.ALLERGENS
    alergi: Any = SelectMultipleField(_l("Isinya"), [some_or_none], choices=[], option_widget=CheckboxInput())


class Warnings(Codes):
    """What its label must warn of beside that."""

    field, part, offered = "peringatan", "warnings", words.WARNINGS
    peringatan: Any = SelectMultipleField(_l("Yang dipakai"), [some_or_none], choices=[], option_widget=CheckboxInput())


class Origin(Question):
    """Where certain ingredients come from; nothing typed says that there are none."""

    field = "asal"
    asal: Any = TextLine(_l("Asal bahan"), [AtMost(300), no_claim])

    def fill(self, revision: Revision, product: Product) -> None:
        """Put what is known into the field."""
        self.asal.data = revision.origin

    def said(self) -> dict[str, Any]:
        """Return the answer as parts of a wording."""
        return {"origin": rules.said_origin(self.asal.data or "")}


class Keeps(Question):
    """For how long it is good."""

    field = "tahan"
    tahan: Any = QuantityField(_l("Tahan"), [Required(_l("Tulis angkanya, misalnya 7")), between(1, 999)])
    satuan: Any = SelectField(_l("Hari, minggu, atau bulan"), default="hari")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.satuan.choices = [(key, str(said)) for key, said in words.KEEPS.items()]

    def validate_tahan(self, field: QuantityField) -> None:
        """No food keeps for ever."""
        if field.data and field.data * rules.DAYS_OF.get(self.satuan.data, 1) > rules.MOST_SHELF_DAYS:
            raise ValidationError(_("Paling lama 5 tahun."))

    def fill(self, revision: Revision, product: Product) -> None:
        """Put what is known into the field."""
        if revision.shelf_life_days:
            self.tahan.data, self.satuan.data = rules.show_days(revision.shelf_life_days)

    def said(self) -> dict[str, Any]:
        """Return the answer as parts of a wording."""
        return {"shelf_life_days": self.tahan.data * rules.DAYS_OF[self.satuan.data]}


class Storage(Question):
    """Where it is kept."""

    field = "simpan"
    simpan: Any = RadioField(_l("Disimpan di"), [InputRequired(PICK)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.simpan.choices = [(key, str(said)) for key, said in words.STORAGE.items()]

    def fill(self, revision: Revision, product: Product) -> None:
        """Put what is known into the field."""
        self.simpan.data = revision.storage or None

    def said(self) -> dict[str, Any]:
        """Return the answer as parts of a wording."""
        return {"storage": self.simpan.data}


class Kind(Question):
    """Which shelf it belongs on."""

    field = "jenis"
    jenis: Any = SelectField(_l("Jenis"), [InputRequired(PICK)])

    def offer(self, categories: list[Category]) -> None:
        """Fill the choices: the leaves, under the names of their parents."""
        parents = {each.parent_id for each in categories}
        names = {each.id: each.called for each in categories}
        self.jenis.choices = [
            SelectChoice(value=str(each.id), label=each.called, optgroup=names.get(each.parent_id or 0, each.called))
            for each in categories
            if each.id not in parents
        ]

    def fill(self, revision: Revision, product: Product) -> None:
        """Put what is known into the field."""
        self.jenis.data = str(revision.category_id)

    def said(self) -> dict[str, Any]:
        """Return the answer as parts of a wording."""
        return {"category_id": int(self.jenis.data)}


class Had(Question):
    """Where buyers can have it."""

    field = "ambil"
    ambil: Any = BooleanField(_l("Diambil di lapak"))
    antar: Any = BooleanField(_l("Ikut diantar"))
    bazar: Any = BooleanField(_l("Dijual juga di bazar"))

    def validate_bazar(self, field: BooleanField) -> None:
        """Somewhere it must be had."""
        if not (self.ambil.data or self.antar.data or field.data):
            raise ValidationError(_("Pilih paling sedikit satu."))

    def standing(self, product: Product) -> int:
        """Return what stands there: it has no version of its own."""
        return product.places_seen

    def fill(self, revision: Revision, product: Product) -> None:
        """Put what is known into the field."""
        self.ambil.data, self.antar.data, self.bazar.data = product.pickup, product.delivered, product.at_bazaars


ALL: dict[str, type[Question]] = {
    each.field: each for each in (Weight, Ingredients, Allergens, Origin, Warnings, Keeps, Storage, Kind, Had)
}


class PhotosForm(PhotoForm):
    """Every photo of a product, each with a sentence for who cannot see it."""

    version: Any = HiddenField(name="versi")
    alt_new = TextLine(_l("Apa yang terlihat di foto baru?"), [AtMost(160), no_claim], name="alt-baru")
    numbers: ClassVar[Sequence[int]] = ()

    def seen_version(self) -> int:
        """Return the version that this form was opened with, 0 when that cannot be read."""
        return digits.whole(self.version.data or "", digits.VERSION_DIGITS) or 0

    def tell(self, shots: Iterable[Shot]) -> None:
        """Put in what is said of each photo."""
        for each in shots:
            self[f"alt_{each.photo_id}"].data = each.alt

    def said(self) -> dict[int, str]:
        """Return what was typed, by photo."""
        return {number: self[f"alt_{number}"].data or "" for number in self.numbers}


def photos_of(numbers: Sequence[int]) -> PhotosForm:
    """Return a form that asks about these photos."""
    asked = {
        f"alt_{number}": TextLine(_l("Apa yang terlihat di foto ini?"), [AtMost(160), no_claim], name=f"alt-{number}")
        for number in numbers
    }
    kind: type[PhotosForm] = type("PhotosForm", (PhotosForm,), asked | {"numbers": tuple(numbers)})
    form: PhotosForm = kind()
    return form
