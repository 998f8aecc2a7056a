"""What a seller types about her goods."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from typing import Any

from flask_wtf.file import FileField
from wtforms import HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind
from wtforms.validators import InputRequired, Optional, ValidationError

from app.core.forms import (
    AtLeast,
    AtMost,
    Form,
    PriceField,
    QuantityField,
    Required,
    TextBlock,
    TextLine,
    between,
    posted,
)
from app.core.i18n import _, _l
from app.goods.categories.claims import no_claim
from app.goods.categories.models import Category
from app.goods.categories.queries import find_successor
from app.goods.photos.models import Photo
from app.goods.products import rules, words
from app.goods.products.rules import Terms, Way
from app.goods.stock.rules import BY_HAND
from app.kit import digits, quantities
from app.kit.text import has_letters

GUESS = ""
KEY_BYTES = 16
DRAFTED = ("nama", "harga", "satuan", "jumlah", "jenis")
MOST_DRAFT = 300
KEY = re.compile(r"[A-Za-z0-9_-]{16,44}")


class WeightField(QuantityField):
    """A weight; the value is whole grams."""

    sentence = _l("Isi berat, misalnya 250 g atau 1,5 kg")

    def parse(self, typed: str) -> int:
        """Read `250`, `250 g`, `1,5 kg`, `2 ons`."""
        return quantities.parse_grams(typed)

    def show(self, value: Any) -> str:
        """Show as a packet states it."""
        return quantities.show_grams(int(value))


def worded(form: Any, field: Any) -> None:
    """Refuse a name without a letter."""
    if field.data and not has_letters(field.data):
        raise ValidationError(_("Tulis dengan huruf, misalnya Telur asin isi 5."))


def fair_price(form: Any, field: Any) -> None:
    """Refuse prices that nobody can mean."""
    if field.data is not None and not rules.LEAST_PRICE <= field.data <= rules.MOST_PRICE:
        raise ValidationError(
            _("Isi harga antara %(least)s dan %(most)s.", least=rules.LEAST_PRICE, most=rules.MOST_PRICE)
        )


class PhotoForm(Form):
    """Two ways to a photo: some phones offer only one of them by themselves; `kept_photo` has arrived before."""

    photo: Any = FileField(_l("Foto"), name="foto")
    gallery: Any = FileField(_l("Ambil dari galeri"), name="galeri")
    kept_photo: Any = HiddenField(name="foto-tersimpan")

    photo_refusal = ""

    def sent_photo(self) -> Any:
        """Return the file that came with this form, or None."""
        for field in (self.photo, self.gallery):
            sent: Any = field.data
            if getattr(sent, "filename", ""):
                return sent
        return None


class WordingForm(PhotoForm):
    """What a curator will look at."""

    title = TextLine(
        _l("Nama produk"),
        [Required(_l("Tulis nama produknya.")), AtLeast(3), AtMost(120), worded, no_claim],
        name="nama",
    )
    price: Any = PriceField(_l("Harga"), [Required(_l("Tulis harganya, misalnya 12000")), fair_price], name="harga")
    unit: Any = TextLine(
        _l("Satuan"),
        [Required(_l("Tulis dijual per apa, misalnya bungkus.")), AtMost(30), worded, no_claim],
        name="satuan",
    )
    category: Any = SelectField(_l("Jenis"), default=GUESS, name="jenis")

    def offer_categories(self, categories: list[Category]) -> None:
        """Fill the choices: the leaves, under the names of their parents."""
        parents = {each.parent_id for each in categories}
        names = {each.id: each.called for each in categories}
        leaves = [each for each in categories if each.id not in parents]
        self.category.choices = [
            SelectChoice(value=GUESS, label=_("Pilihkan dari nama produk")),
            *(
                SelectChoice(
                    value=str(each.id), label=each.called, optgroup=names.get(each.parent_id or 0, each.called)
                )
                for each in leaves
            ),
        ]
        self.lead_on(self.category.data)

    def lead_on(self, typed: str | None) -> None:
        """Choose a category; one that the office put into another, while the form was open or lay by, leads there."""
        known = {str(each.value) for each in self.category.choices}
        if typed and typed not in known and typed.isdecimal():
            successor = find_successor(int(typed[:18]))
            typed = str(successor.id) if successor else typed
        self.category.data = typed

    def holds(self, photo: Photo | None) -> bool:
        """Tell whether everything can be stored; what is wrong with the photo stands beside the others."""
        holds = bool(self.validate())
        if self.photo_refusal or photo is None:
            self.note("photo", self.photo_refusal or _("Foto produknya dulu, ya."))
            return False
        return holds


class NewProductForm(WordingForm):
    """The one screen of a new product."""

    quantity: Any = QuantityField(
        _l("Jumlah"), [Required(_l("Tulis ada berapa, misalnya 10")), between(1, rules.MOST_QUANTITY)], name="jumlah"
    )
    key: Any = HiddenField(name="kunci")
    draft_version: Any = HiddenField(name="versi-draf")

    def as_typed(self) -> dict[str, str]:
        """Return what stands in the fields, letter by letter."""
        return {name: posted(name)[:MOST_DRAFT] for name in DRAFTED}

    def bring_back(self, typed: Mapping[str, str]) -> None:
        """Put a draft into the fields, also what cannot be read."""
        self.title.data, self.unit.data = typed.get("nama", ""), typed.get("satuan", "")
        self.price.typed, self.quantity.typed = typed.get("harga", ""), typed.get("jumlah", "")
        self.lead_on(typed.get("jenis", GUESS))

    def seen_draft(self) -> int:
        """Return the version of the draft that this form was opened with, 0 when there was none."""
        return digits.whole(self.draft_version.data or "", digits.VERSION_DIGITS) or 0

    def own_key(self) -> str:
        """Return the key of this form, a new one when what came is none of ours."""
        typed = self.key.data or ""
        return typed if KEY.fullmatch(typed) else secrets.token_urlsafe(KEY_BYTES)

    def renew_key(self) -> None:
        """Make this form one that was never sent."""
        self.key.data = secrets.token_urlsafe(KEY_BYTES)


class EditForm(WordingForm):
    """All that may be changed about a product but its stock."""

    description: Any = TextBlock(_l("Keterangan"), [Optional(), AtMost(2000), no_claim], name="keterangan")
    weight: Any = WeightField(_l("Berat bersih"), [Optional()], name="berat")
    version: Any = HiddenField(name="versi")

    def seen_version(self) -> int:
        """Return the version that this form was opened with, 0 when that cannot be read."""
        return digits.whole(self.version.data or "", digits.VERSION_DIGITS) or 0


class ChoiceForm(Form):
    """What a choice is called and costs."""

    label = TextLine(
        _l("Nama pilihan"),
        [Required(_l("Tulis namanya, misalnya Isi 10 atau Pedas.")), AtMost(60), worded, no_claim],
        name="pilihan",
    )
    price: Any = PriceField(_l("Harga"), [Required(_l("Tulis harganya, misalnya 12000")), fair_price], name="harga")
    unit: Any = TextLine(
        _l("Satuan"),
        [Required(_l("Tulis dijual per apa, misalnya bungkus.")), AtMost(30), worded, no_claim],
        name="satuan",
    )
    weight: Any = WeightField(_l("Berat bersih"), [Optional()], name="berat")
    version: Any = HiddenField(name="versi")

    def terms(self) -> Terms:
        """Return what was typed."""
        return Terms(self.label.data, self.price.data, self.unit.data, self.weight.data)

    def seen_version(self) -> int:
        """Return the version that this form was opened with, 0 when that cannot be read."""
        return digits.whole(self.version.data or "", digits.VERSION_DIGITS) or 0


class SoldSo(Form):
    """How something is sold; what does not belong to the way that was picked is not looked at."""

    way: Any = RadioField(_l("Cara jual"), [InputRequired(_l("Pilih salah satu."))], name="cara")
    quantity: Any = QuantityField(_l("Sekarang ada berapa?"), [between(0, rules.MOST_QUANTITY)], name="jumlah")
    lead_days: Any = QuantityField(_l("Perlu berapa hari membuatnya?"), [between(0, rules.MOST_LEAD_DAYS)], name="hari")
    capacity: Any = QuantityField(_l("Sehari sanggup berapa?"), [between(1, rules.MOST_QUANTITY)], name="sehari")

    def offer_ways(self) -> None:
        """Fill what can be picked."""
        self.way.choices = [(key, str(said)) for key, said in words.WAYS.items()]

    def said(self) -> Way | None:
        """Return what was typed; None, with a sentence beside the field, when something is missing."""
        if self.way.data == "counted":
            if self.quantity.data is None:
                self.note("quantity", _("Tulis ada berapa, misalnya 10"))
                return None
            return Way("counted", quantity=self.quantity.data)
        if self.way.data == "made_to_order":
            if self.lead_days.data is None:
                self.note("lead_days", _("Tulis berapa hari. Tulis 0 kalau jadi hari itu juga."))
                return None
            return Way("made_to_order", self.lead_days.data, self.capacity.data)
        return Way("unlimited")


class NewChoiceForm(ChoiceForm, SoldSo):
    """One more choice; `first` is asked while the one that is there has no name of its own."""

    first = TextLine(_l("Nama pilihan yang sudah ada"), [AtMost(60), no_claim], name="pertama")

    def holds(self, *, asks_first: bool) -> bool:
        """Tell whether everything can be stored."""
        holds = bool(self.validate())
        if asks_first and not self.first.data:
            self.note("first", _("Beri nama juga, supaya pembeli bisa membedakan. Misalnya Isi 5."))
            return False
        return holds


class WayForm(SoldSo):
    """How a choice is sold, and how it was when the seller began."""

    seen: Any = HiddenField(name="tadi")


class MoveForm(Form):
    """What happened to a stock, and why."""

    kind: Any = RadioField(_l("Apa yang terjadi?"), [InputRequired(_l("Pilih salah satu."))], name="langkah")
    quantity: Any = QuantityField(
        _l("Jumlah"), [Required(_l("Tulis berapa, misalnya 10")), between(0, rules.MOST_QUANTITY)], name="jumlah"
    )
    why = TextLine(_l("Alasan"), [AtMost(200)], name="alasan")
    seen: Any = HiddenField(name="tadi")

    def offer_kinds(self) -> None:
        """Fill what can be picked."""
        self.kind.choices = [(key, str(words.MOVES[key])) for key in BY_HAND]

    def seen_count(self) -> int:
        """Return the count that this form was opened with, -1 when that cannot be read."""
        found = digits.whole(self.seen.data or "")
        return 0 if self.seen.data == "0" else -1 if found is None else found


class CountForm(Form):
    """How many are there, and how many the seller saw when she began."""

    quantity: Any = QuantityField(_l("Stok"), [Required(), between(0, rules.MOST_QUANTITY)], name="jumlah")
    seen: Any = QuantityField(_l("Stok tadi"), [Required(), between(0, 10 * rules.MOST_QUANTITY)], name="tadi")
    choice: Any = HiddenField(name="varian")
