"""The people of the demonstration, and what opens its doors: written only where the database bears the mark `demo`."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from app.core import marks
from app.kit import codes
from app.kit.pins import weak_pin
from app.people.places import queries as places
from app.site.demo import words
from app.site.demo.plan import REGENCY, Plan, stalls

MARK: Final = "demo"
PASSWORD: Final = "perahu biru melompat pelan"  # noqa: S105 - told to everybody
OFFICE: Final = (
    ("curator", "kurator", "Ratna Wulandari", REGENCY),
    ("curator", "kurator2", "Dedi Suhendar", REGENCY),
    ("curator", "kurator3", "Yulia Permata", REGENCY),
    ("curator", "kurator.pandeglang", "Iwan Gunawan", "36.01"),
    ("pendamping", "pendamping", "Neng Rahmawati", REGENCY),
    ("pendamping", "pendamping2", "Agus Priyatna", REGENCY),
    ("caseworker", "petugas", "Lina Marlina", REGENCY),
    ("caseworker", "petugas2", "Tatang Sutarman", REGENCY),
    ("approver", "penyetuju", "Endang Kusuma", REGENCY),
    ("head", "kepala", "Hendra Wijaya", REGENCY),
    ("steward", "pdp", "Maya Anggraeni", REGENCY),
    ("admin", "admin", "Fajar Nugraha", REGENCY),
    ("partner", "mitra", "Rina Puspita", REGENCY),
)
SELLERS: Final = (0, 1, 2)
PAUSED_SHOP: Final = 2
# A facilitator looks after a few villages; the shops of the kecamatan of the first two sellers lie in these.
VILLAGES: Final = 4


@dataclass(frozen=True, slots=True)
class Known:
    """An account whose keys are told; what a role does not use is None."""

    role: str
    name: str
    region: str
    username: str | None = None
    phone: str | None = None
    password: str | None = None
    pin: str | None = None
    card_code: str | None = None
    totp_secret: str | None = None


def mark(plan: Plan) -> None:
    """Say in the database that it is a demonstration, and of which seed."""
    marks.put(MARK, json.dumps({"seed": plan.seed, "today": plan.today.isoformat()}))


def seed() -> int | None:
    """Return the seed of the demonstration in this database, None when it is none."""
    found = marks.get(MARK)
    return int(json.loads(found)["seed"]) if found else None


def phone(index: int) -> str:
    """Return the number of the maker with this index; no operator gives such numbers out."""
    return f"+62812{index:08d}"


def buyer_phone(index: int) -> str:
    """Return the number of a buyer."""
    return f"+62813{index:08d}"


def local(number: str) -> str:
    """Return a number as people type it.

    >>> local("+6281200000001")
    '081200000001'
    """
    return "0" + number.removeprefix("+62")


def person(plan: Plan, index: int) -> str:
    """Return the name of the maker with this index."""
    chance = plan.chance("person", index)
    return f"{chance.choice(words.FIRST)} {chance.choice(words.LAST)}"


def villages(kecamatan: str, desas: Sequence[str]) -> list[str]:
    """Return the desa in which demo shops of a kecamatan may lie."""
    cared = {stalls()[index].kecamatan for index in SELLERS[:2]}
    return list(desas[:VILLAGES] if kecamatan in cared else desas)


def areas() -> list[list[str]]:
    """Return the villages of each facilitator."""
    return [
        villages(stalls()[index].kecamatan, [each.code for each in places.list_children(stalls()[index].kecamatan)])
        for index in SELLERS[:2]
    ]


def staff(plan_seed: int) -> list[Known]:
    """Return the office, in the order of its accounts."""
    return [
        Known(role, name, region, username=username, password=PASSWORD, totp_secret=_secret(plan_seed, username))
        for role, username, name, region in OFFICE
    ]


def sellers(plan: Plan) -> list[Known]:
    """Return the sellers whose PIN and card are told; the third one's shop is paused."""
    return [
        Known(
            "seller",
            person(plan, index),
            stalls()[index].kecamatan,
            phone=local(phone(index + 1)),
            pin=_pin(plan, index),
            card_code=codes.grouped(codes.new_card_code(plan.chance("card", index))),
        )
        for index in SELLERS
    ]


def known(plan: Plan) -> list[Known]:
    """Return everybody whose keys are told; a facilitator's region is her first village."""
    around = iter(areas())
    office = [replace(each, region=next(around)[0]) if each.role == "pendamping" else each for each in staff(plan.seed)]
    return [*office, *sellers(plan)]


def as_json(accounts: Sequence[Known]) -> str:
    """Return the accounts as machines read them."""
    return json.dumps([_row(each) for each in accounts], ensure_ascii=False, indent=1)


def _row(account: Known) -> dict[str, Any]:
    return asdict(account)


def _secret(plan_seed: int, username: str) -> str:
    digest = hashlib.sha256(f"demo:{plan_seed}:{username}".encode()).digest()
    return base64.b32encode(digest[:20]).decode()


def _pin(plan: Plan, index: int) -> str:
    chance = plan.chance("pin", 0)  # one for all: who shows the market remembers one
    while True:
        pin = f"{chance.randrange(10**6):06d}"
        if not weak_pin(pin, phone(index + 1)):
            return pin
