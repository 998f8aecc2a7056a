"""The least valid families. Every maker opens its own transaction and returns the stored row.

NIK and KK are made up: their serial is 0000, which is never given out.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import Any

from app.core.clock import now, today
from app.core.db import transaction
from app.core.sheets import write_csv
from app.goods.shops.models import Shop
from app.growth.businesses import opening
from app.growth.businesses import operations as businesses
from app.growth.businesses.models import AccountBatch, Business
from app.people.accounts.models import Account
from app.people.families import importing, lists, operations, queries
from app.people.families.models import Enrollment, FamilyConsent, ImportBatch, Kpm
from app.people.families.operations import Facts, Time
from tests.factories.people import DESA, make_account

_numbers = count(1)
_BORN = date(1950, 1, 1)


def nik_number(number: int | None = None) -> str:
    """A well-formed NIK that nobody has: another day of birth each time, serial 0000."""
    number = next(_numbers) if number is None else number
    born = _BORN + timedelta(days=number % 18_000)
    kecamatan = 5 + number // 18_000
    return f"3604{kecamatan:02d}{born.day + 40:02d}{born:%m%y}0000"


def kk_number() -> str:
    """A well-formed number of a family card that nobody has."""
    return nik_number()[:-4] + "9999"


def facts(**given: Any) -> Facts:
    """What is written down of a family; everything has a value unless given."""
    number = next(_numbers)
    told: dict[str, Any] = {
        "nik": nik_number(), "kk": None, "name": f"Ibu Keluarga {number}", "phone": None, "address": "",
        "desa_code": DESA, "size": 4,
    }  # fmt: skip
    return Facts(**(told | given))


def make_kpm(by: Account | None = None, **given: Any) -> Kpm:
    """A family in DESA, written down by a caseworker of its kabupaten; `nik`, `kk`, `name`, … may be given."""
    told = facts(**given)
    by = by or make_account("caseworker", region_code=told.desa_code[:5])
    with transaction():
        kpm = operations.register(told, by=by)
    return queries.get_kpm(kpm.id)


def make_enrollment(kpm: Kpm, program: str = "pkh", by: Account | None = None, **given: Any) -> Enrollment:
    """A family's time in a programme, since 2021 unless `started_on` is given."""
    told = Time(program, **({"started_on": date(2021, 3, 1)} | given))
    with transaction():
        return operations.enroll(kpm, told, by=by or make_account("caseworker"))


def make_consent(
    kpm: Kpm, purpose: str = "graduation_monitoring", by: Account | None = None, **given: Any
) -> FamilyConsent:
    """An agreement on paper that holds from now on; `given_at`, `expires_on`, `withdrawn_at` may be given."""
    by = by or make_account("caseworker")
    facts_given: dict[str, Any] = {"wording_version": "2026-11", "method": "paper", "given_at": now()}
    consent = FamilyConsent(kpm_id=kpm.id, purpose=purpose, recorded_by_id=by.id, **(facts_given | given))
    with transaction() as session:
        session.add(consent)
    return consent


def make_business(kpm: Kpm, shop: Shop, by: Account | None = None, **given: Any) -> Business:
    """A family runs a shop, since a year ago unless `started_on` is given."""
    since = today("Asia/Jakarta") - timedelta(days=365)
    with transaction():
        return businesses.link(kpm, shop, **({"started_on": since} | given), by=by or make_account("caseworker"))


def make_list(by: Account, **cells: str) -> ImportBatch:
    """An uploaded list of one family that waits to be saved; `nik`, `name`, … may be given."""
    told = {"nik": nik_number()[:-1] + "1", "name": "Ibu Daftar", "desa": DESA, "size": "4"} | cells
    data = write_csv([lists.COLUMNS[column][0] for column in told], [list(told.values())])
    with transaction():
        return importing.stage(data, regency=by.region_code, by=by)


def make_stack(by: Account, place: str = DESA) -> AccountBatch:
    """Accounts for a place, asked for in one go: one family wants to sell there."""
    number = next(_numbers)
    make_kpm(by, desa_code=place, wants_to_sell=True, phone=f"+62813900{number:05d}")
    with transaction():
        return opening.ask(
            place, key=f"tumpukan-{number}", business_type_slug="warung-kelontong", wording_version="2026-11",
            today=today("Asia/Jakarta"), origin="https://lapak.test", by=by,
        )  # fmt: skip
