"""Setting how a seller is paid. Only she does it herself: nobody who helps her touches her money."""

from __future__ import annotations

from sqlalchemy import select

from app.core import audit, keyring
from app.core.clock import now
from app.core.db import db
from app.core.errors import DomainError, NotFound, StaleVersion
from app.core.i18n import _l
from app.core.policy import Actor
from app.core.vault import seal
from app.goods.shops.models import Shop
from app.kit.qris import Qris
from app.kit.rupiah import Rupiah
from app.trade.orders.rules import Block
from app.trade.payments import banks, queries, rules
from app.trade.payments.models import PaymentMeans, PaymentMeansChange


class NotOffered(DomainError):
    """This seller does not take money this way now, or not as much."""

    text = _l("Cara bayar ini sedang tidak bisa dipakai. Pilih cara lain, lalu pesan.")


def check(block: Block) -> None:
    """Refuse a way to pay that the seller does not offer; whether she owes money is asked by whoever places the order.

    Raises:
        NotOffered: it is off, or was never set.
    """
    if block.method not in rules.KIND_OF:
        return
    total = Rupiah.total(line.price_seen * line.qty for line in block.lines) + block.delivery
    taken = queries.set_up([block.shop_id]).get(block.shop_id, ())
    if block.method not in taken or not rules.fits(block.method, total):
        raise NotOffered(block.shop_id)


def set_qris(shop: Shop, code: Qris, *, version: int, by: Actor) -> PaymentMeans:
    """Keep the seller's own static code, and take money by it from now on.

    Raises:
        StaleVersion: it was changed elsewhere since the form was opened.
    """
    means = _take(shop, "qris", version, by)
    means.payload = str(code)
    return _kept(means, "set", code.name, by)


def set_account(shop: Shop, *, bank: str, number: str, holder: str, version: int, by: Actor) -> PaymentMeans:
    """Keep the seller's bank account, its number sealed, and take transfers from now on.

    Raises:
        StaleVersion: it was changed elsewhere since the form was opened.
    """
    means = _take(shop, "transfer", version, by)
    means.bank, means.holder = bank, holder
    means.number_sealed = seal(number, queries.place_of(means))
    return _kept(means, "set", f"{banks.name_of(bank)} {rules.mask(number)}", by)


def switch(shop: Shop, kind: str, *, on: bool, version: int, by: Actor) -> PaymentMeans:
    """Take no more money this way, or take it again; what is open already can still be paid. Twice is once.

    Raises:
        NotFound: it was never set.
        StaleVersion: it was changed elsewhere since the page was opened.
    """
    means = queries.find_means(shop.id, kind)
    if means is None:
        raise NotFound(kind)
    db.session.refresh(means, with_for_update=True)
    if means.is_on == on:
        return means
    if means.version != version:
        raise StaleVersion(means)
    means.is_on = on
    return _kept(means, "on" if on else "off", "", by)


def _take(shop: Shop, kind: str, version: int, by: Actor) -> PaymentMeans:
    """Lock a way to be paid, or begin it; `version` is 0 for one that was not there."""
    db.session.refresh(shop, with_for_update=True)
    known = db.session.scalar(
        select(PaymentMeans)
        .where(PaymentMeans.shop_id == shop.id, PaymentMeans.kind == kind)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if known is None:
        known = PaymentMeans(shop_id=shop.id, kind=kind, owner_id=by.id, version=0)
        db.session.add(known)
    elif known.owner_id == shop.owner_id and known.version != version:
        raise StaleVersion(known)
    known.owner_id, known.is_on = by.id, True
    return known


def _kept(means: PaymentMeans, act: str, said: str, by: Actor) -> PaymentMeans:
    means.version += 1
    means.updated_at = now()
    db.session.flush()
    db.session.add(PaymentMeansChange(means_id=means.id, act=act, said=said[:80], by_id=by.id))
    db.session.flush()
    audit.record(by, f"payment.means_{act}", means, kind=means.kind)
    return means


keyring.sealed(PaymentMeans.number_sealed, queries.place_of)
