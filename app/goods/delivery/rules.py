"""What follows from where a shop brings its goods; no database, no clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.kit import digits
from app.kit.rupiah import Rupiah

MOST_FEE: Final = Rupiah(200_000)
MOST_LEAST: Final = Rupiah(1_000_000)
MOST_KM: Final = 100
# So far away a kecamatan of another kabupaten may lie to stand among those that a seller can choose.
NEAR_KM: Final = 20


@dataclass(frozen=True, slots=True)
class Zone:
    """A kecamatan to which a shop brings its goods; `cod` tells whether money may come with them."""

    code: str
    name: str
    fee: Rupiah
    cod: bool

    @property
    def seen(self) -> str:
        """Return it with its fee as a form carries it, so that a fee that moved meanwhile is noticed."""
        return f"{self.code}:{self.fee.amount}"


@dataclass(frozen=True, slots=True)
class Place:
    """A kecamatan, and how many kilometres lie between its middle and that of the shop's; None when nobody knows."""

    code: str
    name: str
    km: int | None


def read_seen(text: str) -> tuple[str, Rupiah] | None:
    """Read kecamatan and fee as a form carries them; None when no page of ours wrote it.

    >>> read_seen("36.04.13:5000"), read_seen("36.04.13"), read_seen("x:-1")
    (('36.04.13', Rupiah(amount=5000)), None, None)
    """
    code, _colon, fee = text.partition(":")
    amount = digits.whole(fee)
    return (code[:13], Rupiah(amount)) if code and amount is not None else None


def takes_cash(cod_km: int | None, km: int | None) -> bool:
    """Tell whether the buyer may pay when the goods come; the shop's own kecamatan is 0 km away.

    >>> [takes_cash(None, None), takes_cash(0, 0), takes_cash(5, 0), takes_cash(5, 6), takes_cash(5, None)]
    [True, False, True, False, False]
    """
    return cod_km is None or (km is not None and cod_km > 0 and km <= cod_km)
