"""What buyers read about bringing, in the same words on every page: product, shop, cart, and before they order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final

from app.core.i18n import _
from app.goods.delivery.rules import Terms, Zone

# So many kecamatan are named on a page that is about something else.
FEW: Final = 6
Fact = tuple[str, str]


def facts(terms: Terms, most: int = FEW) -> list[Fact]:
    """Say where goods are brought and for how much, how that is paid, and from which sum on; empty where nothing is."""
    return [*said_ways(terms, most), (_("Pesanan"), said_least(terms))]


def said_ways(terms: Terms, most: int = FEW) -> list[Fact]:
    """Say where goods are brought and for how much, how far else, and how that is paid."""
    elsewhere = said_other(terms) if terms.zones else ""
    return [
        (_("Diantar"), said_where(terms, most)),
        (_("Diantar ke tempat lain"), elsewhere),
        (_("Kalau diantar"), said_paid(terms.zones)),
    ]


def said_where(terms: Terms, most: int = FEW) -> str:
    """Say to which kecamatan and for how much, beyond `most` only to how many; without any, how far by arrangement."""
    if not terms.zones:
        return said_other(terms)
    return _said_fees(terms.zones) if len(terms.zones) <= most else _said_range(terms.zones)


def said_other(terms: Terms) -> str:
    """Say how far she goes where no fee was set, empty when she does not."""
    km = terms.other_km
    return _("Sampai %(km)s km dari lapak, janjian dengan penjual", km=km) if km else ""


def said_least(terms: Terms) -> str:
    """Say from which sum on an order is taken, empty for any."""
    return _("Mulai %(least)s", least=terms.least) if terms.least else ""


def said_paid(zones: Sequence[Zone]) -> str:
    """Say where money may come with the goods; empty when nothing is brought."""
    if not zones:
        return ""
    cash, ahead = [zone for zone in zones if zone.cod], [zone for zone in zones if not zone.cod]
    if not ahead:
        return _("Bayar saat barang datang")
    if not cash:
        return _("Bayar dulu")
    if len(ahead) <= len(cash):
        return _("Bayar saat barang datang. Ke %(places)s bayar dulu", places=_names(ahead))
    return _("Ke %(places)s bayar saat barang datang. Selain itu bayar dulu", places=_names(cash))


def _said_fees(zones: Iterable[Zone]) -> str:
    said = []
    for fee, there in groupby(zones, key=lambda zone: zone.fee):
        where = _("%(fee)s ke %(places)s") if fee.amount else _("Gratis ke %(places)s")
        said.append(where % {"fee": fee, "places": _names(there)})
    return "; ".join(said)


def _said_range(zones: Sequence[Zone]) -> str:
    low, high = zones[0].fee, zones[-1].fee
    if not high.amount:
        return _("Gratis ke %(n)s kecamatan", n=len(zones))
    if low == high:
        return _("%(fee)s ke %(n)s kecamatan", fee=high, n=len(zones))
    if not low.amount:
        return _("Ke %(n)s kecamatan: ada yang gratis, paling mahal %(high)s", n=len(zones), high=high)
    return _("Ke %(n)s kecamatan, %(low)s sampai %(high)s", n=len(zones), low=low, high=high)


def _names(zones: Iterable[Zone]) -> str:
    return ", ".join(zone.name for zone in zones)
