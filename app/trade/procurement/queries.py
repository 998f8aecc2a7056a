"""Questions about orders of government offices; how much of each stands is asked of the sales book."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import joinedload

from app.core.db import db
from app.core.errors import NotFound
from app.core.policy import Actor
from app.core.together import Rows, gather
from app.goods.products.models import Variant
from app.goods.shops.models import Shop
from app.kit.rupiah import Rupiah
from app.people.accounts.policies import areas_of
from app.people.places.queries import inside
from app.trade.ekatalog.models import OutsideStatus
from app.trade.procurement.models import GovernmentOrder, GovernmentPaper, GovernmentReturn
from app.trade.procurement.rules import SOURCE
from app.trade.sales import ledger
from app.trade.sales import queries as book
from app.trade.sales.models import SaleRecord

PAGE = 30


@dataclass(frozen=True)
class Purchase:
    """An order with all that belongs to it: `left` and `worth` are what stands of it, `grade` its evidence now."""

    order: GovernmentOrder
    sale: SaleRecord
    name: str
    unit: str
    papers: tuple[GovernmentPaper, ...]
    returns: tuple[GovernmentReturn, ...]
    grade: str
    left: int
    worth: Rupiah


def get_purchase(government_order_id: int) -> Purchase:
    """Return an order: the loader of its page.

    Raises:
        NotFound: there is none.
    """
    found = db.session.scalar(_orders().where(GovernmentOrder.id == government_order_id))
    if found is None:
        raise NotFound(government_order_id)
    return purchases_of([found])[0]


def get_paper(government_paper_id: int) -> GovernmentPaper:
    """Return a paper with its order and shop.

    Raises:
        NotFound: there is none.
    """
    query = select(GovernmentPaper).options(joinedload(GovernmentPaper.order).joinedload(GovernmentOrder.shop))
    found = db.session.scalar(query.where(GovernmentPaper.id == government_paper_id))
    if found is None:
        raise NotFound(government_paper_id)
    return found


def find_by_key(key: str) -> GovernmentOrder | None:
    """Return what a form made before, or None."""
    return db.session.scalar(select(GovernmentOrder).where(GovernmentOrder.key == key))


def find_return(key: str) -> GovernmentReturn | None:
    """Return what a form took back before, or None."""
    return db.session.scalar(select(GovernmentReturn).where(GovernmentReturn.key == key))


def list_of_round(submission_id: int) -> list[Purchase]:
    """Return the orders of one round, newest first."""
    query = _orders().where(GovernmentOrder.submission_id == submission_id).order_by(GovernmentOrder.id.desc())
    return purchases_of(list(db.session.scalars(query)))


def list_in(before: int | None = None, limit: int = PAGE, *, scope: Actor) -> list[Purchase]:
    """Return the orders of the actor's areas, newest first, one more when there are more."""
    query = _orders().where(_in_areas(scope)).order_by(GovernmentOrder.id.desc()).limit(limit + 1)
    if before:
        query = query.where(GovernmentOrder.id < before)
    return purchases_of(list(db.session.scalars(query)))


def _orders() -> Select[GovernmentOrder]:
    return select(GovernmentOrder).options(joinedload(GovernmentOrder.shop), joinedload(GovernmentOrder.submission))


def _in_areas(scope: Actor) -> ColumnElement[bool]:
    return GovernmentOrder.shop_id.in_(select(Shop.id).where(inside(Shop.desa_code, areas_of(scope))))


def purchases_of(orders: Sequence[GovernmentOrder]) -> list[Purchase]:
    """Load what belongs to several orders, in a handful of questions for all of them."""
    if not orders:
        return []
    ids = [each.id for each in orders]
    names, beside = ledger.names_of(each.variant_id for each in orders), _beside(ids)
    sales: dict[int, list[tuple[SaleRecord, str]]] = defaultdict(list)
    for sale, grade in book.list_graded(SOURCE, ids):
        sales[sale.source_id or 0].append((sale, grade))
    return [
        Purchase(
            order=each,
            sale=(lines := sales[each.id])[0][0],
            name=names.get(each.variant_id, ("", ""))[0],
            unit=names.get(each.variant_id, ("", ""))[1],
            papers=tuple(beside[each.id][GovernmentPaper]),
            returns=tuple(beside[each.id][GovernmentReturn]),
            grade=lines[0][1],
            left=sum(line.qty for line, _grade in lines),
            worth=Rupiah.total(line.amount for line, _grade in lines),
        )
        for each in orders
    ]


def _beside(ids: Iterable[int]) -> dict[int, Rows]:
    """Return the papers of each order, and what was taken back of it."""
    return gather(
        GovernmentOrder,
        ids,
        (GovernmentPaper, GovernmentPaper.order_id == GovernmentOrder.id),
        (GovernmentReturn, GovernmentReturn.order_id == GovernmentOrder.id),
    )


def shown_on(submission_id: int) -> date | None:
    """Return the first day on which the product was seen in the catalogue in this round, None when never."""
    query = select(OutsideStatus.seen_on).where(OutsideStatus.submission_id == submission_id)
    query = query.where(OutsideStatus.status == "shown_outside").order_by(OutsideStatus.seen_on).limit(1)
    return db.session.scalar(query)


def list_variants(product_id: int) -> list[Variant]:
    """Return the sizes of a product, as they were made."""
    return list(db.session.scalars(select(Variant).where(Variant.product_id == product_id).order_by(Variant.id)))
