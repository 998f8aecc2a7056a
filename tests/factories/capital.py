"""The least valid aid. Every maker opens its own transaction and returns the stored row."""

from __future__ import annotations

import io
from datetime import date, timedelta
from itertools import count
from typing import Any

from app.core import scans
from app.core.clock import today
from app.core.db import transaction
from app.core.pictures import read_upload
from app.growth.capital import operations, proofs, queries
from app.growth.capital.models import AidGrant, AidProposal, UseReceipt
from app.growth.capital.operations import Thing
from app.kit.rupiah import Rupiah
from app.people.accounts.models import Account
from app.people.families.models import Kpm
from tests.factories.people import make_account
from tests.factories.phone_photos import phone_photo

_numbers = count(1)
THINGS = (Thing("Mixer", 1, "buah", Rupiah(650_000)), Thing("Loyang", 5, "buah", Rupiah(30_000)))


def make_proposal(kpm: Kpm, by: Account | None = None, **given: Any) -> AidProposal:
    """A wish for this year, entered by somebody else than the test's own people."""
    facts = {
        "key": f"usulan-{next(_numbers)}",
        "business_type_slug": "kue-basah",
        "items_asked": "Mixer dan loyang",
        "asked": Rupiah(800_000),
        "year": today("Asia/Jakarta").year,
    }
    with transaction():
        made = operations.propose(kpm, **(facts | given), by=by or make_account("pendamping"))
    return queries.get_proposal(made.id)


def kept_photo() -> str:
    """The name of a private photo."""
    return scans.keep(read_upload(io.BytesIO(phone_photo("PNG", (64, 48)))))


def make_verified(
    kpm: Kpm,
    *,
    result: str = "fits",
    running_since: date | None = date(2022, 3, 1),
    photo: str | None = None,
    **given: Any,
) -> AidProposal:
    """A wish that somebody looked at."""
    proposal = make_proposal(kpm, **given)
    with transaction():
        operations.verify(
            queries.get_proposal(proposal.id),
            result=result,
            reason="Usahanya terlihat berjalan.",
            visited_on=date(2026, 1, 3),
            running_since=running_since,
            photo=photo,
            by=make_account("caseworker"),
        )
    return queries.get_proposal(proposal.id)


def make_proved(kpm: Kpm, **given: Any) -> tuple[AidGrant, UseReceipt]:
    """Aid with every paper there is: the signed record, a receipt, and the report with its photo."""
    grant = make_grant(kpm, handed_over=True, **given)
    by, day = make_account("caseworker"), today("Asia/Jakarta")
    with transaction():
        proofs.keep_scan(grant, kept_photo(), by=by)
        receipt = proofs.add_receipt(
            grant,
            key=f"nota-{grant.id}",
            what="Tepung",
            amount=Rupiah(50_000),
            bought_on=day,
            photo=kept_photo(),
            by=by,
        )
        operations.report(grant, reported_on=day, as_intended=True, note="Dipakai.", photo=kept_photo(), by=by)
    return queries.get_grant(grant.id), receipt


def make_grant(kpm: Kpm, *, year: int | None = None, handed_over: bool = False, **given: Any) -> AidGrant:
    """Aid in kind given today, due in 90 days; `form="cash"` for money, `value`, `fund`, `granted_on` may be given.

    `kind` is the type of business that it is for.
    """
    asked = {"year": year, "business_type_slug": given.pop("kind", None)}
    proposal = make_verified(kpm, **{name: value for name, value in asked.items() if value})
    form, day = given.pop("form", "in_kind"), today("Asia/Jakarta")
    facts: dict[str, Any] = {
        "fund": "province",
        "form": form,
        "value": Rupiah(800_000),
        "granted_on": day,
        "due_report_on": day + timedelta(days=90),
        "things": THINGS if form == "in_kind" else (),
        "considered": True,
    }
    with transaction():
        made = operations.grant(proposal, **(facts | given), by=make_account("caseworker"))
    if handed_over:
        grant = queries.get_grant(made.id)
        with transaction():
            operations.hand_over(
                queries.get_grant(made.id),
                number="460/1/BAST/2026",
                signed_on=day,
                place="Kantor desa",
                officer_name="Ibu Ratna",
                officer_post="Kepala seksi",
                witnesses="Pak Lurah dan Bu Pendamping",
                tested={item.id: "works" for item in grant.items},
                version=grant.version,
                by=make_account("caseworker"),
            )
    return queries.get_grant(made.id)
