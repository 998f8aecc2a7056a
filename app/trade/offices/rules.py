"""Orders of public offices in plain values: sharing a quantity over sellers, the papers of an order, their numbers.

No database, no clock: rooms, days and states are given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

MOST_QTY: Final = 5_000
MOST_LINES: Final = 20
FARTHEST_DAYS: Final = 180

ORDER, BILL, HANDOVER, RECEIPT = KINDS = ("order", "bill", "handover", "receipt")
# How each kind is written in its number, as offices do.
SHORT: Final = {ORDER: "SP", BILL: "NOTA", HANDOVER: "BAST", RECEIPT: "KW"}
CASH, TRANSFER, LATER = METHODS = ("cash_cod", "transfer_seller", "paid_elsewhere")


@dataclass(frozen=True, slots=True)
class Want:
    """So many of one choice; `others` are choices of the same kind, those that fit best first."""

    variant_id: int
    qty: int
    others: tuple[int, ...] = ()


def share(wants: Sequence[Want], room: Mapping[int, int]) -> list[dict[int, int]]:
    """Share what is wanted over those who can make it; for each want: choice → units, the asked one first.

    Whoever was asked gives what she can, for all wants, before anybody helps out. Then one seller who can give the
    whole rest is taken before several; of several, whoever has most room. What nobody has is missing from the sums.

    Args:
        wants: in the order of the form.
        room: how many units of each choice can be had for the day; a choice that is not named has none.

    >>> share([Want(1, 120, (2, 3))], {1: 80, 2: 30, 3: 60})
    [{1: 80, 3: 40}]
    """
    left = {variant_id: max(0, units) for variant_id, units in room.items()}
    shares = [_take(left, {}, want.variant_id, want.qty) for want in wants]
    for want, given in zip(wants, shares, strict=True):
        while missing := want.qty - sum(given.values()):
            able = [each for each in want.others if left.get(each, 0)]
            if not able:
                break
            whole = next((each for each in able if left[each] >= missing), None)
            _take(left, given, whole or max(able, key=left.__getitem__), missing)
    return shares


def _take(left: dict[int, int], given: dict[int, int], variant_id: int, qty: int) -> dict[int, int]:
    """Move as much as there is of `qty` from what is left to what is given."""
    if units := min(left.get(variant_id, 0), qty):
        left[variant_id] -= units
        given[variant_id] = given.get(variant_id, 0) + units
    return given


def due(state: str, money: str) -> tuple[str, ...]:
    """Return the kinds of papers that an order has by now: what is signed at the hand-over, and for money that came.

    >>> due("accepted", "none"), due("handed_over", "none"), due("handed_over", "settled")[-1]
    (('order',), ('order', 'bill', 'handover'), 'receipt')
    """
    if state != "handed_over":
        return (ORDER,)
    return (ORDER, BILL, HANDOVER, *[RECEIPT] * (money in {"settled", "over"}))


def number_of(kind: str, shop_id: int, year: int, number: int) -> str:
    """Return how a paper's number is written.

    >>> number_of("receipt", 17, 2026, 3)
    '003/KW/LM-17/2026'
    """
    return f"{number:03d}/{SHORT[kind]}/LM-{shop_id}/{year}"


def needs_stamp(kind: str, amount: int, above: int) -> bool:
    """Tell whether a duty stamp (meterai) belongs on a paper: a receipt for more than so many rupiah.

    Source: law 10/2020 on stamp duty, article 3; the amounts are settings of the kabupaten.
    """
    return kind == RECEIPT and amount > above
