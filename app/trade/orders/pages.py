"""What the pages of orders show, made from rows: lists, cards, the ladder of steps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from app.core.clock import now
from app.core.db import db
from app.core.i18n import _, _l, _lp, jam, tanggal_pendek, waktu
from app.goods.categories.models import Category
from app.goods.categories.rules import PLAIN, drawing_of
from app.goods.photos.models import Photo
from app.goods.photos.queries import picture
from app.goods.photos.rules import Picture
from app.goods.products.models import Product, Revision
from app.goods.shops.models import Shop
from app.kit.rupiah import Rupiah
from app.trade.orders import labels, queries, rules
from app.trade.orders.models import Order, OrderEvent, OrderLine
from app.trade.orders.queries import Sheet

TABS = {"baru": ("placed", "amended"), "disiapkan": ("accepted",), "siap": ("ready",), "selesai": rules.ENDS}
WAITING = ("baru", "disiapkan", "siap")
TAB_WORDS = {"baru": _l("Baru"), "disiapkan": _l("Disiapkan"), "siap": _l("Siap"), "selesai": _l("Selesai")}
SHORT = {
    "placed": (_l("Baru"), "warning"),
    "amended": (_l("Menunggu pembeli"), "info"),
    "accepted": (_l("Disiapkan"), "info"),
    "ready": (_l("Siap"), "success"),
    "handed_over": (_l("Selesai"), "success"),
    "not_collected": (_l("Tidak diambil"), "error"),
    "expired_silent": (_l("Terlewat"), "error"),
}
STOPPED = (_lp("pesanan", "Tidak jadi"), "error")
LADDER = {
    "placed": _l("Dipesan"),
    "accepted": _l("Disiapkan"),
    "ready": _l("Siap"),
    "handed_over": _l("Selesai"),
}
HAPPENED = {
    "placed": _l("Dipesan pembeli"),
    "amended": _l("Ditawarkan jumlah atau tanggal lain"),
    "accepted": _l("Diterima, mulai disiapkan"),
    "ready": _l("Siap diambil"),
    "handed_over": _l("Diserahkan, uang diterima"),
    "refused": _l("Tidak bisa dilayani"),
    "cancelled_buyer": _l("Dibatalkan pembeli"),
    "cancelled_seller": _l("Dibatalkan penjual"),
    "cancelled_admin": _l("Dibatalkan petugas"),
    "expired_silent": _l("Waktu menjawab habis"),
    "expired_unpaid": _l("Waktu bayar habis"),
    "expired_amend": _l("Pembeli tidak menjawab tawaran"),
    "not_collected": _l("Tidak diambil"),
}
HAPPENED_BROUGHT = {"ready": _l("Siap diantar"), "not_collected": _l("Tidak sampai ke pembeli")}


@dataclass(frozen=True)
class Face:
    """What a product looks like in a list: its photo, or the drawing of its category."""

    photo: Picture | None
    drawing: str
    tint: str


@dataclass(frozen=True)
class Card:
    """One order in a list, as the component draws it."""

    sheet: Sheet
    url: str
    title: str
    state_word: str
    state_kind: str
    where: str
    when: str
    paid_word: str
    face: Face
    ready_word: str
    absent_word: str

    @property
    def code(self) -> str:
        """The code that people read aloud."""
        return self.sheet.order.code

    @property
    def total(self) -> Rupiah:
        """What is to be paid, or was asked for once the order was turned down."""
        return self.sheet.money.due or self.sheet.order.total

    @property
    def paid(self) -> bool:
        """Whether all of it was paid."""
        return self.sheet.money.status == "settled"

    @property
    def cancelled(self) -> bool:
        """Whether nothing came of it."""
        return self.sheet.state in rules.TURNED_DOWN

    @property
    def photo(self) -> Picture | None:
        """The picture of its first thing."""
        return self.face.photo

    @property
    def drawing(self) -> str:
        """The drawing that stands in for it."""
        return self.face.drawing

    @property
    def tint(self) -> str:
        """The colour behind the drawing."""
        return self.face.tint


def count_tabs(shop_id: int) -> dict[str, int]:
    """Count a shop's orders in the three lists that wait for somebody."""
    counts = [count_going(TABS[tab]) for tab in WAITING]
    row = db.session.execute(select(*counts).where(Order.seller_id == shop_id, Order.state.in_(rules.OPEN))).one()
    return dict(zip(WAITING, row, strict=True))


def count_going(states: Sequence[str]) -> ColumnElement[int]:
    """Count the orders in these states, within a question about orders; what time has ended is not among them."""
    return func.count().filter(Order.state.in_(states), ~func.coalesce(queries.is_overdue(now()), False))


def list_tab(shop_id: int, tab: str, before_id: int = 0, limit: int = 20) -> list[Sheet]:
    """Return a shop's orders in one list: what she must answer, then the newest; `before_id` ends the page before."""
    overdue = func.coalesce(queries.is_overdue(now()), False)
    stored = Order.state.in_(TABS[tab])
    query = select(Order).where(Order.seller_id == shop_id, or_(stored, overdue) if tab == "selesai" else stored)
    if tab != "selesai":
        query = query.where(~overdue)
    answered = case((Order.state == "placed", 0), else_=1)  # one and the same in every list but the first
    if before_id:
        last = select(answered).where(Order.id == before_id, Order.seller_id == shop_id).scalar_subquery()
        query = query.where(or_(answered > last, and_(answered == last, Order.id < before_id)))
    orders = list(db.session.scalars(query.order_by(answered, Order.id.desc()).limit(limit)))
    return queries.sheets(orders) if orders else []


