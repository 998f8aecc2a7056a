"""What follows from where a shop brings its goods; no database, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from app.kit import digits
from app.kit.rupiah import Rupiah
from app.kit.signs import END, FACT
from app.people.places.rules import kilometres

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
class Terms:
    """What a shop says of bringing: its zones, the cheapest first; how far it goes elsewhere by arrangement.

    `least` is the smallest sum of goods for which it takes an order at all, brought or not.
    """

    zones: tuple[Zone, ...] = ()
    other_km: int | None = None
    least: Rupiah | None = None

    @property
    def goes(self) -> bool:
        """Tell whether it brings anything anywhere."""
        return bool(self.zones or self.other_km)

    @property
    def by_code(self) -> Mapping[str, Zone]:
        """Return the zones by kecamatan."""
        return {zone.code: zone for zone in self.zones}

    def paid_by(self, *, ahead: bool) -> Terms:
        """Leave out the zones where money must come first, unless the shop takes money `ahead` of the goods."""
        return self if ahead else replace(self, zones=tuple(zone for zone in self.zones if zone.cod))

    def without_ways(self) -> Terms:
        """Return the same for goods that stay where they are."""
        return Terms(least=self.least)


NOTHING: Final = Terms()


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

    >>> [takes_cash(None, None), takes_cash(0, 0), takes_cash(5, 0), takes_cash(5, 5)]
    [True, False, True, True]
    >>> [takes_cash(5, 6), takes_cash(5, None)]
    [False, False]
    """
    return cod_km is None or (km is not None and cod_km > 0 and km <= cod_km)


def read_terms(said: str) -> Terms:
    """Read plan and zones out of the one word in which they come.

    Whether cash may come with the goods follows from the distance of a zone.


    >>> plan = FACT.join(("20000", "8", "", "36.04.13", "-6.12", "106.15"))
    >>> far = FACT.join(("36.04.12", "Far", "5000", "-6.4", "106.1"))
    >>> home = FACT.join(("36.04.13", "Home", "0", "", ""))
    >>> [(zone.name, zone.cod) for zone in read_terms(END.join((plan, far, home))).zones]
    [('Home', True), ('Far', False)]
    >>> read_terms("") == NOTHING
    True
    """
    if not said:
        return NOTHING
    plan, *rows = (part.split(FACT) for part in said.split(END) if part)
    least, cod_km, other_km, home, *here = plan
    zones = []
    for code, name, fee, *there in rows:
        km = 0 if code == home else kilometres(_point(here), _point(there))
        zones.append(Zone(code, name, Rupiah(int(fee)), takes_cash(digits.whole(cod_km), km)))
    zones.sort(key=lambda zone: (zone.fee, zone.name, zone.code))
    return Terms(tuple(zones), digits.whole(other_km), Rupiah(int(least)) if least else None)


def _point(said: list[str]) -> tuple[float | None, float | None]:
    latitude, longitude = said
    return (float(latitude), float(longitude)) if latitude and longitude else (None, None)
