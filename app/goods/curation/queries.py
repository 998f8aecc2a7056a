"""Questions of a curator: what waits, what it was before, what was answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from app.core.db import db
from app.core.errors import NotFound
from app.core.policy import Actor
from app.goods.categories.claims import medical_claims
from app.goods.curation import rules
from app.goods.curation.models import Decision, RefusalReason
from app.goods.curation.rules import Place
from app.goods.photos.queries import picture
from app.goods.photos.rules import Picture
from app.goods.products.licences import keeping_of, kinds_for
from app.goods.products.models import Product, Revision, RevisionPhoto
from app.goods.products.queries import lock as lock_product
from app.goods.shelf.models import ShelfItem
from app.goods.shops.models import Shop
from app.goods.shops.queries import related
from app.kit import words
from app.kit.rupiah import Rupiah
from app.people.accounts.models import Account
from app.people.places.queries import inside, settings_of

PAGE = 20


@dataclass(frozen=True)
class Shown:
    """A photo after the cover: where it is, what it shows in words, whether it is new."""

    picture: Picture | None
    alt: str
    new: bool


@dataclass(frozen=True)
class Queued:
    """A wording that waits: its id, its name, and whether something sells before it."""

    id: int
    name: str
    before: bool


@dataclass(frozen=True)
class Case:
    """A wording with what a curator needs beside it: the one that sells now, and the answer if there is one."""

    revision: Revision
    before: Revision | None
    decision: Decision | None
    decided_by: str

    @property
    def product(self) -> Product:
        """The product that the wording is about."""
        return self.revision.product

    @property
    def shop(self) -> Shop:
        """The shop that asks."""
        return self.revision.product.shop

    @property
    def picture(self) -> Picture | None:
        """Addresses of its photo."""
        return picture(self.revision.photo)

    @property
    def picture_before(self) -> Picture | None:
        """Addresses of the photo that sells now."""
        return picture(self.before.photo) if self.before else None

    @property
    def more(self) -> list[Shown]:
        """Its further photos, and which of them are new."""
        sold = self.before or self.revision
        known = {sold.photo_id, *(each.photo_id for each in sold.photos)}
        return [_shown(each, new=each.photo_id not in known) for each in self.revision.photos]

    @property
    def more_before(self) -> list[Shown]:
        """The further photos that sell now."""
        return [_shown(each, new=False) for each in self.before.photos] if self.before else []

    @property
    def hindrances(self) -> list[str]:
        """Why it must be looked at by itself: codes, empty when it may be approved with others."""
        before, after = self.before, self.revision
        if before is None:
            return ["new"]
        sold = {each.variant_id: each for each in before.choices}
        far = [rules.moved_too_far(before, after), rules.amounts(before.name) != rules.amounts(after.name)]
        far += [
            each.variant_id not in sold or rules.moved_too_far(sold[each.variant_id], each) for each in after.choices
        ]
        shown = [[each.photo_id, *(more.photo_id for more in each.photos)] for each in (before, after)]
        found = {"photo": shown[0] != shown[1], "price": any(far), "claim": _claims(before) != _claims(after)}
        return [code for code, holds in found.items() if holds]

    @property
    def deadline(self) -> datetime:
        """By when the seller was promised an answer."""
        days = int(settings_of(self.product.regency_code).get("curation.days"))
        return rules.deadline(self.revision.submitted_at, days)


def _shown(row: RevisionPhoto, *, new: bool) -> Shown:
    return Shown(picture(row.photo), row.alt, new)


def _claims(revision: Revision) -> tuple[object, ...]:
    """Return what a wording claims: in words, of what is in it, how it keeps, and so which papers may speak of it."""
    labels = (revision.label, revision.unit, *(said for each in revision.choices for said in (each.label, each.unit)))
    seen = (revision.photo_alt, *(each.alt for each in revision.photos))
    made = (revision.name, revision.description, revision.ingredients, revision.origin or "")
    text = " ".join((*made, *labels, *seen))
    inside = (revision.allergens, revision.warnings, revision.origin, keeping_of(revision))
    return rules.claims_in(words.split(text), medical_claims(text)), revision.category_id, inside, kinds_for(revision)


def get_case(revision_id: int) -> Case:
    """Return a wording with its surroundings: the loader of the review page.

    Raises:
        NotFound: no wording has this id.
    """
    other = aliased(Revision)
    product = select(other.product_id).where(other.id == revision_id).scalar_subquery()
    query = _worded(_whole()).where(Revision.product_id == product)
    query = query.where(or_(Revision.id == revision_id, Revision.id == Product.approved_revision_id))
    found = {each.id: each for each in db.session.scalars(query).unique()}
    if revision_id not in found:
        raise NotFound(revision_id)
    return _case(found[revision_id], found, _answers([found[revision_id]]).get(revision_id))


def list_waiting(after: Place | None = None, limit: int = PAGE, *, scope: Actor) -> list[Case]:
    """Return what waits for this curator, oldest first, one more than `limit` when there are more."""
    query = _worded().where(*_waiting(scope))
    if after is not None:
        query = query.where(_later(after))
    query = query.order_by(Revision.submitted_at, Revision.id).limit(limit + 1)
    return _cases(list(db.session.scalars(query)))


def find_neighbours(case: Case, *, scope: Actor) -> tuple[int | None, int | None]:
    """Return the ids of the waiting wordings before and after this one by age, None at the ends."""
    place = Place(case.revision.submitted_at, case.revision.id)
    waiting = select(Revision.id).join(Revision.product).join(Product.shop).where(*_waiting(scope))
    earlier = or_(Revision.submitted_at < place.at, and_(Revision.submitted_at == place.at, Revision.id < place.id))
    former = waiting.where(earlier).order_by(Revision.submitted_at.desc(), Revision.id.desc()).limit(1)
    following = waiting.where(_later(place)).order_by(Revision.submitted_at, Revision.id).limit(1)
    row = db.session.execute(select(former.scalar_subquery(), following.scalar_subquery())).one()
    return row[0], row[1]


def list_queue(limit: int, *, scope: Actor) -> list[Queued]:
    """Return by name what waits for this curator, oldest first."""
    query = select(Revision.id, Revision.name, Product.approved_revision_id.is_not(None))
    query = query.join(Revision.product).join(Product.shop).where(*_waiting(scope))
    rows = db.session.execute(query.order_by(Revision.submitted_at, Revision.id).limit(limit))
    return [Queued(number, name, bool(before)) for number, name, before in rows]


def find_next(case: Case, *, scope: Actor) -> int | None:
    """Return what to look at after this one: the next by age, else the oldest that waits; None when all is done."""
    former, following = find_neighbours(case, scope=scope)
    if following or not former:
        return following
    oldest = select(Revision.id).join(Revision.product).join(Product.shop).where(*_waiting(scope))
    return db.session.scalar(oldest.order_by(Revision.submitted_at, Revision.id).limit(1))


def list_decided(before_id: int | None = None, limit: int = PAGE, *, scope: Actor) -> list[Case]:
    """Return what was answered in this curator's region, newest first, one more than `limit` when there are more."""
    query = (
        _worded()
        .join(Decision, Decision.revision_id == Revision.id)
        .where(inside(Product.regency_code, [scope.region_code]))
    )
    if before_id is not None:
        query = query.where(Decision.id < before_id)
    return _cases(list(db.session.scalars(query.order_by(Decision.id.desc()).limit(limit + 1))))


