"""What an officer does for a seller: register her on the spot, and help with card, number and PIN."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.errors import DomainError
from app.core.i18n import _l
from app.core.policy import Actor
from app.goods.shops import operations as shops
from app.goods.shops import queries as shop_queries
from app.goods.shops.models import SellingRequest, Shop
from app.people.accounts import operations as accounts
from app.people.accounts.models import Account, LoginCard
from app.people.accounts.policies import works_in
from app.people.places.rules import parent_of


class NotYourArea(DomainError):
    """The desa belongs to somebody else's work."""

    status = 403
    text = _l("Desa ini bukan wilayah Anda.")


@dataclass(frozen=True)
class IssuedCard:
    """A card at the only moment its code is known."""

    card: LoginCard
    code: str


def register(
    *,
    key: str,
    name: str,
    phone: str,
    desa_code: str,
    business_type_slug: str,
    shop_name: str,
    wording_version: str,
    by: Actor,
    wish: SellingRequest | None = None,
) -> tuple[Shop, IssuedCard | None]:
    """Make account, shop, consent and card in one go; the same key again finds the shop and issues nothing.

    Raises:
        NotYourArea: the desa is outside the officer's work.
        KeyReused: the key made somebody else.
    """
    if not works_in(by, desa_code):
        raise NotYourArea(desa_code)
    regency = parent_of(parent_of(desa_code) or "") or desa_code
    account = accounts.register_seller(key=key, name=name, phone=phone, region_code=regency, by=by)
    before = shop_queries.find_first_of(account.id)
    if before is not None:
        if (before.name, before.desa_code) != (shop_name, desa_code):
            raise accounts.KeyReused(before)
        return before, None
    shop = shops.open_shop(account, name=shop_name, desa_code=desa_code, business_type_slug=business_type_slug, by=by)
    accounts.record_consent(account, accounts.PUBLISH, wording_version, by=by)
    if wish is not None:
        shops.answer(wish, "done", by=by)
    return shop, issue(shop, by=by)


def issue(shop: Shop, *, by: Actor) -> IssuedCard:
    """Print a new card; the old one is dead."""
    return IssuedCard(*accounts.issue_card(shop.owner, by=by))


def lost_phone(shop: Shop, *, by: Actor) -> IssuedCard:
    """Shut every phone that knows her, and give a new card."""
    accounts.forget_phones(shop.owner, by=by)
    return issue(shop, by=by)


def forgotten_pin(shop: Shop, *, by: Actor) -> IssuedCard:
    """Forget the PIN and give a new card: with it she chooses another."""
    accounts.reset_pin(shop.owner, by=by)
    return issue(shop, by=by)


def changed_number(shop: Shop, phone: str, *, version: int | None = None, by: Actor) -> IssuedCard:
    """Take the new number and give a new card; a number shown to buyers follows.

    Raises:
        StaleVersion: the shop was changed elsewhere since this form was opened.
    """
    shops.move_on(shop, version)
    if shop.phone is not None:
        shop.phone = phone
    accounts.change_phone(shop.owner, phone, by=by)
    return issue(shop, by=by)


def shut_out(shop: Shop, *, by: Actor) -> None:
    """Disable the account; the shop leaves the shelf."""
    if shop.state == "open":
        shops.pause(shop, by=by)
    accounts.disable(shop.owner, by=by)


def let_in(shop: Shop, *, by: Actor) -> None:
    """Enable the account again; the shop stays paused until somebody opens it."""
    accounts.enable(shop.owner, by=by)


def hand_on(
    shop: Shop, *, key: str, name: str, phone: str, wording_version: str, version: int | None = None, by: Actor
) -> tuple[Account, IssuedCard | None]:
    """Let another family member run the shop, with an account, consent and card of her own.

    The one before is signed out and has no shop; orders, sales and history stay with the shop.
    """
    if shop.owner.creation_key == key:
        return shop.owner, None
    heir = accounts.register_seller(key=key, name=name, phone=phone, region_code=shop.regency_code, by=by)
    before = shop.owner
    shops.hand_on(shop, heir, version=version, by=by)
    shops.publish(shop, wording_version, by=by)
    accounts.end(before, by=by)
    return heir, IssuedCard(*accounts.issue_card(heir, by=by))


def finish(shop: Shop, *, version: int | None = None, by: Actor) -> None:
    """End shop and account; what was sold stays whole."""
    shops.end(shop, version=version, by=by)
    accounts.end(shop.owner, by=by)
