"""Offering, changing, hiding and removing goods; what buyers see changes in the same transaction."""

from __future__ import annotations

import secrets
from typing import Final

from sqlalchemy import select

from app.core import audit
from app.core.clock import now
from app.core.db import advisory_lock, db
from app.core.errors import DomainError, StaleVersion
from app.core.i18n import _l
from app.core.policy import Actor
from app.goods.products import queries, rules, shelving, wordings
from app.goods.products.models import Product, Revision, Variant
from app.goods.products.rules import Wording
from app.goods.shelf import operations as shelf
from app.goods.shops.models import Shop
from app.goods.stock import operations as stock
from app.goods.stock import queries as stocks
from app.kit import slugs

LOCK: Final = 7_300_000_000_001
TAIL_SIGNS: Final = 4


class AlreadyOffered(DomainError):
    """This form has made a product already, with other contents; the subject is that product."""

    text = _l("Halaman ini sudah dipakai untuk satu produk. Kalau ini produk lain, tekan Jual sekarang sekali lagi.")


class StaleWording(StaleVersion):
    """The product was changed from another phone while this form was open."""

    text = _l("Produk ini baru saja diubah dari HP lain. Lihat bedanya di bawah, lalu simpan lagi.")


class StockMoved(StaleVersion):
    """The count is not what the seller saw; the subject is the count of now."""

    text = _l("Stok sudah berubah. Lihat lagi jumlahnya.")


class NotCounted(DomainError):
    """Its seller makes it as it is ordered, so there is no count."""

    text = _l("Pilihan ini tidak dihitung stoknya. Ubah dulu cara jualnya.")


class NotYetApproved(DomainError):
    """Nobody has looked at it yet, so buyers cannot see it."""

    text = _l("Produk ini belum selesai diperiksa. Tunggu sebentar, ya.")


class Withdrawn(DomainError):
    """The office took it down; only a mended wording brings it back."""

    text = _l("Produk ini ditarik petugas. Perbaiki dulu, nanti diperiksa lagi.")


class Held(DomainError):
    """Somebody reported it as unsafe, and the office has not looked yet."""

    text = _l("Produk ini sedang diperiksa petugas karena ada laporan. Tunggu sampai selesai, ya.")


class Deleted(DomainError):
    """Its seller removed it."""

    status = 410
    text = _l("Produk ini sudah dihapus penjualnya.")


def offer(shop: Shop, wording: Wording, quantity: int, *, key: str, by: Actor) -> Product:
    """Make a new product; sending the same form twice makes one.

    Raises:
        AlreadyOffered: this form made a product with other contents.
    """
    advisory_lock(LOCK)  # two taps, or two names that give one address
    own_key = rules.own_key(shop.id, key)
    known = queries.find_by_key(own_key)
    if known is not None:
        if wordings.read(queries.first_revision(known)).words() == wording.words():
            return known
        raise AlreadyOffered(known)
    product = Product(
        shop_id=shop.id, regency_code=shop.regency_code, slug=_free_slug(wording.name), creation_key=own_key
    )
    db.session.add(product)
    db.session.flush()
    variant = Variant(product_id=product.id, price=wording.price, unit=wording.unit, net_weight_g=wording.net_weight_g)
    db.session.add(variant)
    wordings.store(product, 1, wording, by=by)
    stock.open_stock(variant.id, quantity, by=by)
    audit.record(by, "product.offered", product)
    return product


def lock_all(shop_id: int) -> None:
    """Queue for all that a change of many goods of a shop may touch, in the order in which everybody does.

    Who has noted one act lets nobody else note any until all is done: waiting for others is over by then.
    """
    advisory_lock(LOCK)
    mine = select(Product.id).where(Product.shop_id == shop_id).order_by(Product.id).with_for_update()
    numbers = db.session.scalars(mine).all()
    stock.lock(db.session.scalars(select(Variant.id).where(Variant.product_id.in_(numbers))))
    shelf.lock([shop_id])


def revise(product: Product, wording: Wording, *, version: int, by: Actor) -> Revision | None:
    """Send a new wording to the curator; the approved one keeps selling. None when nothing is different.

    Raises:
        StaleWording: `version` is not the one that the form was opened with.
        Deleted: it was removed meanwhile.
    """
    queries.lock(product)
    if product.state == "deleted":
        raise Deleted(product)
    newest = queries.newest_revision(product)
    if newest.state in {"waiting", "approved"} and wordings.read(newest) == wording:
        return None
    if product.version != version:
        raise StaleWording(product)
    if newest.state == "waiting":
        newest.state = "superseded"
        db.session.flush()
    revision = wordings.store(product, newest.number + 1, wording, by=by)
    product.version += 1
    audit.record(by, "product.revised", product, number=revision.number)
    return revision


def publish(revision: Revision, *, by: Actor) -> Product:
    """Let buyers see an approved wording. A product that its seller hides stays hidden.

    Raises:
        Deleted: it was removed meanwhile.
    """
    product = revision.product
    queries.lock(product)
    if product.state == "deleted":
        raise Deleted(product)
    shelving.sell_as_worded(product, revision)
    product.approved_revision_id = revision.id
    product.published_at = product.published_at or now()
    if product.state in {"draft", "withdrawn"}:
        _let_back(product)
    db.session.flush()
    shelving.shelve(product)
    return product