def list_products(state: str, after: Place | None = None, limit: int = PAGE, *, scope: Actor) -> list[Case]:
    """Return products of this curator's region in a state as their approved wording, the latest on sale first."""
    query = _worded().where(inside(Product.regency_code, [scope.region_code]), Product.state == state)
    query = query.where(Revision.id == Product.approved_revision_id)
    if after is not None:
        same = and_(Product.published_at == after.at, Product.id < after.id)
        query = query.where(or_(Product.published_at < after.at, same))
    order = (Product.published_at.desc(), Product.id.desc())
    return _cases(list(db.session.scalars(query.order_by(*order).limit(limit + 1))))


def count_waiting(*, scope: Actor) -> int:
    """Count what waits for this curator."""
    return db.session.scalar(select(still_waiting(scope))) or 0


def still_waiting(scope: Actor) -> ColumnElement[int]:
    """Count the same within another question."""
    query = select(func.count()).select_from(Revision).join(Revision.product).join(Product.shop)
    return query.where(*_waiting(scope)).scalar_subquery()


def lock(revision: Revision) -> None:
    """Queue for a product, then for its wording, and read both again."""
    lock_product(revision.product)
    query = select(Revision).where(Revision.id == revision.id).with_for_update()
    db.session.scalars(query, execution_options={"populate_existing": True}).one()


