"""What is missing on a product page: a list, and one question on one screen with its own address."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.db import transaction
from app.core.errors import DomainError
from app.core.forms import posted
from app.core.i18n import _
from app.core.policy import allow, current_actor
from app.goods.categories.queries import list_categories
from app.goods.delivery import words as delivery
from app.goods.delivery.queries import get_terms
from app.goods.photos import queries as pictures
from app.goods.photos.models import Photo
from app.goods.products import filling, merging, policies, queries, question_forms, rules, wordings, words
from app.goods.products.door import bp
from app.goods.products.operations import StaleWording
from app.goods.products.queries import Item
from app.goods.products.question_forms import Had, Kind, PhotosForm, Question
from app.goods.products.receiving import take_photo
from app.goods.products.rules import Shot
from app.kit import digits


def _asking(question: str) -> Callable[..., ResponseReturnValue]:
    @allow(policies.owns, queries.get_item)
    def ask(item: Item) -> ResponseReturnValue:
        return _ask(item, question)

    return ask


for _key in question_forms.ALL:
    address = f"/jualan/produk/<id:product_id>/isi/{_key}"
    bp.add_url_rule(address, f"ask_{_key}", _asking(_key), methods=["GET", "POST"])


def _ask(item: Item, question: str) -> ResponseReturnValue:
    """Ask one thing about a product, and go back to the list of what is missing."""
    form = question_forms.ALL[question]()
    if isinstance(form, Kind):
        form.offer(list_categories())
    if not form.is_submitted():
        form.fill(item.newest, item.product)
        form.version.data = str(form.standing(item.product))
        return _question_page(form, item)
    if not form.validate():
        return _question_page(form, item), 422
    try:
        with transaction():
            _store(form, item)
    except StaleWording as refusal:
        newer = queries.get_item(item.product.id)
        form.version.data = str(form.standing(newer.product))
        return _question_page(form, newer, stale=True), refusal.status
    except DomainError as refusal:
        form.form_errors = [str(refusal)]
        return _question_page(form, item), refusal.status
    flash(_draft(item, question), "draft-done")
    flash(_("Tersimpan."), "success")
    return _to_list(item)


def _draft(item: Item, question: str) -> str:
    """Return under which name a phone keeps what was typed here."""
    return f"isi-{item.product.id}-{question}-{current_actor().id}"


def _store(form: Question, item: Item) -> None:
    product, by = item.product, current_actor()
    if isinstance(form, Had):
        place, brought, bazaars = form.ambil.data, form.antar.data, form.bazar.data
        seen = form.seen_version()
        filling.can_be_had(product, pickup=place, delivered=brought, at_bazaars=bazaars, seen=seen, by=by)
        return
    filling.answer(product, form.said(), version=form.seen_version(), by=by)


def _to_list(item: Item) -> ResponseReturnValue:
    return redirect(url_for("products.show", product_id=item.product.id, _anchor="kurang"), 303)


def _question_page(form: Question, item: Item, *, stale: bool = False) -> str:
    gaps = filling.list_gaps(item)
    return render_template(
        "goods/products/question.html",
        form=form,
        item=item,
        words=words,
        stale=stale,
        draft=_draft(item, form.field),
        done=sum(each.done for each in gaps),
        total=len(gaps),
        delivered=delivery.said_where(get_terms(item.product.shop_id)) if isinstance(form, Had) else "",
    )


@bp.route("/jualan/produk/<id:product_id>/isi/foto", methods=["GET", "POST"])
@allow(policies.owns, queries.get_item)
def arrange_photos(item: Item) -> ResponseReturnValue:
    """Show every photo of a product with what is said of it; the first is the cover."""
    shots = _shots(item)
    form = question_forms.photos_of([each.photo_id for each in shots])
    if not form.is_submitted():
        form.tell(shots)
        form.version.data = str(item.product.version)
        return _photos_page(form, item, None)
    photo = take_photo(form, item.product.shop)
    if form.photo_refusal:
        form.note("photo", form.photo_refusal)
    if not form.validate() or form.photo_refusal:
        return _photos_page(form, item, photo), 422
    try:
        with transaction():
            change = _arranged(posted("langkah"), form.said(), photo, form.alt_new.data or "")
            filling.arrange(item.product, change, version=form.seen_version(), by=current_actor())
    except StaleWording as refusal:
        return _stale_photos(form, queries.get_item(item.product.id), photo), refusal.status
    except DomainError as refusal:
        newer = queries.get_item(item.product.id)
        form.form_errors = [str(refusal)]
        form.version.data = str(newer.product.version)
        return _photos_page(form, newer, photo), refusal.status
    flash(_draft(item, "foto"), "draft-done")
    flash(_("Tersimpan."), "success")
    return redirect(url_for("products.arrange_photos", product_id=item.product.id), 303)


def _arranged(
    step: str, alts: Mapping[int, str], photo: Photo | None, alt: str
) -> Callable[[list[Shot]], Sequence[Shot]]:
    """Return what a button does to the photos: `naik-7` moves one forward, `utama-7` to the front, `hapus-7` out."""
    act, _dash, number = step.partition("-")
    chosen = digits.whole(number)

    def change(shots: list[Shot]) -> Sequence[Shot]:
        said = [replace(each, alt=alts.get(each.photo_id, each.alt)) for each in shots]
        if photo is not None and photo.id not in {each.photo_id for each in said}:
            said.append(Shot(photo.id, alt))
        place = next((place for place, each in enumerate(said) if each.photo_id == chosen), None)
        if place is None:
            return said
        moved = said.pop(place)
        if act == "naik":
            said.insert(max(0, place - 1), moved)
        elif act == "utama":
            said.insert(0, moved)
        elif act != "hapus":
            said.insert(place, moved)
        return said

    return change


def _stale_photos(sent: PhotosForm, newer: Item, photo: Photo | None) -> str:
    """Ask about the photos of now, with what was typed about those that are still there, and say what is different."""
    begun, now = queries.find_begun(newer.newest, sent.seen_version()), _shots(newer)
    form = question_forms.photos_of([each.photo_id for each in now])
    known = rules.as_shots(wordings.read(begun)) if begun else []
    asked = [number for name in request.form if (number := digits.whole(name.removeprefix("alt-"))) is not None]
    different = merging.merge_photos(form, asked, known, now)
    form.version.data = str(newer.product.version)
    return _photos_page(form, newer, photo, different)


def _shots(item: Item) -> list[Shot]:
    return rules.as_shots(wordings.read(item.newest))


def _photos_page(form: Any, item: Item, photo: Photo | None, different: Sequence[str] = ()) -> str:
    form.kept_photo.data = pictures.ticket(photo) if photo else ""
    found = {each.id: each for each in queries.list_photos([shot.photo_id for shot in _shots(item)])}
    shown = [(shot.photo_id, pictures.picture(found.get(shot.photo_id))) for shot in _shots(item)]
    shown = [(number, picture) for number, picture in shown if f"alt_{number}" in form]
    return render_template(
        "goods/products/photos.html",
        form=form,
        item=item,
        shown=shown,
        room=len(shown) < rules.MOST_PHOTOS,
        most=rules.MOST_PHOTOS,
        picture=pictures.picture(photo),
        different=different,
        draft=_draft(item, "foto"),
    )
