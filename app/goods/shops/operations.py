"""What is done to shops: opened, told about, closed for days, paused, moved, handed on, ended."""

from __future__ import annotations

from datetime import date
from itertools import chain, count

from sqlalchemy import select, update

from app.core import audit
from app.core.clock import now
from app.core.db import advisory_lock, db
from app.core.errors import DomainError, StaleVersion
from app.core.i18n import _l
from app.core.policy import Actor
from app.goods.shelf import operations as shelf
from app.goods.shops import queries, rules
from app.goods.shops.models import Kinship, SellingRequest, Shop
from app.kit import codes, slugs
from app.people.accounts import operations as accounts
from app.people.accounts.models import Account
from app.people.accounts.operations import KeyReused, lock_key
from app.people.places.queries import get_region
from app.people.places.rules import parent_of

KIN_LOCK = 7_360_000_000_000


class AlreadyAnswered(DomainError):
    """Somebody answered this wish before."""

    text = _l("Permintaan ini sudah dijawab.")


class HasEnded(DomainError):
    """The shop was ended; its history stays, nothing in it changes."""

    text = _l("Lapak ini sudah berakhir.")


class StillSells(DomainError):
    """The person who should take over runs a shop of her own."""

    text = _l("Orang ini sudah punya lapak.")


class Related(DomainError):
    """Nobody decides about somebody they are related to."""

    status = 403
    text = _l("Anda punya hubungan dengan penjual ini. Petugas lain yang memeriksa.")


def open_shop(owner: Account, *, name: str, desa_code: str, business_type_slug: str, by: Actor) -> Shop:
    """Give a seller her shop, under an address that nobody has."""
    kecamatan = parent_of(desa_code) or desa_code
    shop = Shop(
        slug=_free_slug(name, get_region(kecamatan).name),
        name=name,
        owner_id=owner.id,
        desa_code=desa_code,
        kecamatan_code=kecamatan,
        regency_code=parent_of(kecamatan) or kecamatan,
        business_type_slug=business_type_slug,
    )
    db.session.add(shop)
    db.session.flush()
    audit.record(by, "shop.opened", shop)
    return shop


def _free_slug(name: str, kecamatan: str) -> str:
    lock_key("shop-slug")
    tails = (slugs.slug_with(name or rules.TAIL, codes.new_code(4).lower(), rules.SLUG_MOST) for _try in count())
    tried = chain(rules.slugs_for(name, kecamatan), tails)
    return next(slug for slug in tried if queries.find_shop(slug) is None)


def describe(
    shop: Shop, *, story: str, pickup_place: str, pickup_hours: str, phone: str | None, street: str | None = None,
    version: int, by: Actor,
) -> None:  # fmt: skip
    """Save what buyers read about a shop; `phone` is the number they see, None when she keeps it to herself.

    `street` stands on labels alone; None leaves it as it is.

    Raises:
        StaleVersion: it was saved elsewhere since this form was opened.
    """
    move_on(shop, version)
    shop.story, shop.pickup_place, shop.pickup_hours, shop.phone = story, pickup_place, pickup_hours, phone
    shop.street = shop.street if street is None else street
    db.session.flush()
    audit.record(by, "shop.described", shop, phone_shown=phone is not None)


def close_for_days(
    shop: Shop, until: date, note: str, *, start: date | None = None, version: int | None = None, by: Actor
) -> None:
    """Close from a day (at once without one) until another (that day too) with a sentence; it opens again by itself.

    Raises:
        StaleVersion: the shop was changed elsewhere since this form was opened.
    """
    _alive(shop)
    if (shop.closed_from, shop.closed_until, shop.closed_note) == (start, until, note):
        return
    move_on(shop, version)
    shop.closed_from, shop.closed_until, shop.closed_note = start, until, note
    db.session.flush()
    since = {"since": start.isoformat()} if start else {}
    audit.record(by, "shop.closed_for_days", shop, until=until.isoformat(), **since)


def open_again(shop: Shop, *, by: Actor) -> None:
    """End a pause, of days or without an end: everything stands on the shelf again."""
    _alive(shop)
    was_paused = shop.state == "paused"
    shop.state, shop.closed_from, shop.closed_until, shop.closed_note = "open", None, None, ""
    shop.version += 1
    db.session.flush()
    if was_paused and shop.withheld_at is None:
        shelf.show_shop(shop.id)
    audit.record(by, "shop.opened_again", shop)


def pause(shop: Shop, *, by: Actor) -> None:
    """Take the whole shop off the shelf until somebody opens it again."""
    _alive(shop)
    if shop.state == "paused":
        return
    shop.state, shop.version = "paused", shop.version + 1
    db.session.flush()
    shelf.hide_shop(shop.id)
    audit.record(by, "shop.paused", shop)


def withhold(shop: Shop, *, by: Actor) -> None:
    """Take the consent to publish back: from now on nothing of the shop is public. Open orders go their way."""
    _lock(shop)
    _alive(shop)
    if shop.withheld_at is None:
        shop.withheld_at, shop.version = now(), shop.version + 1
        db.session.flush()
        shelf.hide_shop(shop.id)
        audit.record(by, "shop.withheld", shop)
    accounts.withdraw_consent(shop.owner, accounts.PUBLISH, by=by)


