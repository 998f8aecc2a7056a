"""Two tabs on one product: what the other one saved, beside what was typed here; nothing is lost on either side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.core.i18n import _, _n
from app.goods.photos.models import Photo
from app.goods.products import queries
from app.goods.products.forms import EditForm
from app.goods.products.models import Product, Revision
from app.goods.products.question_forms import PhotosForm
from app.goods.products.rules import Shot
from app.kit.quantities import show_grams


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that both tabs changed: its name, what was typed here, what is stored now."""

    label: str
    typed: str
    held: str


_FIELDS: Final[dict[str, Callable[[Revision], Any]]] = {
    "title": lambda said: said.name,
    "price": lambda said: said.price,
    "unit": lambda said: said.unit,
    "category": lambda said: str(said.category_id),
    "weight": lambda said: said.net_weight_g,
    "description": lambda said: said.description,
}


def merge(
    form: EditForm, photo: Photo | None, product: Product, newest: Revision
) -> tuple[Photo | None, list[Difference]]:
    """Take what only the other tab changed into a form, and name what both changed.

    Returns the photo that stands in the form now, and the differences that are left.
    """
    begun = queries.find_begun(newest, form.seen_version())
    found = []
    for name, held in _FIELDS.items():
        field, now = form[name], held(newest)
        typed = field.data if field.data is not None else ("" if name == "description" else None)
        if typed == now or (begun is not None and held(begun) == now):
            continue
        if begun is not None and typed == held(begun):
            field.data = now
            if hasattr(field, "typed"):
                field.typed = None
            continue
        found.append(Difference(field.label.text, _shown(name, typed, form), _shown(name, now, form)))
    mine, theirs = photo.id if photo else None, newest.photo_id
    if mine != theirs and (begun is None or begun.photo_id != theirs):
        if begun is not None and mine == begun.photo_id:
            return newest.photo, found
        found.append(Difference(form.photo.label.text, _("foto yang Anda pilih"), _("foto lain")))
    return photo, found


def merge_photos(form: PhotosForm, asked: Sequence[int], begun: Sequence[Shot], newest: Sequence[Shot]) -> list[str]:
    """Take the words that only the other tab changed into a form about the newest photos, and say what is different.

    Args:
        asked: the photos that the sent page asked about.
        begun: the photos as they were when it was opened, nothing when nobody knows.
        newest: the photos as they are now.
    """
    was, told = {each.photo_id: each.alt for each in begun}, []
    for place, each in enumerate(newest, 1):
        field = form[f"alt_{each.photo_id}"]
        if each.photo_id not in asked:
            told.append(_("Foto %(place)s baru ditambahkan.", place=place))
        elif each.alt in (field.data or "", was.get(each.photo_id)):
            continue
        elif (field.data or "") != was.get(each.photo_id):
            told.append(_("Foto %(place)s sekarang: %(words)s.", place=place, words=f"“{each.alt}”"))
            continue
        field.data = each.alt
    held = [each.photo_id for each in newest]
    if gone := [number for number in asked if number not in held]:
        told.append(_n("%(num)s foto sudah dihapus.", "%(num)s foto sudah dihapus.", len(gone)))
    if [number for number in asked if number in held] != [number for number in held if number in asked]:
        told.append(_("Urutannya sudah diubah."))
    return told or [_("Fotonya sendiri tidak berubah.")]


def _shown(name: str, value: Any, form: EditForm) -> str:
    if value in (None, ""):
        return _("kosong")
    if name == "weight":
        return show_grams(value)
    if name == "category":
        return next((str(each.label) for each in form.category.choices if each.value == str(value)), str(value))
    return str(value)
