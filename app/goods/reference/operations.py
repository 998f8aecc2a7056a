"""Changing the lists that curators keep. Each change is a line of the history; what buyers find follows at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, select, update

from app.core import audit
from app.core.db import advisory_lock, db
from app.core.errors import DomainError, StaleVersion
from app.core.i18n import _l
from app.core.policy import Actor
from app.goods.categories.models import BusinessType, Category, FormerCategory
from app.goods.curation.models import RefusalReason
from app.goods.permits.models import PaperNeed
from app.goods.products import queries as products
from app.goods.products import shelving
from app.goods.products.models import Product, Revision
from app.goods.reference import queries, rules
from app.goods.reference.models import ReferenceChange
from app.goods.reference.rules import CategoryFacts, ReasonFacts
from app.goods.shelf import operations as shelf
from app.goods.shelf.models import ShelfItem

LOCK: Final = 7_350_000_000_001


class Stale(StaleVersion):
    """Another curator saved it meanwhile; the subject is what it says now."""

    text = _l("Petugas lain baru saja mengubahnya. Lihat yang terbaru di bawah, lalu simpan lagi.")


class AddressTaken(DomainError):
    """Another category has this address, or once had it."""

    text = _l("Alamat ini sudah dipakai jenis lain.")


class TwoLevels(DomainError):
    """A category lies under an upper one or is one itself."""

    text = _l("Jenis hanya dua tingkat. Jenis yang punya anak tidak bisa dimasukkan ke jenis lain.")


class UpperAddress(DomainError):
    """Calls of bazaars name upper categories by their address."""

    text = _l("Alamat jenis utama tidak bisa diganti, karena dipakai juga untuk kuota bazar.")


class NotBeside(DomainError):
    """What stands above others goes into another upper one, that holds no products itself."""

    text = _l("Pilih jenis utama lain yang tidak berisi produk langsung.")


class NotBelow(DomainError):
    """Products cannot go into a category that only holds others, nor into itself."""

    text = _l("Pilih jenis pengganti yang lain, yang tidak punya anak.")


class CodeTaken(DomainError):
    """Another reason has this check id."""

    text = _l("Kode ini sudah dipakai alasan lain.")


def add_category(facts: CategoryFacts, *, by: Actor) -> Category:
    """Make a new category.

    Raises:
        AddressTaken, TwoLevels: see there.
    """
    advisory_lock(LOCK)
    _check_parent(facts.parent_id, None)
    _check_slug(facts.slug, None)
    category = Category(**asdict(facts))
    db.session.add(category)
    db.session.flush()
    note("category", str(category.id), facts.name, {}, asdict(facts), by)
    audit.record(by, "category.added", category)
    return category


def edit_category(category: Category, facts: CategoryFacts, *, version: int, by: Actor) -> bool:
    """Change what a category says; cards, counts and index follow. Tells whether anything is different.

    Raises:
        Stale: it was saved elsewhere since the form was opened.
        AddressTaken, TwoLevels, UpperAddress: see there.
    """
    advisory_lock(LOCK)
    with shelf.regrouping([category.id]):
        db.session.refresh(category, with_for_update=True)
        before = asdict(facts_of(category))
        if before == asdict(facts):
            return False
        if category.version != version:
            raise Stale(category)
        _check_parent(facts.parent_id, category)
        _check_slug(facts.slug, category)
        _rename_address(category, facts.slug)
        for name, value in asdict(facts).items():
            setattr(category, name, value)
        category.version += 1
        db.session.flush()
    if before["legality"] != facts.legality:
        rebadge(ShelfItem.category_id == category.id)
    note("category", str(category.id), facts.name, before, asdict(facts), by)
    audit.record(by, "category.changed", category)
    return True


def merge_category(category: Category, into: Category, *, version: int, by: Actor) -> int:
    """Put a category into another: every product, whatever its state, moves along; returns how many cards moved.

    What stands above others hands its own to another upper one; with products of its own it stays, as one of them.
    The old address leads to the new one, and so does a form that was open meanwhile.

    Raises:
        Stale: it was saved elsewhere since the page was opened.
        NotBeside, NotBelow: see there.
    """
    advisory_lock(LOCK)
    below = queries.list_below(category.id)
    with shelf.regrouping([category.id, into.id, *(each.id for each in below)]):
        for each in (category, into, *below):
            db.session.refresh(each, with_for_update=True)
        if category.version != version:
            raise Stale(category)
        moved = _hand_over(category, below, into, by) if below else _move_all(category, into)
    if category.parent_id == into.id and below:
        audit.record(by, "category.changed", category)
        return moved
    before, key = asdict(facts_of(category)), category.id
    note("category", str(key), category.name, before, {}, by)
    audit.record(by, "category.merged", category, into=into.id, products=moved)
    db.session.execute(delete(Category).where(Category.id == key))
    return moved


def _hand_over(category: Category, below: Sequence[Category], into: Category, by: Actor) -> int:
    """Put what stands below one upper category below another; returns how many cards stand there."""
    holds = not queries.has_children(into.id) and queries.was_ever_said(into.id)
    if into.id == category.id or into.parent_id is not None or holds:
        raise NotBeside(into)
    moved = len(db.session.scalars(select(ShelfItem.product_id).where(ShelfItem.top_category_id == category.id)).all())
    stays = queries.was_ever_said(category.id)
    for each in (*below, *([category] if stays else [])):
        before = asdict(facts_of(each))
        each.parent_id = into.id
        each.version += 1
        note("category", str(each.id), each.name, before, asdict(facts_of(each)), by)
    db.session.flush()
    if not stays:
        _lead_on(category, into)
    return moved


def _move_all(category: Category, into: Category) -> int:
    if into.id == category.id or queries.has_children(into.id):
        raise NotBelow(into)
    cards = select(ShelfItem.product_id).where(ShelfItem.category_id == category.id)
    moved = len(db.session.scalars(cards).all())
    shelf.move_category(category.id, into.id)
    said = update(Revision).where(Revision.category_id == category.id).values(category_id=into.id)
    db.session.execute(said.execution_options(synchronize_session=False))
    _lead_on(category, into)
    return moved


def _lead_on(category: Category, into: Category) -> None:
    """Let the address and the number of a category that goes lead to another, and business types find it."""
    steps: tuple[Any, ...] = (
        update(BusinessType).where(BusinessType.category_slug == category.slug).values(category_slug=into.slug),
        update(FormerCategory).where(FormerCategory.category_id == category.id).values(category_id=into.id),
    )
    for step in steps:
        db.session.execute(step.execution_options(synchronize_session=False))
    db.session.add(FormerCategory(slug=category.slug, former_id=category.id, category_id=into.id))
    db.session.flush()


def edit_reason(reason: RefusalReason, facts: ReasonFacts, *, version: int, by: Actor) -> bool:
    """Change what a reason says from now on; what was answered before stays as it was read.

    Raises:
        Stale: it was saved elsewhere since the form was opened.
    """
    db.session.refresh(reason, with_for_update=True)
    before = ReasonFacts(reason.sentence, reason.field, reason.active)
    if before == facts:
        return False
    if reason.version != version:
        raise Stale(reason)
    reason.sentence, reason.field, reason.active = facts.sentence, facts.field, facts.active
    reason.version += 1
    note("reason", reason.code, facts.sentence, asdict(before), asdict(facts), by)
    audit.record(by, "reason.changed", f"refusal_reason:{reason.code}")
    return True


def add_reason(code: str, facts: ReasonFacts, *, by: Actor) -> RefusalReason:
    """Offer one more reason, after all others.

    Raises:
        CodeTaken: another has this check id.
    """
    advisory_lock(LOCK)
    if db.session.get(RefusalReason, code) is not None:
        raise CodeTaken(code)
    last = max((each.position for each in queries.list_reasons()), default=0)
    reason = RefusalReason(code=code, position=last + 1, **asdict(facts))
    db.session.add(reason)
    db.session.flush()
    note("reason", code, facts.sentence, {}, asdict(facts), by)
    audit.record(by, "reason.added", f"refusal_reason:{code}")
    return reason


def set_papers(sector: str, kinds: list[str], *, seen: list[str], by: Actor) -> bool:
    """Say which papers every business of a sector needs.

    Raises:
        Stale: they are not those that the curator saw when she began.
    """
    advisory_lock(LOCK)
    held = sorted(db.session.scalars(select(PaperNeed.kind).where(PaperNeed.sector == sector)))
    if held == sorted(kinds):
        return False
    if held != sorted(seen):
        raise Stale(sector)
    db.session.execute(delete(PaperNeed).where(PaperNeed.sector == sector))
    db.session.add_all([PaperNeed(sector=sector, kind=kind) for kind in kinds])
    db.session.flush()
    note("paper", sector, sector, {"papers": held}, {"papers": sorted(kinds)}, by)
    audit.record(by, "papers.changed", f"paper_need:{sector}")
    return True


def facts_of(category: Category) -> CategoryFacts:
    """Return what a category says now."""
    return CategoryFacts(
        name=category.name,
        name_en=category.name_en,
        slug=category.slug,
        parent_id=category.parent_id,
        legality=category.legality,
        note=category.note,
        position=category.position,
        storage=category.storage,
        shelf_life_days=category.shelf_life_days,
    )


def _check_parent(parent_id: int | None, category: Category | None) -> None:
    if parent_id is None:
        return
    parent = db.session.get(Category, parent_id)
    if parent is None or parent.parent_id is not None or (category is not None and parent_id == category.id):
        raise TwoLevels(category)
    if category is not None and queries.has_children(category.id):
        raise TwoLevels(category)


def _check_slug(slug: str, category: Category | None) -> None:
    own = category.id if category else 0
    taken = db.session.scalar(select(Category.id).where(Category.slug == slug, Category.id != own))
    former = db.session.get(FormerCategory, slug)
    if taken is not None or (former is not None and former.category_id != own):
        raise AddressTaken(slug)
    if category is not None and category.parent_id is None and slug != category.slug:
        raise UpperAddress(category)


def _rename_address(category: Category, slug: str) -> None:
    """Let the old address lead to the new one, and business types find it."""
    if category.slug == slug:
        return
    db.session.execute(delete(FormerCategory).where(FormerCategory.slug == slug))
    db.session.add(FormerCategory(slug=category.slug, former_id=category.id, category_id=category.id))
    types = update(BusinessType).where(BusinessType.category_slug == category.slug).values(category_slug=slug)
    db.session.execute(types.execution_options(synchronize_session=False))


def rebadge(which: ColumnElement[bool]) -> None:
    """Show on some cards the papers that speak of them now."""
    query = select(Product).join(ShelfItem, ShelfItem.product_id == Product.id)
    for product in db.session.scalars(query.where(which).order_by(Product.id)).all():
        products.lock(product)
        shelving.shelve(product)


def note(which: str, key: str, name: str, before: dict[str, Any], after: dict[str, Any], by: Actor) -> None:
    """Write a line of the history: what differs."""
    said = rules.difference(before, after)
    row = ReferenceChange(list=which, key=key, name=name[:200], before=said[0], after=said[1], by_id=by.id)
    db.session.add(row)
    db.session.flush()