def publish(shop: Shop, wording_version: str, *, by: Actor) -> None:
    """Give the consent to publish, in this wording; a shop that was withheld is public again, as open as it was."""
    _lock(shop)
    _alive(shop)
    if shop.withheld_at is not None:
        shop.withheld_at, shop.version = None, shop.version + 1
        db.session.flush()
        if shop.state == "open":
            shelf.show_shop(shop.id)
        audit.record(by, "shop.published", shop)
    accounts.record_consent(shop.owner, accounts.PUBLISH, wording_version, by=by)


def rename(shop: Shop, name: str, *, version: int | None = None, by: Actor) -> None:
    """Change the name; the address stays, people have printed it.

    Raises:
        StaleVersion: the shop was changed elsewhere since this form was opened.
    """
    move_on(shop, version)
    shop.name = name
    db.session.flush()
    shelf.rename_shop(shop.id, shop.slug, name)
    audit.record(by, "shop.renamed", shop)


def move(shop: Shop, desa_code: str, *, version: int | None = None, by: Actor) -> None:
    """Take the shop to another desa; orders and sales stay as they were.

    Raises:
        StaleVersion: the shop was changed elsewhere since this form was opened.
    """
    move_on(shop, version)
    kecamatan = parent_of(desa_code) or desa_code
    before = shop.desa_code
    shop.desa_code, shop.kecamatan_code, shop.regency_code = desa_code, kecamatan, parent_of(kecamatan) or kecamatan
    db.session.flush()
    shelf.move_shop(shop.id, shop.regency_code, shop.kecamatan_code)
    audit.record(by, "shop.moved", shop, before=before, after=desa_code)


def hand_on(shop: Shop, heir: Account, *, version: int | None = None, by: Actor) -> None:
    """Let another family member run the shop; what was sold before stays whole.

    Raises:
        StillSells: she runs a shop already.
        StaleVersion: the shop was changed elsewhere since this form was opened.
    """
    move_on(shop, version)
    if queries.find_own_shop(heir.id) is not None:
        raise StillSells(heir)
    before = shop.owner_id
    shop.owner, shop.phone = heir, None
    db.session.flush()
    audit.record(by, "shop.handed_on", shop, before=before, after=heir.id)


def end(shop: Shop, *, version: int | None = None, by: Actor) -> None:
    """End a shop for good: off the shelf, its orders, sales and history stay.

    Raises:
        StaleVersion: the shop was changed elsewhere since this form was opened.
    """
    move_on(shop, version)
    if shop.state == "open":
        shelf.hide_shop(shop.id)
    shop.state, shop.phone = "ended", None
    db.session.flush()
    audit.record(by, "shop.ended", shop)


def declare_kin(shop: Shop, *, by: Actor) -> None:
    """Note that an officer is related to whoever runs a shop: from now on others decide about it. Twice is once."""
    advisory_lock(KIN_LOCK + shop.id)
    if not queries.is_kin(by.id, shop.id):
        db.session.add(Kinship(shop_id=shop.id, account_id=by.id))
        audit.record(by, "shop.kin_declared", shop)


def ask_to_sell(*, key: str, name: str, phone: str, desa_code: str, makes: str) -> SellingRequest:
    """Keep somebody's wish to sell, once per key.

    Raises:
        KeyReused: the key came before with other contents.
    """
    lock_key(f"wish:{key}")
    before = queries.find_request_by_key(key)
    if before is not None:
        if (before.name, before.phone, before.desa_code, before.makes) != (name, phone, desa_code, makes):
            raise KeyReused(before)
        return before
    regency = ".".join(desa_code.split(".")[:2])
    wish = SellingRequest(key=key, name=name, phone=phone, desa_code=desa_code, regency_code=regency, makes=makes)
    db.session.add(wish)
    db.session.flush()
    return wish


def answer(wish: SellingRequest, state: str, note: str = "", *, by: Actor) -> None:
    """Mark a wish as done or declined, once.

    Raises:
        AlreadyAnswered: somebody was faster.
    """
    answered = db.session.scalar(
        update(SellingRequest)
        .where(SellingRequest.id == wish.id, SellingRequest.state == "new")
        .values(state=state, note=note, answered_by_id=by.id, answered_at=now())
        .returning(SellingRequest.id)
    )
    if answered is None:
        raise AlreadyAnswered(wish)
    audit.record(by, f"wish.{state}", wish)


def _lock(shop: Shop) -> None:
    """Queue behind whoever changes this shop, and read it again: its owner is read beside it, so not in one go."""
    db.session.execute(select(Shop.id).where(Shop.id == shop.id).with_for_update())
    db.session.refresh(shop)


def _alive(shop: Shop) -> None:
    if shop.state == "ended":
        raise HasEnded(shop)


def move_on(shop: Shop, version: int | None) -> None:
    """Take the next version if nobody saved since the one that was shown; None when no form showed any.

    The UPDATE holds when two save at once.

    Raises:
        HasEnded: nothing in it changes any more.
        StaleVersion: it was changed elsewhere.
    """
    _alive(shop)
    step = update(Shop).where(Shop.id == shop.id).values(version=Shop.version + 1).returning(Shop.id)
    if version is not None:
        step = step.where(Shop.version == version)
    if db.session.scalar(step) is None:
        raise StaleVersion(shop)
    db.session.refresh(shop)