def pause(product: Product, *, by: Actor) -> None:
    """Hide a product from buyers; hiding it twice changes nothing."""
    queries.lock(product)
    if product.state == "paused":
        return
    _check_on_sale(product)
    product.state = "paused"
    shelf.take_down(product.id)
    audit.record(by, "product.paused", product)


def show(product: Product, *, by: Actor) -> None:
    """Let buyers see a hidden product again."""
    queries.lock(product)
    if product.state == "live":
        return
    _check_on_sale(product)
    product.state = "live"
    shelving.shelve(product)
    audit.record(by, "product.shown", product)


def delete(product: Product, *, by: Actor) -> bool:
    """Remove a product from sale and list; its history stays. Returns whether buyers saw it until now."""
    queries.lock(product)
    if product.state in {"withdrawn", "held"}:
        raise (Held if product.state == "held" else Withdrawn)(product)
    was_live = product.state == "live"
    if product.state != "deleted":
        product.deleted_from, product.deleted_at = product.state, now()
        product.state = "deleted"
        shelf.take_down(product.id)
        audit.record(by, "product.deleted", product)
    return was_live


def restore(product: Product, *, live: bool, by: Actor) -> None:
    """Take a deletion back; `live` when buyers saw it before. What rested before it was deleted goes on resting."""
    queries.lock(product)
    if product.state != "deleted":
        return
    if product.approved_revision_id is None:
        product.state = "draft"
    else:
        product.state = "live" if live and product.deleted_from != "paused" else "paused"
        shelving.shelve(product)
    product.deleted_from, product.deleted_at = "", None
    audit.record(by, "product.restored", product)


def withdraw(product: Product, sentence: str, *, reason: str, by: Actor) -> None:
    """Take a product off the market, with the sentence its seller reads.

    Raises:
        Deleted: its seller removed it meanwhile.
        NotYetApproved: it was never on the market.
    """
    queries.lock(product)
    if product.state == "withdrawn":
        return
    if product.state != "held":
        _check_on_sale(product)
        product.deleted_from = product.state
    product.state, product.withdrawn_note = "withdrawn", sentence
    shelf.take_down(product.id)
    audit.record(by, "product.withdrawn", product, reason=reason)


def reinstate(product: Product, *, by: Actor) -> None:
    """Let a withdrawn product back on the market as it was: what its seller hid stays hidden."""
    queries.lock(product)
    if product.state != "withdrawn":
        return
    _let_back(product)
    shelving.shelve(product)
    audit.record(by, "product.reinstated", product)


def set_count(variant: Variant, to: int, *, seen: int, by: Actor) -> None:
    """Set how many are there, if the seller saw the count that holds now; asking twice changes nothing.

    Raises:
        StockMoved: the count moved; the subject is what it is now.
        Promised: buyers were promised more than that.
        NotCounted: it is made as it is ordered.
    """
    stock.lock([variant.id])
    if variant.stock_mode != "counted":
        raise NotCounted(variant)
    held = stocks.get_stock(variant.id)
    db.session.refresh(held)
    if held.on_hand == to:
        return
    if held.on_hand != seen:
        raise StockMoved(held.on_hand)
    if to > held.on_hand:
        stock.restock(variant.id, to - held.on_hand, by=by)
    else:
        stock.correct(variant.id, to, by=by)


def move_stock(variant: Variant, kind: str, qty: int, *, note: str, seen: int, by: Actor) -> None:
    """Add, take off or count anew by hand, with the reason, if the seller saw the count that holds now.

    Raises:
        StockMoved: the count moved; the subject is what it is now.
        Promised: buyers were promised what would be left.
        NotCounted: it is made as it is ordered.
        WrongCount: a change of nothing.
    """
    stock.lock([variant.id])
    if variant.stock_mode != "counted":
        raise NotCounted(variant)
    held = stocks.get_stock(variant.id)
    db.session.refresh(held)
    if held.on_hand != seen:
        raise StockMoved(held.on_hand)
    acts = {"restock": stock.restock, "waste": stock.waste, "correction": stock.correct}
    acts[kind](variant.id, qty, by=by, note=note)


def _let_back(product: Product) -> None:
    """Give a product that was off the market the state it had before; one that never was there is shown.

    Where nobody knows what it was, it is hidden: its seller may have no more of it, and shows it with one tap.
    """
    product.state = "live" if product.state == "draft" or product.deleted_from == "live" else "paused"
    product.deleted_from, product.withdrawn_note = "", ""


def _check_on_sale(product: Product) -> None:
    """Refuse unless the product is one that its seller may hide and show."""
    refusals = {"draft": NotYetApproved, "withdrawn": Withdrawn, "held": Held, "deleted": Deleted}
    if product.state in refusals:
        raise refusals[product.state](product)


def _free_slug(name: str) -> str:
    """Return an address that no product has; the caller holds the lock."""
    slug = slugs.slug(name)
    while not slug or queries.is_slug_taken(slug):
        slug = slugs.slug_with(name, secrets.token_hex(TAIL_SIGNS // 2))
    return slug
