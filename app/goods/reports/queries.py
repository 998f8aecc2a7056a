"""Questions about reports: what waits for a curator, what a product was reported for, who stops what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, func, select

from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.core.policy import Actor
from app.goods.curation import rules as curation
from app.goods.products.models import Product, Revision
from app.goods.products.queries import Item, get_item
from app.goods.reports import rules
from app.goods.reports.models import Hold, Report
from app.goods.shops.models import Shop
from app.goods.shops.queries import related
from app.people.places.queries import inside, settings_of

PAGE: Final = 20
SHOWN: Final = 50
_is_held = Hold.ended_at.is_(None)


@dataclass(frozen=True)
class Case:
    """A product with the reports about it that wait, the oldest first, and since when it is off sale for them.

    Of very many only the first SHOWN are read; `people` counts all, `newest` is the id of the last.
    """

    item: Item
    reports: Sequence[Report]
    people: int
    newest: int
    hold: Hold | None

    @property
    def product(self) -> Product:
        """The product that is reported."""
        return self.item.product

    @property
    def deadline(self) -> datetime | None:
        """By when somebody should have looked; None when nothing waits."""
        days = int(settings_of(self.product.regency_code).get("curation.days"))
        return curation.deadline(self.reports[0].made_at, days) if self.reports else None


@dataclass(frozen=True)
class Waiting:
    """A line of the inbox: a reported product, how many people say what, since when."""

    product_id: int
    name: str
    shop: str
    held: bool
    kinds: tuple[str, ...]
    people: int
    since: datetime
    deadline: datetime
    place: str


def get_case(product_id: int) -> Case:
    """Return the reports about a product: the loader of the curator's page.

    Raises:
        NotFound: there is no such product, or nobody ever reported it.
    """
    waiting = Report.closed_at.is_(None)
    counted = func.count(), func.count().filter(waiting), func.max(Report.id).filter(waiting)
    counts = select(*counted).where(Report.product_id == product_id).subquery()
    query = select(*counts.c, Hold).outerjoin_from(counts, Hold, and_(Hold.product_id == product_id, _is_held))
    row: Any = db.session.execute(query).one()
    ever, people, newest, hold = row
    if not ever:
        raise NotFound(product_id)
    told = select(Report).where(Report.product_id == product_id, waiting).order_by(Report.id).limit(SHOWN)
    return Case(get_item(product_id), db.session.scalars(told).all(), people, newest or 0, hold)


def find_public(slug: str) -> Product | None:
    """Return a product that strangers can see, on sale or not, by its address; else None."""
    query = select(Product).join(Product.shop).where(Product.slug == slug, Product.state.in_(rules.SEEN))
    seen = (Product.approved_revision_id.is_not(None), Shop.state != "ended", Shop.withheld_at.is_(None))
    return db.session.scalar(query.where(*seen))


def find_answered(slug: str) -> Product | None:
    """Return a product that was taken off sale for good after somebody reported it, by its address; else None."""
    reported = select(Report.id).where(Report.product_id == Product.id).exists()
    query = select(Product).join(Product.shop).where(Product.slug == slug, Product.state == "withdrawn", reported)
    return db.session.scalar(query.where(Product.approved_revision_id.is_not(None), Shop.withheld_at.is_(None)))


def name_of(product: Product) -> str:
    """Return what buyers call a product."""
    return db.session.scalar(select(Revision.name).where(Revision.id == product.approved_revision_id)) or ""


def find_waiting(product_id: int, reporter: str) -> Report | None:
    """Return what this person has said against a product and nobody has answered, or None."""
    query = select(Report).where(Report.product_id == product_id, Report.reporter == reporter)
    return db.session.scalar(query.where(Report.closed_at.is_(None)))


def find_answer(product_id: int) -> Report | None:
    """Return the last report about a product when it was answered lately and nothing waits, else None."""
    query = select(Report).where(Report.product_id == product_id).order_by(Report.closed_at.is_(None).desc())
    last = db.session.scalar(query.order_by(Report.closed_at.desc(), Report.id.desc()).limit(1))
    return last if last is not None and last.closed_at and last.closed_at > now() - rules.TRUSTED_FOR else None


def find_hold(product_id: int) -> Hold | None:
    """Return since when a product is off sale for reports, None when it is not."""
    return db.session.scalar(select(Hold).where(Hold.product_id == product_id, _is_held))


def list_waiting_of(product_id: int) -> Sequence[Report]:
    """Return every report about a product that waits."""
    query = select(Report).where(Report.product_id == product_id, Report.closed_at.is_(None))
    return db.session.scalars(query.order_by(Report.id)).all()


def count_voices(product_id: int) -> int:
    """Count the people who call a product unsafe and wait for an answer."""
    query = select(func.count()).select_from(Report).where(Report.product_id == product_id, Report.kind == rules.UNSAFE)
    return db.session.scalar(query.where(Report.closed_at.is_(None))) or 0


def was_found_harmless(product_id: int) -> bool:
    """Tell whether the last time that a product was off sale for reports, lately, it was for nothing."""
    query = select(Hold.outcome, Hold.ended_at).where(Hold.product_id == product_id, Hold.ended_at.is_not(None))
    last = db.session.execute(query.order_by(Hold.id.desc()).limit(1)).one_or_none()
    return last is not None and last.outcome == "unfounded" and last.ended_at > now() - rules.TRUSTED_FOR


def count_held(shop_id: int) -> int:
    """Count the products of a shop that are off sale for reports."""
    query = select(func.count()).select_from(Hold).join(Product, Product.id == Hold.product_id)
    return db.session.scalar(query.where(Product.shop_id == shop_id, Hold.ended_at.is_(None))) or 0


def shops_stopped_by(reporter: str) -> list[int]:
    """Return the shop of each product that is off sale by this person's word."""
    query = select(Product.shop_id).join(Hold, Hold.product_id == Product.id)
    return list(db.session.scalars(query.where(Hold.reporter == reporter, Hold.ended_at.is_(None))))