def list_reasons() -> list[RefusalReason]:
    """Return the ready sentences, in the order in which they are offered."""
    query = select(RefusalReason).where(RefusalReason.active).order_by(RefusalReason.position, RefusalReason.code)
    return list(db.session.scalars(query))


def find_reason(code: str) -> RefusalReason | None:
    """Return a ready sentence, or None."""
    return db.session.get(RefusalReason, code)


def find_price_range(category_id: int) -> tuple[Rupiah, Rupiah] | None:
    """Return the lowest and the highest price on the shelf of a category, None while it is empty."""
    prices = select(func.min(ShelfItem.price), func.max(ShelfItem.price)).where(ShelfItem.category_id == category_id)
    row: Any = db.session.execute(prices).one()
    return None if row[0] is None else (row[0], row[1])


def find_newest_waiting(product: Product) -> int | None:
    """Return the id of the wording of a product that waits, or None."""
    return db.session.scalar(select(Revision.id).where(Revision.product_id == product.id, Revision.state == "waiting"))


def _worded(beside: tuple[Any, ...] | None = None) -> Select[Revision]:
    query = select(Revision).join(Revision.product).join(Product.shop)
    loaded = contains_eager(Revision.product).contains_eager(Product.shop)
    return query.options(loaded, joinedload(Revision.photo), joinedload(Revision.category), *(beside or _beside()))


def _whole() -> tuple[Any, ...]:
    """Load further choices and photos of one wording together with it."""
    return joinedload(Revision.choices), joinedload(Revision.photos).joinedload(RevisionPhoto.photo)


def _beside() -> tuple[Any, ...]:
    """Load further choices and photos, each in one question for the whole list."""
    return selectinload(Revision.choices), selectinload(Revision.photos).joinedload(RevisionPhoto.photo)


def _waiting(scope: Actor) -> tuple[ColumnElement[bool], ...]:
    """Say what waits for somebody: in the region, of a product that is still there, entered by somebody else."""
    return (
        Revision.state == "waiting",
        Product.state != "deleted",
        inside(Product.regency_code, [scope.region_code]),
        Revision.submitted_by_id != scope.id,
        Shop.owner_id != scope.id,
        ~related(scope),
    )


def _later(place: Place) -> ColumnElement[bool]:
    return or_(Revision.submitted_at > place.at, and_(Revision.submitted_at == place.at, Revision.id > place.id))


def _cases(revisions: list[Revision]) -> list[Case]:
    """Load the wordings that sell now and the answers, each in one question."""
    sold = {revision.product.approved_revision_id for revision in revisions} - {None}
    query = select(Revision).options(joinedload(Revision.photo), joinedload(Revision.category), *_beside())
    before = {each.id: each for each in db.session.scalars(query.where(Revision.id.in_(sold)))}
    decisions = _answers(revisions)
    return [_case(each, before, decisions.get(each.id)) for each in revisions]


def _answers(revisions: list[Revision]) -> dict[int, Any]:
    """Return the answers with the names of who gave them; what waits has none."""
    answered = [each.id for each in revisions if each.state != "waiting"]
    if not answered:
        return {}
    query = select(Decision, Account.name).join(Account, Account.id == Decision.by_id)
    return {row[0].revision_id: row for row in db.session.execute(query.where(Decision.revision_id.in_(answered)))}


def _case(revision: Revision, before: dict[int, Revision], answer: Any) -> Case:
    sold_id = revision.product.approved_revision_id
    sold = before.get(sold_id) if sold_id and sold_id != revision.id else None
    return Case(revision, sold, answer[0] if answer else None, answer[1] if answer else "")
