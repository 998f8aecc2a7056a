"""What people type at a stall: numbers beside products, money, one choice per product that was counted twice.

The fields of a till follow from its goods, so they are read one by one; what was typed stays on the page. What
happens on the day comes by forms as everywhere.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import request
from wtforms import HiddenField, SelectField, TimeField
from wtforms.validators import Length

from app.core.cookies import SignedCookie
from app.core.errors import Unreadable
from app.core.forms import AtLeast, AtMost, Form, Required, TextBlock, TextLine, posted
from app.core.i18n import _, _l
from app.core.scans import PictureField
from app.kit import digits
from app.kit.rupiah import ZERO, Rupiah
from app.trade.stalls import rules
from app.trade.stalls.queries import Good
from app.trade.stalls.rules import Basket, Line
from app.trade.stalls.settling import Conflict, Result, Row, Sheet

UNIT_DIGITS = 4
KEY_MOST = 64
METHODS = {"tunai": "cash", "lain": "other"}
INCIDENTS = {
    "health": _l("Orang sakit atau terluka"),
    "loss": _l("Barang hilang atau rusak"),
    "quarrel": _l("Keributan atau keluhan"),
    "weather": _l("Hujan, angin, atau banjir"),
    "place": _l("Tempat, listrik, atau air"),
    "other": _l("Lainnya"),
}
# The prices that stood on the page, signed: what was shown is what was sold, whatever happened to the price meanwhile.
_shown = SignedCookie("harga-kasir", "stall-prices", days=1)


@dataclass
class Typed:
    """What a page was sent, and what is wrong with it by field."""

    values: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    trouble: str = ""

    def value(self, name: str, otherwise: object = "") -> str:
        """Return what stands in a field."""
        return self.values.get(name, str(otherwise))

    def units(self, name: str) -> int:
        """Read a number of units; nothing typed is none."""
        said = self._say(name)
        number = digits.whole(digits.plain(said), UNIT_DIGITS) if said else 0
        if number is None:
            self.errors[name] = _("Isi dengan angka, misalnya 3.")
        return number or 0

    def money(self, name: str) -> Rupiah:
        """Read an amount; nothing typed is none."""
        said = self._say(name)
        try:
            return Rupiah.parse(said) if said else ZERO
        except ValueError:
            self.errors[name] = _("Isi dengan angka, misalnya 150.000.")
            return ZERO

    def _say(self, name: str) -> str:
        self.values[name] = posted(name)[:40]
        return self.values[name]


def new_key() -> str:
    """Name what a page will send, once."""
    return secrets.token_urlsafe(16)


def read_key() -> str:
    """Return the name that a page carries.

    Raises:
        Unreadable: it carries none.
    """
    key = posted("kunci")
    if not key or len(key) > KEY_MOST:
        raise Unreadable
    return key


def seal_prices(application_id: int, goods: Iterable[Good]) -> str:
    """Return the shown prices as one signed field."""
    return _shown.sign([application_id, {str(good.variant_id): good.price.amount for good in goods}])


def _prices(application_id: int) -> dict[int, Rupiah]:
    opened = _shown.open(request.form.get("harga", ""))
    if not isinstance(opened, list) or opened[:1] != [application_id]:
        raise Unreadable
    return {int(key): Rupiah(amount) for key, amount in opened[1].items()}


def read_basket(application_id: int, goods: Sequence[Good], typed: Typed) -> Basket:
    """Read a basket at the prices that were shown.

    Raises:
        Unreadable: the prices are not ours, or no way of paying was pressed.
    """
    prices, method = _prices(application_id), METHODS.get(posted("bayar"))
    if method is None:
        raise Unreadable
    return Basket(read_key(), method, tuple(_lines(goods, typed, prices)))


def _lines(goods: Sequence[Good], typed: Typed, prices: dict[int, Rupiah]) -> list[Line]:
    counts = {good.variant_id: typed.units(f"n-{good.variant_id}") for good in goods}
    return [
        Line(good.variant_id, good.name, prices.get(good.variant_id, good.price), counts[good.variant_id])
        for good in goods
        if counts[good.variant_id]
    ]


def read_carried(goods: Sequence[Good], typed: Typed) -> dict[int, int]:
    """Read how many of each come along."""
    return {good.variant_id: typed.units(f"n-{good.variant_id}") for good in goods}


def read_sheet(goods: Sequence[Good], days: Sequence[date], typed: Typed) -> Sheet:
    """Read a tally sheet."""
    try:
        day = date.fromisoformat(posted("hari"))
    except ValueError:
        day = days[0]
    typed.values["hari"] = day.isoformat()
    cash, other = typed.money("tunai"), typed.money("lain")
    return Sheet(read_key(), day, tuple(_lines(goods, typed, {})), cash, other)


def read_result(rows: Sequence[Row], conflicts: Sequence[Conflict], typed: Typed) -> Result:
    """Read what a stall hands in."""
    for each in conflicts:
        typed.values[f"cara-{each.key}"] = posted(f"cara-{each.key}")
    buyers = typed.units("pembeli-baru")
    typed.values["alasan"] = posted("alasan")[:300]
    return Result(
        cash=typed.money("tunai"),
        other=typed.money("lain"),
        returned={row.variant_id: typed.units(f"kembali-{row.variant_id}") for row in rows},
        damaged={row.variant_id: typed.units(f"rusak-{row.variant_id}") for row in rows},
        choices={
            each.key: typed.values[f"cara-{each.key}"]
            for each in conflicts
            if typed.values[f"cara-{each.key}"] in rules.WAYS
        },
        new_buyers=buyers if typed.values["pembeli-baru"] else None,
        reason=typed.values["alasan"],
    )


class IncidentForm(Form):
    """What went wrong, at which hour of today, and what was done about it."""

    kunci = HiddenField(validators=[Length(max=KEY_MOST)])
    jenis = SelectField(_l("Apa ini?"), [Required(_l("Pilih salah satu."))])
    jam: Any = TimeField(_l("Jam berapa"), [Required()])
    kejadian = TextBlock(_l("Apa yang terjadi"), [Required(), AtLeast(5), AtMost(500)], render_kw={"rows": 3})
    tindakan = TextBlock(_l("Apa yang dilakukan"), [AtMost(500)], render_kw={"rows": 2})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.jenis.choices = [("", _("Belum dipilih")), *((code, str(word)) for code, word in INCIDENTS.items())]


class BazaarPhotoForm(Form):
    """A photo for the public page and the report."""

    kunci = HiddenField(validators=[Length(max=KEY_MOST)])
    foto = PictureField(_l("Foto bazar"), [Required(_l("Ambil atau pilih foto dulu."))])
    keterangan = TextLine(_l("Keterangan foto"), [AtMost(120)])
