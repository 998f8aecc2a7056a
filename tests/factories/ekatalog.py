"""The least valid rounds of the e-Katalog: every maker opens its own transaction and returns what it made."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from app.core import storage
from app.core.clock import today
from app.core.db import transaction
from app.core.pictures import Master
from app.core.policy import Actor
from app.goods.permits.operations import Paper
from app.goods.products.models import Product
from app.people.accounts.models import Account
from app.trade.ekatalog import filling, outside, queries, reviewing
from app.trade.ekatalog.cases import Case
from app.trade.ekatalog.models import OutsideStatus
from app.trade.ekatalog.outside import Sighting
from tests.factories.goods import make_product, make_shop, picture_bytes, revision_of, variant_of
from tests.factories.people import make_account, make_card

CATEGORY = "MKN-TELUR"
SHELF = "ETL-RINGAN"
KBLI = "10799"
LONG = "Telur asin bebek dari Ciomas, diasinkan dua minggu dengan abu gosok, lalu dikukus sampai masir. " * 3
NUMBERS = {
    "nib": "1234567890123",
    "npwp": "012345678901234",
    "pirt": "2033604010012-30",
    "halal": "ID36110000123450925",
}


def master(colour: str = "#9fd0c4") -> Master:
    """A cleaned photo that says it is large enough for the catalogue; its bytes are few."""
    return Master(picture_bytes((40, 35), colour=colour), 800, 700)


def make_goods(owner: Account | None = None, **given: Any) -> Product:
    """Salted eggs on sale whose shop has a card and a fitting business."""
    owner = owner or make_account()
    make_card(owner)
    shop = make_shop(owner, business_type_slug="telur-asin", **given)
    product = make_product(shop, "Telur asin bebek isi 5", description=LONG)
    with transaction():
        revision_of(product).net_weight_g = variant_of(product).net_weight_g = 375
    return product


def begun(product: Product) -> tuple[Case, int, int, int]:
    """A round with one photo, one paper and one sighting; returns it and their ids."""
    case = start(product)
    with transaction() as session:
        photo = filling.add_photo(case, "photos", master(), by=product.shop.owner)
        permit = filling.enter_permit(case, "nib", paper("nib"), master(), by=product.shop.owner)
        name = storage.new_name("jpg")
        storage.private_store().put(name, master().data)
        row = OutsideStatus(
            submission_id=case.submission.id,
            status="shown_outside",
            seen_on=case.day,
            seen_by="Rudi",
            proof=name,
            claims={},
            entered_by_id=product.shop.owner_id,
        )
        session.add(row)
        session.flush()
        numbers = (photo.id, permit.id, row.id)
    return (case, *numbers)


def paper(kind: str, **given: Any) -> Paper:
    """A paper of a kind with a right number; a NIB with the class of salted eggs."""
    more = {"kbli_version": "2020", "kbli_code": KBLI} if kind == "nib" else {}
    return Paper(kind, NUMBERS[kind], **(more | given))


def start(product: Product, by: Actor | None = None, profile: str = "v6") -> Case:
    """A round that was just begun."""
    with transaction():
        submission = filling.start(product, by=by or product.shop.owner, profile=profile)
        number = submission.id
    return queries.get_case(number)


def fill(case: Case, by: Actor | None = None, *, without: tuple[str, ...] = ()) -> Case:
    """Answer every item but those left out."""
    by, asked = by or case.shop.owner, {item.key for item in case.items}
    without = (*without, *({"capacity", "lead", "bank", "kbki", "ingredients", "halal", "label"} - asked))
    category = CATEGORY if case.submission.profile == "v6" else SHELF
    values = {
        "category": {"code": category}, "bank": {"agreed": True}, "phone": {"agreed": True},
        "price": {"cost": 15_000}, "capacity": {"per_week": 40}, "lead": {"days": 2, "radius_km": 10},
        "local": {"agreed": True}, "kbki": {"code": "2111"},
        "ingredients": {"ingredients": "telur bebek, garam", "allergens": "telur", "storage": "suhu ruang",
                        "shelf_life_days": 14},
    }  # fmt: skip
    with transaction():
        for key, value in values.items():
            if key not in without:
                filling.answer(case, key, value, by=by)
        for key, kind in (("nib", "nib"), ("npwp", "npwp"), ("licence", "pirt"), ("halal", "halal")):
            if key not in without:
                filling.enter_permit(case, key, paper(kind), master(), by=by)
        if "photos" not in without:
            for colour in ("#9fd0c4", "#e8f4ef", "#f2c14e"):
                filling.add_photo(case, "photos", master(colour), by=by)
        if "label" not in without:
            filling.add_photo(case, "label", master("#ffffff"), by=by)
    return queries.get_case(case.submission.id)


def sent(product: Product | None = None, by: Actor | None = None, profile: str = "v6") -> Case:
    """A round that waits for a curator."""
    case = fill(start(product or make_goods(), by, profile), by)
    with transaction():
        filling.send(case, by=by or case.shop.owner)
    return queries.get_case(case.submission.id)


def all_ok(case: Case) -> dict[str, tuple[str, str]]:
    """What a reviewer says when everything is right."""
    return {key: (check.result if check.result == "n/a" else "ok", "") for key, check in case.checks.items()}


def taken(case: Case | None = None, by: Actor | None = None) -> Case:
    """A round that a curator looks at."""
    case = case or sent()
    with transaction():
        reviewing.take(case, by=by or make_account("curator"))
    return queries.get_case(case.submission.id)


def returned(case: Case | None = None, by: Actor | None = None, **marks: str) -> Case:
    """A round that came back; `capacity="Terlalu banyak."` says on which items and why."""
    by = by or make_account("curator")
    case = taken(case, by)
    said = {key: ("wrong", note) for key, note in (marks or {"capacity": "Terlalu banyak."}).items()}
    with transaction():
        reviewing.send_back(case, said, by=by)
    return queries.get_case(case.submission.id)


def approved(case: Case | None = None, by: Actor | None = None) -> Case:
    """A round that waits for the second signature."""
    by = by or make_account("curator")
    case = taken(case, by)
    with transaction():
        reviewing.approve(case, all_ok(case), by=by)
    return queries.get_case(case.submission.id)


def exported(case: Case | None = None, by: Actor | None = None) -> Case:
    """A round whose package is frozen."""
    case = case or approved()
    with transaction():
        reviewing.sign(case, by=by or make_account("approver"))
    return queries.get_case(case.submission.id)


def seen(case: Case, status: str, by: Actor | None = None, **given: Any) -> Case:
    """A round after somebody saw or did something outside."""
    facts: dict[str, Any] = {"seen_on": case.day, "seen_by": "Rudi, UKPBJ", "without_proof": True} | given
    if status == "refused_outside":
        facts.setdefault("reason_code", "photo_unclear")
    with transaction():
        outside.record(case, Sighting(status=status, **facts), None, by=by or make_account("curator"))
    return queries.get_case(case.submission.id)


def in_days(days: int) -> date:
    """The local day some days from now."""
    return today("Asia/Jakarta") + timedelta(days=days)
