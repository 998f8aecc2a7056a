"""Questions about the lists that curators keep: what stands in them, what it is used for, who changed what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select

from app.core.db import db
from app.core.errors import NotFound
from app.goods.categories.models import BusinessType, Category, MarketWord
from app.goods.categories.queries import list_categories
from app.goods.curation.models import RefusalReason
from app.goods.permits.queries import papers_by_sector as papers_by_sector
from app.goods.products.models import Product, Revision
from app.goods.reference.models import ReferenceChange
from app.goods.reference.rules import EVERYBODY, WORD_LISTS
from app.people.accounts.models import Account

PAGE: Final = 30
WORDS_PAGE: Final = 60


@dataclass(frozen=True)
class Change:
    """A change with the name of whoever made it."""

    row: ReferenceChange
    by: str


@dataclass(frozen=True)
class Node:
    """A category in the tree, with how many products say that they are one."""

    category: Category
    products: int
    children: list[Node]


def tree() -> list[Node]:
    """Return the upper categories in order, each with its own."""
    used = count_products()
    nodes = {each.id: Node(each, used.get(each.id, 0), []) for each in list_categories()}
    tops: list[Node] = []
    for node in nodes.values():
        (nodes[node.category.parent_id].children if node.category.parent_id else tops).append(node)
    return tops


def count_products(category_id: int | None = None) -> dict[int, int]:
    """Count the products in each category, or in one, by what they say now: what sells, and what waits."""
    query = select(Revision.category_id, func.count(func.distinct(Revision.product_id)))
    query = query.join(Product, Product.id == Revision.product_id).where(Product.state != "deleted")
    now_said = (Revision.id == Product.approved_revision_id) | (Revision.state == "waiting")
    query = query.where(now_said)
    if category_id is not None:
        query = query.where(Revision.category_id == category_id)
    rows = db.session.execute(query.group_by(Revision.category_id))
    return {row[0]: row[1] for row in rows}


def has_children(category_id: int) -> bool:
    """Tell whether other categories stand below one."""
    return db.session.scalar(select(Category.id).where(Category.parent_id == category_id).limit(1)) is not None


def list_below(category_id: int) -> list[Category]:
    """Return the categories that stand below one."""
    return list(db.session.scalars(select(Category).where(Category.parent_id == category_id).order_by(Category.id)))


def was_ever_said(category_id: int) -> bool:
    """Tell whether any wording of any product, old ones among them, names a category."""
    return db.session.scalar(select(Revision.id).where(Revision.category_id == category_id).limit(1)) is not None


def list_mergers(category: Category) -> list[Category]:
    """Return what a category may go into: one that holds no others, or for an upper one another that holds some."""
    known = list_categories()
    parents = {each.parent_id for each in known}
    others = [each for each in known if each.id != category.id]
    if category.id not in parents:
        return [each for each in others if each.id not in parents]
    used = count_products()
    return [each for each in others if each.parent_id is None and (each.id in parents or not used.get(each.id))]


def list_reasons() -> list[RefusalReason]:
    """Return every reason, those that are offered no more among them."""
    query = select(RefusalReason).order_by(RefusalReason.active.desc(), RefusalReason.position, RefusalReason.code)
    return list(db.session.scalars(query))


def get_reason(reason: str) -> RefusalReason:
    """Return a reason by its code.

    Raises:
        NotFound: there is none.
    """
    found = db.session.get(RefusalReason, reason)
    if found is None:
        raise NotFound(reason)
    return found


def list_sectors() -> list[str]:
    """Return what papers are asked by: every business, then each sector there is."""
    return [EVERYBODY, *db.session.scalars(select(BusinessType.sector).distinct().order_by(BusinessType.sector))]


def get_sector(sector: str) -> str:
    """Return a sector that there is.

    Raises:
        NotFound: there is none.
    """
    if sector not in list_sectors():
        raise NotFound(sector)
    return sector


def get_word_kind(which: str) -> str:
    """Return the kind of words that a list of them holds, by its address.

    Raises:
        NotFound: there is no such list.
    """
    if which not in WORD_LISTS:
        raise NotFound(which)
    return WORD_LISTS[which]


def get_word(word_id: int) -> MarketWord:
    """Return a word.

    Raises:
        NotFound: there is none, or not any more.
    """
    found = db.session.get(MarketWord, word_id)
    if found is None:
        raise NotFound(word_id)
    return found


def find_word(kind: str, word: str) -> MarketWord | None:
    """Return a word of a kind, or None."""
    return db.session.scalar(select(MarketWord).where(MarketWord.kind == kind, MarketWord.word == word))


def list_words(kind: str, holds: str = "", after: str = "", limit: int = WORDS_PAGE) -> list[MarketWord]:
    """Return words of a kind that hold some letters, in themselves or in what they mean, one more than `limit`."""
    query = select(MarketWord).where(MarketWord.kind == kind, MarketWord.word > after)
    if holds:
        query = query.where(MarketWord.word.contains(holds) | MarketWord.meaning.contains(holds))
    return list(db.session.scalars(query.order_by(MarketWord.word).limit(limit + 1)))


def list_changes(of: tuple[str, str] | None = None, before_id: int | None = None, limit: int = PAGE) -> list[Change]:
    """Return changes of an entry (its list and key) or of all, the newest first, one more than `limit`."""
    query: Any = select(ReferenceChange, Account.name).join(Account, Account.id == ReferenceChange.by_id)
    if of is not None:
        query = query.where(ReferenceChange.list == of[0], ReferenceChange.key == of[1])
    if before_id is not None:
        query = query.where(ReferenceChange.id < before_id)
    rows = db.session.execute(query.order_by(ReferenceChange.id.desc()).limit(limit + 1))
    return [Change(row[0], row[1]) for row in rows]