def list_told(product_id: int, limit: int = 5) -> Sequence[Report]:
    """Return what the seller reads of reports about a product, the newest first."""
    query = select(Report).where(Report.product_id == product_id).order_by(Report.id.desc()).limit(limit)
    return db.session.scalars(query).all()


def list_waiting(after: str = "", limit: int = PAGE, *, scope: Actor) -> list[Waiting]:
    """Return the reported products that wait for this curator, what is off sale first, then the oldest; one more."""
    rank = case((Product.state == "held", 0), else_=1)
    first = func.min(Report.id)
    kinds = [func.max(case((Report.kind == kind, 1), else_=0)).label(kind) for kind in rules.KINDS]
    query = (
        select(
            Product.id, Revision.name, Shop.name.label("shop"), Product.regency_code, rank.label("rank"),
            first.label("first"), func.count().label("people"), func.min(Report.made_at).label("since"), *kinds,
        )
        .join(Report, Report.product_id == Product.id)
        .join(Shop, Shop.id == Product.shop_id)
        .join(Revision, Revision.id == Product.approved_revision_id)
        .where(*_waiting(scope))
        .group_by(Product.id, Revision.name, Shop.name, Product.regency_code, Product.state)
    )  # fmt: skip
    if place := rules.read_place(after):
        query = query.having((rank > place[0]) | ((rank == place[0]) & (first > place[1])))
    return [_line(row) for row in db.session.execute(query.order_by(rank, first).limit(limit + 1))]


def count_waiting(*, scope: Actor) -> int:
    """Count the reported products that wait for this curator."""
    query: Select[Any] = select(func.count(func.distinct(Report.product_id))).select_from(Report)
    query = query.join(Product, Product.id == Report.product_id).join(Shop, Shop.id == Product.shop_id)
    return db.session.scalar(query.where(*_waiting(scope))) or 0


def _waiting(scope: Actor) -> tuple[ColumnElement[bool], ...]:
    here = inside(Product.regency_code, [scope.region_code])
    return Report.closed_at.is_(None), here, Shop.owner_id != scope.id, ~related(scope)


def _line(row: Any) -> Waiting:
    days = int(settings_of(row.regency_code).get("curation.days"))
    return Waiting(
        product_id=row.id,
        name=row.name,
        shop=row.shop,
        held=row.rank == 0,
        kinds=tuple(kind for kind in rules.KINDS if getattr(row, kind)),
        people=row.people,
        since=row.since,
        deadline=curation.deadline(row.since, days),
        place=f"{row.rank}-{row.first}",
    )
