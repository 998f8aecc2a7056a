"""QRIS, the national payment code: read strictly, and the exact amount written into a seller's own static code.

A code is a row of fields (two digits of tag, two of length, the value), some of which hold rows of their own. Lengths
count signs, the check sum runs over UTF-8 bytes.

Source: EMVCo merchant-presented QR codes; spec/domain.md 5.2; vectors in app/data/qris.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from app.kit.rupiah import ZERO, Rupiah
from app.kit.unclear import Unclear

LONGEST: Final = 512
MOST_AMOUNT: Final = Rupiah(9_999_999_999_999)  # thirteen signs fit into the field

_FORMAT, _KIND, _CURRENCY, _AMOUNT, _COUNTRY, _NAME, _CITY = "00", "01", "53", "54", "58", "59", "60"
_CHECK, _NATIONAL, _EXTRA = "63", "51", "62"
_STATIC, _ONCE = "11", "12"
_FEES: Final = ("55", "56", "57")
_BLOCKS: Final = (*(f"{tag}" for tag in range(26, 52)), _EXTRA)
_QRIS: Final = "ID.CO.QRIS.WWW"
_MERCHANT: Final = re.compile(r"ID[0-9]{13}")
_PRICE: Final = re.compile(r"([0-9]{1,13})(?:\.(?:0{1,2})?)?")
_HEAD: Final = 4
_TAIL: Final = f"{_CHECK}04"

Fields = tuple[tuple[str, str], ...]


class UnreadableQris(Unclear):
    """Text that is no QRIS we can use.

    Codes: `empty`, `not_qris` (no payment code at all, or none of the national kind), `broken` (fields that do not add
    up), `check` (its check sum is wrong: a sign was lost or changed), `country`, `currency`, `once` (made for one
    payment, with its amount), `fee` (asks for a tip or a fee on top).
    """


@dataclass(frozen=True, slots=True)
class Qris:
    """A code whose check sum holds: its fields in their order, without the check sum."""

    fields: Fields

    def get(self, tag: str) -> str:
        """Return the value of a field, empty when it is not there."""
        return dict(self.fields).get(tag, "")

    @property
    def name(self) -> str:
        """Who is paid, as the bank wrote it."""
        return self.get(_NAME)

    @property
    def city(self) -> str:
        """Where."""
        return self.get(_CITY)

    @property
    def country(self) -> str:
        """Two letters."""
        return self.get(_COUNTRY)

    @property
    def currency(self) -> str:
        """Three digits."""
        return self.get(_CURRENCY)

    @property
    def merchant(self) -> str:
        """The national number of the merchant (NMID), empty when the code is not Indonesian."""
        return dict(read_fields(self.get(_NATIONAL))).get("02", "") if _is_block(self.get(_NATIONAL)) else ""

    @property
    def is_static(self) -> bool:
        """Whether it can be paid any number of times, with an amount that the payer types."""
        return self.get(_KIND) in ("", _STATIC) and not self.get(_AMOUNT)

    @property
    def asks_fee(self) -> bool:
        """Whether it asks for something on top of the price."""
        return any(tag in _FEES for tag, _value in self.fields)

    @property
    def amount(self) -> Rupiah | None:
        """The price in it; None when there is none, or it is not in whole rupiah."""
        found = _PRICE.fullmatch(self.get(_AMOUNT))
        return Rupiah(int(found[1])) if found else None

    def __str__(self) -> str:
        """Return it as it stands in the picture, with its check sum."""
        text = "".join(f"{tag}{len(value):02}{value}" for tag, value in self.fields) + _TAIL
        return text + check_sum(text)


def check_sum(text: str) -> str:
    """Return CRC-16/CCITT-FALSE of a text as four hexadecimal signs.

    >>> check_sum("123456789")
    '29B1'
    """
    return f"{binascii.crc_hqx(text.encode('utf-8', 'surrogatepass'), 0xFFFF):04X}"


def read_fields(text: str) -> Fields:
    """Take a row of fields apart.

    Raises:
        UnreadableQris: `broken`, when they do not fill the text exactly, or one comes twice.

    >>> read_fields("0002015802ID")
    (('00', '01'), ('58', 'ID'))
    """
    found: dict[str, str] = {}
    place = 0
    while place < len(text):
        head = text[place : place + _HEAD]
        if len(head) < _HEAD or not (head.isascii() and head.isdigit()):
            raise UnreadableQris("broken")
        length = int(head[2:])
        value = text[place + _HEAD : place + _HEAD + length]
        if not length or len(value) < length or head[:2] in found:
            raise UnreadableQris("broken")
        found[head[:2]] = value
        place += _HEAD + length
    return tuple(found.items())


def parse_any(text: str) -> Qris:
    """Read a payment code of any country.

    Raises:
        UnreadableQris: `empty`, `not_qris`, `broken` or `check`.
    """
    typed = "".join(text.strip().splitlines())
    if not typed:
        raise UnreadableQris("empty")
    if len(typed) > LONGEST or not typed.startswith("0002") or not typed.isprintable():
        raise UnreadableQris("not_qris")
    fields = read_fields(typed)
    if fields[-1][0] != _CHECK or len(fields[-1][1]) != 4 or fields[0] != (_FORMAT, "01"):
        raise UnreadableQris("broken")
    if check_sum(typed[:-4]) != fields[-1][1]:
        raise UnreadableQris("check")
    return Qris(fields[:-1])


def parse(text: str) -> Qris:
    """Read a QRIS, static or made for one payment.

    Raises:
        UnreadableQris: with a code that says why.
    """
    code = parse_any(text)
    if code.country != "ID":
        raise UnreadableQris("country")
    if code.currency != "360":
        raise UnreadableQris("currency")
    if code.get(_KIND) not in ("", _STATIC, _ONCE):
        raise UnreadableQris("broken")
    for tag, value in code.fields:
        if tag in _BLOCKS:
            read_fields(value)
    national = dict(read_fields(code.get(_NATIONAL)))
    if national.get("00") != _QRIS or not _MERCHANT.fullmatch(national.get("02", "")):
        raise UnreadableQris("not_qris")
    if not code.name.strip():
        raise UnreadableQris("broken")
    return code


def parse_static(text: str) -> Qris:
    """Read the code that hangs at a seller's stall.

    Raises:
        UnreadableQris: with a code that says why.
    """
    code = parse(text)
    if not code.is_static:
        raise UnreadableQris("once")
    if code.asks_fee:
        raise UnreadableQris("fee")
    return code


def with_amount(code: Qris, amount: Rupiah) -> Qris:
    """Write an exact amount into a code: it is for one payment then, without tip or fee.

    >>> with_amount(Qris((("00", "01"), ("53", "360"), ("58", "ID"))), Rupiah(25_000)).fields[1:4]
    (('01', '12'), ('53', '360'), ('54', '25000'))
    """
    if not ZERO < amount <= MOST_AMOUNT:
        raise ValueError(f"no amount to pay: {amount}")
    left = [(tag, value) for tag, value in code.fields if tag not in (_FORMAT, _KIND, _AMOUNT, *_FEES)]
    place = next((index for index, (tag, _value) in enumerate(left) if tag == _COUNTRY), len(left))
    price = (_AMOUNT, str(amount.amount))
    return Qris(((_FORMAT, "01"), (_KIND, _ONCE), *left[:place], price, *left[place:]))


def made_of(values: Mapping[str, str], kind: str = _STATIC) -> Qris:
    """Return a code with these fields, in the order of their tags: for tests and demonstration."""
    rows: Iterable[tuple[str, str]] = sorted(values.items())
    return Qris(((_FORMAT, "01"), (_KIND, kind), *rows))


def _is_block(text: str) -> bool:
    try:
        return bool(read_fields(text))
    except UnreadableQris:
        return False
