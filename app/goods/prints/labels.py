"""The label of a product: what it says, what it lacks, and how it is drawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.core import papers
from app.core.clock import today
from app.core.i18n import _, bulan, speaking
from app.goods.prints import rules
from app.goods.prints.rules import Known, Size
from app.goods.prints.words import WARNED
from app.goods.products import words
from app.goods.products.licences import bar_of, holds_pig, seals_of
from app.goods.products.models import Product, Revision
from app.goods.products.queries import Held, Item
from app.goods.products.rules import is_said
from app.goods.shops.models import Shop
from app.kit.periods import WIB
from app.kit.quantities import show_grams
from app.people.places import queries as places

REGISTERED = ("pirt", "bpom", "halal")
# The law asks for Indonesian, whatever language its maker reads the site in. Source: spec/domain.md 4.4.
LANGUAGE = "id"
LINE = "......................"
SHORT = "............"
Lines = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Label:
    """One label, ready for paper; `letters` are points."""

    name: str
    lines: Lines
    price: str
    address: str
    letters: float


class TooMuch(ValueError):
    """The words do not fit in this size in letters that people can read."""


def sold(item: Item) -> list[Held]:
    """Return the choices that can stand on a label: those on sale, of a new product those that will be."""
    return [each for each in item.held if each.variant.active] or item.offered


def list_missing(item: Item, held: Held) -> list[str]:
    """Return what the label law asks and this label cannot say."""
    wording = item.shown
    told = {key: is_said(key, wording) for key in rules.ASKED} | {
        "berat": held.variant.net_weight_g is not None, "alamat": bool(item.product.shop.street),
    }  # fmt: skip
    numbers = registrations(item.product, wording)
    return rules.list_missing(_known(wording), [key for key, known in told.items() if known], numbers)


def registrations(product: Product, wording: Revision) -> dict[str, str]:
    """Return the numbers that a label of these goods may name: those that are checked, hold and speak of them."""
    return {each.kind: each.number for each in seals_of(product, wording) if each.kind in REGISTERED}


def write(item: Item, held: Held, size: Size, *, origin: str, made: date | None = None, price: bool = False) -> Label:
    """Write a label; a best-before day that nobody can know yet is a line to write on.

    Raises:
        TooMuch: it does not fit.
    """
    name, lines = _words(item, held, made)
    letters = _letters(size, name, lines)
    if letters is None:
        raise TooMuch(name)
    address = f"{origin}/produk/{item.product.slug}"
    return Label(name, lines, str(held.variant.price) if price else "", address, letters)


def fitting(item: Item, held: Held) -> dict[str, float]:
    """Return the sizes that hold all of a label, smallest first, and the points of their letters.

    Its day is taken as known: that needs most room.
    """
    name, lines = _words(item, held, today(WIB.name))
    found = {key: _letters(size, name, lines) for key, size in rules.SIZES.items()}
    return {key: letters for key, letters in found.items() if letters}


def _letters(size: Size, name: str, lines: Lines) -> float | None:
    return rules.letters_for(size, name, (f"{caption}: {said}" for caption, said in lines), size.code)


def _words(item: Item, held: Held, made: date | None) -> tuple[str, Lines]:
    with speaking(LANGUAGE):
        lines = tuple(line for line in _lines(item, held, made) if line[1])
    return f"{item.shown.name} {held.variant.label}".strip(), lines


def _lines(item: Item, held: Held, made: date | None) -> Iterable[tuple[str, str]]:
    wording, shop = item.shown, item.product.shop
    weight, keeps = held.variant.net_weight_g, wording.shelf_life_days
    yield _("Berat bersih"), show_grams(weight) if weight else ""
    yield _("Komposisi"), wording.ingredients
    yield _("Mengandung"), ", ".join(str(words.ALLERGENS[each]) for each in wording.allergens or ())
    yield _("Asal bahan"), wording.origin or ""
    yield _("Peringatan"), "; ".join(str(WARNED[each]) for each in wording.warnings or ())
    yield _("Simpan"), str(words.STORAGE.get(wording.storage, ""))
    if _known(wording).is_food:
        best = rules.best_before(made, keeps)
        yield _("Baik sebelum"), _day(best) if best else LINE
        day, code = (_day(made), f"{made:%d%m%y}") if made else (SHORT, SHORT)
        yield _("Diproduksi"), _("%(day)s, kode %(code)s", day=day, code=code)
    elif made:
        yield _("Dibuat"), _day(made)
    yield _("Dibuat oleh"), f"{shop.name}, {_address(shop)}"
    numbers = registrations(item.product, wording) if _known(wording).is_food else {}
    yield "P-IRT No.", numbers.get("pirt", "")
    yield "BPOM RI", numbers.get("bpom", "")
    yield "HALAL INDONESIA", numbers.get("halal", "")


def _address(shop: Shop) -> str:
    place = _(
        "%(desa)s, Kec. %(kecamatan)s, %(regency)s",
        desa=places.get_region(shop.desa_code).full_name,
        kecamatan=places.get_region(shop.kecamatan_code).name,
        regency=places.settings_of(shop.regency_code).region_name,
    )
    return f"{shop.street}, {place}" if shop.street else place


def _day(day: date) -> str:
    return f"{day.day} {bulan(day)}"


def _known(wording: Revision) -> Known:
    return Known(wording.category.legality, bar_of(wording), holds_pig(wording))


def draw(label: Label, size: Size, copies: int) -> bytes:
    """Draw so many copies of a label on as many A4 sheets as they take."""
    facts: dict[str, Any] = {"label": label, "size": size, "code": papers.code(label.address)}
    sheets = [min(size.on_a_sheet, copies - start) for start in range(0, copies, size.on_a_sheet)]
    return papers.draw("goods/prints/labels_paper.html", "labels.css", sheets=sheets, **facts)
