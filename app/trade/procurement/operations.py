"""Writing down what an office bought: one line in the sales book, its papers, and what is taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.core import audit, scans
from app.core.db import db
from app.core.errors import DomainError
from app.core.i18n import _l, tanggal
from app.core.pictures import Master
from app.core.policy import Actor
from app.kit.rupiah import Rupiah
from app.people.accounts.operations import KeyReused, lock_key
from app.trade.ekatalog.cases import Case
from app.trade.procurement import queries, rules
from app.trade.procurement.models import GovernmentOrder, GovernmentPaper, GovernmentReturn
from app.trade.procurement.queries import Purchase
from app.trade.sales import operations as sales
from app.trade.sales.rules import Sale


class NeverShown(DomainError):
    """Nobody has seen the product in the catalogue."""

    text = _l("Produk ini belum pernah tercatat tampil di e-Katalog.")


class WrongDay(DomainError):
    """Before it was seen there, or still to come."""

    status = 422
    text = _l("Tanggalnya harus antara %(first)s dan %(last)s.")


class OtherProduct(DomainError):
    """The size belongs to another product."""

    status = 422
    text = _l("Pilih ukuran dari produk ini.")


class NoPaper(DomainError):
    """A number alone proves nothing."""

    status = 422
    text = _l("Lampirkan surat pesanan atau serah terimanya.")


class NothingToConfirm(DomainError):
    """The evidence is as strong as its papers already."""

    text = _l("Bukti pesanan ini sudah dicocokkan.")


class OwnEntry(DomainError):
    """Nobody confirms what they entered."""

    status = 403
    text = _l("Ini catatan Anda sendiri. Petugas lain yang mencocokkan.")


@dataclass(frozen=True, slots=True)
class Bought:
    """What an office bought, as its papers say; `amount` is for all units together."""

    variant_id: int
    buyer: str
    reference: str
    qty: int
    amount: Rupiah
    sold_on: date


def record(case: Case, bought: Bought, papers: Mapping[str, Master | None], *, key: str, by: Actor) -> GovernmentOrder:
    """Write a purchase down once; the same key again finds it.

    Args:
        case: the round in which the product was seen in the catalogue.
        bought: what the papers say.
        papers: the pictures by kind of paper; at least one.
        key: of the form.
        by: the curator.

    Raises:
        NeverShown, WrongDay, OtherProduct, NoPaper: a part is missing or cannot be.
        KeyReused: the key came before with another purchase.
    """
    lock_key(f"government:{key}")
    known = queries.find_by_key(key)
    if known is not None:
        told = {name: getattr(known, name) for name in Bought.__slots__}
        if known.submission_id != case.submission.id or told != {name: getattr(bought, name) for name in told}:
            raise KeyReused(known)
        return known
    _check(case, bought, papers)
    order = GovernmentOrder(
        key=key,
        submission_id=case.submission.id,
        shop_id=case.shop.id,
        regency_code=case.shop.regency_code,
        entered_by_id=by.id,
        **{name: getattr(bought, name) for name in Bought.__slots__},
    )
    db.session.add(order)
    db.session.flush()
    kept = [_keep(order, kind, picture, by) for kind, picture in papers.items() if picture is not None]
    sales.record([_sale(order, rules.grade({paper.kind for paper in kept}))], by_id=by.id)
    audit.record(by, "government.ordered", order, submission=order.submission_id, shop=order.shop_id)
    return order


def _check(case: Case, bought: Bought, papers: Mapping[str, Master | None]) -> None:
    shown_on = queries.shown_on(case.submission.id)
    if shown_on is None:
        raise NeverShown(case.submission)
    if not rules.can_be(bought.sold_on, shown_on, case.day):
        raise WrongDay(case.submission, first=tanggal(shown_on), last=tanggal(case.day))
    if bought.variant_id not in {each.id for each in queries.list_variants(case.submission.product_id)}:
        raise OtherProduct(bought.variant_id)
    if not any(papers.values()):
        raise NoPaper(case.submission)


def _sale(order: GovernmentOrder, grade: str) -> Sale:
    return Sale(
        key=rules.key_of(order.id),
        shop_id=order.shop_id,
        regency_code=order.regency_code,
        qty=order.qty,
        amount=order.amount,
        sold_on=order.sold_on,
        channel="government",
        grade=grade,
        reason=rules.REASONS[grade],
        source=(rules.SOURCE, order.id),
        variant_id=order.variant_id,
    )


def _keep(order: GovernmentOrder, kind: str, picture: Master, by: Actor) -> GovernmentPaper:
    paper = GovernmentPaper(order_id=order.id, kind=kind, file=scans.keep(picture), by_id=by.id)
    db.session.add(paper)
    db.session.flush()
    return paper


def add_paper(purchase: Purchase, kind: str, picture: Master | None, *, by: Actor) -> GovernmentPaper:
    """Put a paper to a purchase that came later; a signed handover makes its evidence the strongest.

    What was marked for a look stays marked until somebody else has looked (`confirm`).

    Raises:
        NoPaper: none came.
    """
    if picture is None or kind not in rules.PAPERS:
        raise NoPaper(purchase.order)
    sales.lock_books([purchase.order.shop_id])
    purchase = queries.get_purchase(purchase.order.id)
    paper = _keep(purchase.order, kind, picture, by)
    if purchase.grade == "C" and kind == rules.HANDOVER:
        sales.add_evidence(purchase.sale, "A", rules.REASONS["A"], by_id=by.id)
    audit.record(by, "government.paper_added", purchase.order, kind=kind)
    return paper


def confirm(purchase: Purchase, *, by: Actor) -> None:
    """Say that a purchase far above the usual is as its papers say.

    Raises:
        OwnEntry: the actor entered it, or a paper of it.
        NothingToConfirm: nobody asked for a look, or somebody was faster.
    """
    if by.id in {purchase.order.entered_by_id, *(paper.by_id for paper in purchase.papers)}:
        raise OwnEntry(purchase.order)
    sales.lock_books([purchase.order.shop_id])
    purchase = queries.get_purchase(purchase.order.id)
    if purchase.grade != rules.MARKED:
        raise NothingToConfirm(purchase.order)
    grade = rules.grade({paper.kind for paper in purchase.papers})
    sales.add_evidence(purchase.sale, grade, "dicocokkan petugas lain", by_id=by.id)
    audit.record(by, "government.confirmed", purchase.order, grade=grade)


def take_back(purchase: Purchase, qty: int, reason: str, *, key: str, by: Actor) -> GovernmentReturn:
    """Take units of a purchase back: a line against it in the book, dated as the purchase.

    Raises:
        TooMuchBack: fewer units are left.
        KeyReused: the key came before with another number.
    """
    lock_key(f"government-back:{key}")
    known = queries.find_return(key)
    if known is not None:
        if (known.order_id, known.qty) != (purchase.order.id, qty):
            raise KeyReused(known)
        return known
    sales.lock_books([purchase.order.shop_id])
    row = GovernmentReturn(key=key, order_id=purchase.order.id, qty=qty, reason=reason, by_id=by.id)
    db.session.add(row)
    db.session.flush()
    sales.reverse(purchase.sale, qty, by=by, key=rules.back_key_of(purchase.order.id, row.id))
    audit.record(by, "government.taken_back", purchase.order, qty=qty)
    return row