def list_known(order_codes: Sequence[str]) -> list[tuple[Order, str, str]]:
    """Return (order, shop name, first thing in it) for the codes a phone remembers, newest first, in one question."""
    first = select(OrderLine.name).where(OrderLine.order_id == Order.id).order_by(OrderLine.id).limit(1)
    query = select(Order, Shop.name, first.scalar_subquery().label("first")).join(Shop, Shop.id == Order.seller_id)
    rows = db.session.execute(query.where(Order.code.in_(order_codes)).order_by(Order.id.desc()))
    return [(row.Order, row.name, row.first or "") for row in rows]


def faces(product_ids: Iterable[int]) -> dict[int, Face]:
    """Return what these products look like, in one question."""
    parent = aliased(Category)
    query = (
        select(Product.id, Photo, Category.slug, parent.slug.label("parent"))
        .join(Revision, Revision.id == Product.approved_revision_id)
        .join(Category, Category.id == Revision.category_id)
        .outerjoin(parent, parent.id == Category.parent_id)
        .outerjoin(Photo, Photo.id == Revision.photo_id)
        .where(Product.id.in_(set(product_ids)))
    )
    rows = db.session.execute(query)
    return {row.id: Face(picture(row.Photo), *drawing_of(row.slug, row.parent)) for row in rows}


def title(lines: Sequence[OrderLine]) -> str:
    """Name what was ordered: `2 × Telur asin` and how many things more."""
    if not lines:
        return ""
    first = f"{lines[0].qty_agreed or lines[0].qty_ordered} × {lines[0].name}"
    rest = len(lines) - 1
    return _("%(first)s dan %(rest)s lagi", first=first, rest=rest) if rest else first


def short_state(state: str) -> tuple[str, str]:
    """Return the word and the kind of a state's badge."""
    word, kind = SHORT.get(state, STOPPED)
    return str(word), kind


def desk_cards(found: Sequence[Sheet]) -> list[Card]:
    """Return a seller's orders as cards."""
    looks = faces(sheet.lines[0].product_id for sheet in found if sheet.lines) if found else {}
    return [_card(sheet, looks) for sheet in found]


def _card(sheet: Sheet, looks: dict[int, Face]) -> Card:
    word, kind = short_state(sheet.state)
    product_id = sheet.lines[0].product_id if sheet.lines else 0
    placed = f"{tanggal_pendek(sheet.order.created_at)}, {jam(sheet.order.created_at)}"
    return Card(
        sheet=sheet,
        url=url_for("orders.manage", code=sheet.order.code),
        title=title(sheet.lines),
        state_word=word,
        state_kind=kind,
        where=labels.for_seller(sheet),
        when=" · ".join(filter(None, (placed, *labels.circumstances(sheet)))),
        paid_word=labels.short_paid(sheet),
        face=looks.get(product_id, Face(None, *PLAIN)),
        ready_word=labels.make_ready(sheet.order),
        absent_word=labels.nobody_came(sheet.order),
    )


def ladder(sheet: Sheet, happened: Sequence[OrderEvent]) -> list[dict[str, str | None]]:
    """Return the four steps with their times; an order that was turned down stops where it stood."""
    when = {"placed": sheet.order.created_at} | {event.to_state: event.at for event in happened}
    reached = [state for state in LADDER if state in when]
    steps: list[dict[str, str | None]] = []
    if sheet.state in rules.TURNED_DOWN:
        steps = [_step("done", LADDER[state], when[state]) for state in reached]
        return [*steps, _step("stopped", short_state(sheet.state)[0], when.get(sheet.state))]
    standing = "placed" if sheet.state == "amended" else sheet.state
    order = list(LADDER)
    for place, state in enumerate(order):
        position = order.index(standing)
        done = place < position or standing == "handed_over"
        mark = "done" if done else "now" if place == position else "later"
        steps.append(_step(mark, LADDER[state], when.get(state) if mark != "later" else None))
    return steps


def _step(mark: str, word: object, at: datetime | None) -> dict[str, str | None]:
    return {"state": mark, "word": str(word), "note": waktu(at) if at else None}


def history(sheet: Sheet, happened: Sequence[OrderEvent]) -> list[tuple[datetime, str]]:
    """Return everything that happened to an order in words, oldest first."""
    told = [(event.at, _told(event, sheet.order)) for event in happened]
    return told if told else [(sheet.order.created_at, str(HAPPENED["placed"]))]


@dataclass(frozen=True)
class Said:
    """Why an order stands where it does: a code, and what the office wrote beside it."""

    reason: str = ""
    note: str = ""
    by_office: bool = False


def last_said(happened: Sequence[OrderEvent]) -> Said:
    """Return what was said at the last step of an order."""
    last = happened[-1] if happened else None
    return Said(last.reason, last.note, last.actor_kind == "admin") if last else Said()


def _told(event: OrderEvent, order: Order) -> str:
    other = HAPPENED_BROUGHT if order.goes_out else {}
    words = str(other.get(event.to_state) or HAPPENED.get(event.to_state, event.to_state))
    if event.to_state == "handed_over" and order.method in rules.LATER:
        words = _("Diserahkan")
    if event.from_state == "amended" and event.to_state == "accepted":
        words = _("Pembeli setuju dengan tawaran")
    return _("%(what)s (%(why)s)", what=words, why=labels.reason(event.reason)) if event.reason else words


def find_of_shop(shop_id: int, code: str) -> Order | None:
    """Return a shop's order by its code, or None."""
    return db.session.scalar(select(Order).where(Order.seller_id == shop_id, Order.code == code))
