"""What is done to businesses: a family is linked to a shop from a day, and the link ends on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import update

from app.core import audit, vault
from app.core.db import db
from app.core.errors import DomainError, StaleVersion
from app.core.i18n import _l
from app.core.policy import Actor
from app.goods.categories.queries import list_business_types
from app.goods.fostering import operations as fostering
from app.goods.shops.models import Shop
from app.growth.businesses import queries, rules
from app.growth.businesses.models import Business
from app.people.accounts.operations import lock_key
from app.people.families.cells import plain
from app.people.families.models import Kpm
from app.people.families.operations import give_consent
from app.people.families.queries import name_of, open_field
from app.people.families.rules import WORDING, free


class ShopTaken(DomainError):
    """A family ran this shop in that time already."""

    text = _l("Lapak ini sudah tercatat milik sebuah keluarga pada waktu itu.")


class OtherRegion(DomainError):
    """Family and shop lie in two kabupaten."""

    text = _l("Lapak dan keluarga ini tidak di kabupaten yang sama.")


class EndsBeforeStart(DomainError):
    """The last day lies before the first."""

    status = 400
    text = _l("Hari terakhir tidak boleh sebelum hari pertama.")


def link(
    kpm: Kpm, shop: Shop, *, started_on: date, ended_on: date | None = None, capital_source: str | None = None,
    kbli: str | None = None, nib: str | None = None, by: Actor,
) -> Business:  # fmt: skip
    """Say that a family runs a shop from a day on; the same link again changes nothing.

    Raises:
        ShopTaken: a family, this or another, has the shop on one of these days.
        OtherRegion: family and shop are in two kabupaten.
        EndsBeforeStart: the days are the wrong way round.
    """
    if ended_on is not None and ended_on < started_on:
        raise EndsBeforeStart(kpm)
    if shop.regency_code != kpm.regency_code:
        raise OtherRegion(kpm)
    lock_key(f"business:{shop.id}")
    there = queries.list_on_shop(shop.id)
    for each in there:
        if (each.kpm_id, each.started_on, each.ended_on) == (kpm.id, started_on, ended_on):
            return each
    if not free((started_on, ended_on), [(each.started_on, each.ended_on) for each in there]):
        raise ShopTaken(shop)
    business = Business(
        kpm_id=kpm.id, shop_id=shop.id, business_type_slug=shop.business_type_slug, started_on=started_on,
        ended_on=ended_on, capital_source=capital_source, kbli=kbli, nib=nib, created_by_id=by.id,
    )  # fmt: skip
    db.session.add(business)
    db.session.flush()
    audit.record(by, "business.linked", business, kpm=kpm.id, shop=shop.id)
    return business


def end(business: Business, ended_on: date, *, version: int, by: Actor) -> None:
    """Let a link end with a day; what was sold until then stays the family's.

    Raises:
        StaleVersion: somebody changed it meanwhile.
        EndsBeforeStart: that day lies before the first.
    """
    if ended_on < business.started_on:
        raise EndsBeforeStart(business)
    moved = db.session.scalar(
        update(Business)
        .where(Business.id == business.id, Business.version == version, Business.ended_on.is_(None))
        .values(version=version + 1, ended_on=ended_on)
        .returning(Business.id)
    )
    if moved is None:
        raise StaleVersion(business)
    db.session.refresh(business)
    audit.record(by, "business.ended", business, kpm=business.kpm_id, shop=business.shop_id)


@dataclass(frozen=True)
class Terms:
    """What holds for every account of a stack: kind of business where none is written, wording, first day."""

    business_type_slug: str
    wording_version: str
    today: date
    kinds: Mapping[str, str]
    """Kinds of business by their plain names."""


def terms(business_type_slug: str, wording_version: str, today: date) -> Terms:
    """Return what holds for every account of a stack."""
    kinds = {plain(kind.name): kind.slug for kind in list_business_types()}
    return Terms(business_type_slug, wording_version, today, kinds)


def open_accounts(
    families: Sequence[Kpm], *, business_type_slug: str, wording_version: str, today: date, by: Actor
) -> dict[int, str]:
    """Open account, shop and link for several families at once; returns the code of each new card by its shop.

    Whoever has a shop already is passed by, so that a second click opens nothing.
    """
    queue_for(families)
    agreed, codes = terms(business_type_slug, wording_version, today), {}
    for kpm in families:
        opened = open_account(kpm, agreed, by=by)
        if not isinstance(opened, str):
            shop, issued = opened
            if issued is not None:
                codes[shop.id] = issued.code
    return codes


def queue_for(families: Iterable[Kpm]) -> None:
    """Queue for several families in one order: once the first account is noted, nobody may be waited for any more."""
    for number in sorted(kpm.id for kpm in families):
        lock_key(f"accounts:{number}")


def open_account(kpm: Kpm, agreed: Terms, *, by: Actor) -> tuple[Shop, fostering.IssuedCard | None] | str:
    """Open account, shop and link for a family, or say why not: `gone`, `no_phone` or `has_shop`."""
    lock_key(f"accounts:{kpm.id}")
    if kpm.state != "active" or not kpm.wants_to_sell:
        return "gone"
    phone = open_field(kpm.identity, "phone") if kpm.identity else None
    if phone is None:
        return "no_phone"
    if queries.has_running(kpm.id):
        return "has_shop"
    name = name_of(kpm)
    shop, issued = fostering.register(
        key=_key(kpm), name=name, phone=phone, desa_code=kpm.desa_code,
        business_type_slug=agreed.kinds.get(plain(kpm.makes), agreed.business_type_slug),
        shop_name=rules.shop_name(name), wording_version=agreed.wording_version, by=by,
    )  # fmt: skip
    give_consent(kpm, "marketplace", wording_version=WORDING, method="paper", by=by)
    link(kpm, shop, started_on=agreed.today, by=by)
    return shop, issued


def _key(kpm: Kpm) -> str:
    """Return the form key of a family's next account: the same for a second click, and no way back to the family."""
    return vault.blind(f"{kpm.id}:{len(queries.list_businesses(kpm.id))}", "family_account")
