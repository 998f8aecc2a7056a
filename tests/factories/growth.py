"""The least valid growth: sales on a family's shop, a case, a proposal, a decision, an objection, a graduation."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from itertools import count
from typing import Any

from app.core.db import transaction
from app.goods.shops.models import Shop
from app.growth.graduation import appeals, letters, operations, reckoning, rulemaking
from app.growth.graduation import jobs as nightly
from app.growth.graduation.models import Appeal, Decision, Graduation, GrowthCase, Proposal, RuleSet
from app.kit.rupiah import Rupiah
from app.people.accounts.models import Account
from app.people.families.models import Kpm
from app.trade.sales import operations as sales
from app.trade.sales.models import SaleRecord
from app.trade.sales.rules import Sale
from tests.factories.families import make_business, make_consent, make_kpm
from tests.factories.goods import make_shop
from tests.factories.people import REGENCY, make_account
from tests.support.clocks import TODAY

REASON = "Dibicarakan di rumahnya, penjualan berjalan baik."
VIEW = "Ibu setuju dan ingin tetap ditemani."
LONG_AGO = TODAY - timedelta(days=900)
_numbers = count(1)


def make_sale(shop: Shop, day: date, amount: int = 20_000, **given: Any) -> SaleRecord:
    """A line of the book; `grade`, `channel`, `qty` may be given."""
    facts = {
        "key": secrets.token_hex(12), "qty": 1, "channel": "manual", "grade": "A", "reason": "contoh",
        "source": ("notebook", None),
    }  # fmt: skip
    sale = Sale(shop_id=shop.id, regency_code=shop.regency_code, amount=Rupiah(amount), sold_on=day, **(facts | given))
    with transaction():
        return sales.record([sale], by_id=1)[0]


def take_back(sale: SaleRecord, by: Account) -> SaleRecord:
    """The whole sale is taken back."""
    with transaction():
        return sales.reverse(sale, sale.qty, by=by, key=secrets.token_hex(12))


def make_family(*, consents: bool = True, owner: Account | None = None) -> tuple[Kpm, Shop]:
    """A family that runs a shop since long ago; with its consent to be followed unless told otherwise."""
    kpm, shop = make_kpm(), make_shop(owner=owner) if owner else make_shop()
    make_business(kpm, shop, started_on=LONG_AGO)
    if consents:
        make_consent(kpm)
    return kpm, shop


def make_case(kpm: Kpm, by: Account | None = None) -> GrowthCase:
    """A family that is followed."""
    with transaction():
        return operations.open_case(kpm, by=by or make_account("caseworker"))


def make_proposal(kpm: Kpm, outcome: str = "steady", by: Account | None = None, **given: Any) -> Proposal:
    """A proposed move, by the pendamping unless given."""
    told: dict[str, Any] = {"reason": REASON, "family_view": VIEW, "agreed": True}
    with transaction():
        return operations.propose(kpm, outcome, **(told | given), by=by or make_account("pendamping"))


def make_decision(proposal: Proposal, by: Account | None = None) -> Decision:
    """The proposed move, decided by a caseworker unless given."""
    with transaction():
        return operations.decide(proposal, reason=REASON, by=by or make_account("caseworker"))


def make_appeal(kpm: Kpm, by: Account | None = None) -> Appeal:
    """An objection that came by phone."""
    with transaction():
        return appeals.file(kpm, "Penjualan saya tidak turun.", channel="phone", by=by or make_account("pendamping"))


def make_graduation(kpm: Kpm, by: Account | None = None, **given: Any) -> Graduation:
    """A statement that waits for its scan; `kind`, `stated_on`, `number` may be given."""
    told: dict[str, Any] = {"kind": "self_reliant", "stated_on": TODAY, "letter": {"alasan": "Usaha sudah jalan."}}
    with transaction():
        return letters.state(
            kpm, **(told | given), key=f"graduation-{next(_numbers)}", by=by or make_account("pendamping")
        )


def make_draft(regency_code: str = REGENCY, by: Account | None = None, **given: Any) -> RuleSet:
    """The rules that ship, drafted anew for a kabupaten; `criteria`, `flags`, `note` may be given."""
    told: dict[str, Any] = {
        "criteria": list(reckoning.DEFAULT_CRITERIA), "flags": reckoning.DEFAULT_FLAGS, "note": "Sama seperti bawaan.",
    }  # fmt: skip
    with transaction():
        return rulemaking.draft_rules(
            regency_code, **(told | given), by=by or make_account("caseworker", region_code=regency_code)
        )


def make_tried(draft: RuleSet) -> RuleSet:
    """The draft with its trial over, as a worker leaves it; few enough families for one part."""
    finish = nightly.try_rules({"rules": draft.id, "day": TODAY.isoformat()})
    with transaction():
        finish()
    return draft
