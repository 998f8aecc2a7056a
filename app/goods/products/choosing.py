"""The choices of a product: added, reworded and removed through a curator; rested and counted at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from app.core import audit
from app.core.db import db
from app.core.errors import DomainError, StaleVersion
from app.core.i18n import _l
from app.core.policy import Actor
from app.goods.products import operations, queries, rules, shelving, wordings
from app.goods.products.models import Product, Revision, Variant
from app.goods.products.operations import Deleted, StaleWording
from app.goods.products.rules import Choice, Terms, Way, Wording
from app.goods.stock import operations as stock


class SameLabel(DomainError):
    """Buyers could not tell the two apart."""

    text = _l("Sudah ada pilihan dengan nama itu. Pakai nama lain, ya.")


class TooManyChoices(DomainError):
    """More than a page of a product can show."""

    text = _l("Satu produk paling banyak punya %(most)s pilihan.")


class LastChoice(DomainError):
    """Without it nothing would be left to buy."""

    text = _l("Ini pilihan terakhir yang dijual. Sembunyikan saja produknya.")


class FirstStays(DomainError):
    """The first choice belongs to the product for life."""

    text = _l("Pilihan pertama tidak bisa dihapus. Istirahatkan saja, atau ganti isinya.")


class StaleWay(StaleVersion):
    """How it is sold was changed from another phone meanwhile."""

    text = _l("Cara jualnya baru saja diubah dari HP lain. Periksa lagi, lalu simpan.")


def add(product: Product, terms: Terms, way: Way, *, first: str, version: int, by: Actor) -> Variant:
    """Offer one more choice; `first` is what the one is called that was there alone. Sent twice it is one.

    Raises:
        SameLabel: another choice has this name.
        TooManyChoices: there is no room for more.
        StaleWording: the product was changed since the form was opened.
    """
    wording = _worded(product)
    known = next((each for each in wording.choices if rules.same_label(each.label, terms.label)), None)
    if known is not None and rules.terms_of(known) == terms:
        return db.session.get_one(Variant, known.variant_id)
    if product.version != version:
        raise StaleWording(product)
    wording = replace(wording, label=first or wording.label)
    _check_label(terms.label, [wording.label, *(each.label for each in wording.choices)])
    if 1 + len(wording.choices) >= rules.MOST_CHOICES:
        raise TooManyChoices(product, most=rules.MOST_CHOICES)
    variant = Variant(product_id=product.id, position=1 + len(wording.choices), active=False)
    variant.label, variant.price, variant.unit = terms.label, terms.price, terms.unit
    variant.net_weight_g = terms.net_weight_g
    db.session.add(variant)
    db.session.flush()
    stock.open_stock(variant.id, way.quantity, by=by)
    _sell(variant, way)
    choice = Choice(variant.id, terms.label, terms.price, terms.unit, terms.net_weight_g)
    operations.revise(product, replace(wording, choices=(*wording.choices, choice)), version=version, by=by)
    return variant


def reword(product: Product, variant: Variant, terms: Terms, *, version: int, by: Actor) -> Revision | None:
    """Change what a choice is called and costs; None when nothing is different.

    Raises:
        SameLabel: another choice has this name.
        StaleWording: the product was changed since the form was opened.
    """
    wording = _worded(product)
    labels = {0: wording.label} | {each.variant_id: each.label for each in wording.choices}
    mine = variant.id if variant.id in labels else 0
    _check_label(terms.label, [label for key, label in labels.items() if key != mine])
    if mine:
        choice = Choice(variant.id, terms.label, terms.price, terms.unit, terms.net_weight_g)
        choices = tuple(choice if each.variant_id == variant.id else each for each in wording.choices)
        wording = replace(wording, choices=choices)
    else:
        wording = replace(
            wording, label=terms.label, price=terms.price, unit=terms.unit, net_weight_g=terms.net_weight_g
        )
    return operations.revise(product, wording, version=version, by=by)


def drop(product: Product, variant: Variant, *, version: int, by: Actor) -> None:
    """Sell a choice no more: it rests at once, and the next wording is without it. Dropped twice it is gone once.

    Raises:
        FirstStays: it is the one that the product keeps for life.
        LastChoice: nothing would be left to buy.
        StaleWording: the product was changed since the page was opened.
    """
    wording = _worded(product)
    if queries.list_variants(product.id)[0].id == variant.id:
        raise FirstStays(variant)
    left = tuple(each for each in wording.choices if each.variant_id != variant.id)
    if left == wording.choices:
        return
    _check_left(product, variant)
    operations.revise(product, replace(wording, choices=left), version=version, by=by)
    _rest(product, variant)


def rest(product: Product, variant: Variant, *, by: Actor) -> None:
    """Stop selling one choice at once, until she wakes it; resting it twice changes nothing.

    Raises:
        LastChoice: nothing would be left to buy.
    """
    queries.lock(product)
    db.session.refresh(variant)
    if variant.paused:
        return
    _check_left(product, variant)
    _rest(product, variant)
    audit.record(by, "product.choice_rested", product, variant=variant.id)


def wake(product: Product, variant: Variant, *, by: Actor) -> None:
    """Sell a choice again that rested; what no curator has seen yet waits on."""
    queries.lock(product)
    db.session.refresh(variant)
    if not variant.paused:
        return
    variant.paused = False
    variant.active = variant.id in _approved(product)
    db.session.flush()
    shelving.shelve(product)
    audit.record(by, "product.choice_woken", product, variant=variant.id)


def sell_so(product: Product, variant: Variant, way: Way, *, seen: Way, by: Actor) -> None:
    """Say how a choice is sold: counted, made to order, or always there. The same answer twice changes nothing.

    Raises:
        StaleWay: it is not sold as she saw it.
        Promised: buyers were promised more than she counts.
    """
    queries.lock(product)
    stock.lock([variant.id])
    db.session.refresh(variant)
    held = rules.way_of(variant)
    if held == replace(way, quantity=0):
        return
    if held != replace(seen, quantity=0):
        raise StaleWay(held)
    if way.mode == "counted" and held.mode != "counted":
        stock.count_again(variant.id, way.quantity, by=by)
    _sell(variant, way)
    shelving.shelve(product)
    audit.record(by, "product.sold_so", product, variant=variant.id, way=way.mode)


def _worded(product: Product) -> Wording:
    """Queue for a product and return its newest wording."""
    queries.lock(product)
    if product.state == "deleted":
        raise Deleted(product)
    return wordings.read(queries.newest_revision(product))


def _check_label(label: str, others: Iterable[str]) -> None:
    if any(rules.same_label(label, other) for other in others):
        raise SameLabel(label)


def _check_left(product: Product, variant: Variant) -> None:
    """Refuse to leave buyers a page with nothing on it, now or when the newest wording is approved."""
    others = {each.id: each for each in queries.list_variants(product.id) if each.id != variant.id and not each.paused}
    newest = queries.newest_revision(product)
    first = queries.list_variants(product.id)[0].id
    offered = {first, *(each.variant_id for each in newest.choices)}
    approved = _approved(product) if product.approved_revision_id else offered
    if not others.keys() & offered or not others.keys() & approved:
        raise LastChoice(variant)


def _approved(product: Product) -> set[int]:
    """Return the ids of the choices that a curator said yes to."""
    if product.approved_revision_id is None:
        return set()
    approved = db.session.get_one(Revision, product.approved_revision_id)
    return {queries.list_variants(product.id)[0].id, *(each.variant_id for each in approved.choices)}


def _rest(product: Product, variant: Variant) -> None:
    variant.paused, variant.active = True, False
    db.session.flush()
    shelving.shelve(product)


def _sell(variant: Variant, way: Way) -> None:
    variant.stock_mode, variant.lead_days, variant.day_capacity = way.mode, way.lead_days, way.day_capacity
    if way.mode != "counted":
        stock.stop_counting(variant.id)
    db.session.flush()
