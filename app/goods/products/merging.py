"""Two tabs on one product: what the other one saved, beside what was typed here; nothing is lost on either side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from app.core.i18n import _
from app.goods.photos.models import Photo
from app.goods.products import queries
from app.goods.products.forms import EditForm
from app.goods.products.models import Product, Revision
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
    begun = queries.find_revision(product, form.seen_version())
    found = []
    for name, held in _FIELDS.items():
        field, now = form[name], held(newest)
        typed = field.data if field.data is not None else ("" if name == "description" else None)
        if typed == now:
            continue
        if begun is not None and typed == held(begun):
            field.data = now
            if hasattr(field, "typed"):
                field.typed = None
            continue
        found.append(Difference(field.label.text, _shown(name, typed, form), _shown(name, now, form)))
    mine, theirs = photo.id if photo else None, newest.photo_id
    if mine != theirs:
        if begun is not None and mine == begun.photo_id:
            return newest.photo, found
        found.append(Difference(form.photo.label.text, _("foto yang Anda pilih"), _("foto lain")))
    return photo, found


def _shown(name: str, value: Any, form: EditForm) -> str:
    if value in (None, ""):
        return _("kosong")
    if name == "weight":
        return show_grams(value)
    if name == "category":
        return next((str(each.label) for each in form.category.choices if each.value == str(value)), str(value))
    return str(value)
