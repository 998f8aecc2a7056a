"""What became of an order after one of its papers was numbered: the paper keeps its amount, and says what changed."""

from __future__ import annotations

from collections.abc import Callable

from app.core.i18n import _
from app.kit.rupiah import ZERO, Rupiah
from app.trade.offices import rules
from app.trade.offices.models import OfficePaper
from app.trade.orders.models import OrderLine
from app.trade.orders.queries import Sheet
from app.trade.orders.rules import TURNED_DOWN


def amount_now(paper: OfficePaper, sheet: Sheet) -> Rupiah | None:
    """Return what the amount of a paper came to be; None while it still holds."""
    if paper.kind == rules.ORDER:
        if sheet.state in TURNED_DOWN:
            return ZERO
        agreed = sheet.state not in {"placed", "amended"}
        return sheet.order.total if agreed and sheet.order.total != paper.amount else None
    return sheet.money.due if sheet.money.due < paper.amount else None


def notes(paper: OfficePaper, sheet: Sheet) -> list[str]:
    """Say what changed since, sentence by sentence; nothing when the paper says it all."""
    now = amount_now(paper, sheet)
    if paper.kind == rules.ORDER and sheet.state in TURNED_DOWN:
        return [_("Pesanan ini tidak jadi.")]
    if now is None:
        return []
    if paper.kind == rules.ORDER:
        return [*_units(sheet, _agreed), _gives(now)]
    return [*_units(sheet, _back), *(_money(paper, sheet, now) if paper.kind == rules.RECEIPT else [_gives(now)])]


def _units(sheet: Sheet, say: Callable[[OrderLine], str]) -> list[str]:
    return [said for said in map(say, sheet.lines) if said]


def _agreed(line: OrderLine) -> str:
    facts = {"qty": line.qty_agreed, "unit": line.unit, "name": line.name}
    return _("Disepakati: %(qty)s %(unit)s %(name)s.", **facts) if line.qty_agreed < line.qty_ordered else ""


def _back(line: OrderLine) -> str:
    facts = {"qty": line.qty_refunded, "unit": line.unit, "name": line.name}
    return _("Uang dikembalikan: %(qty)s %(unit)s %(name)s.", **facts) if line.qty_refunded else ""


def _gives(amount: Rupiah) -> str:
    return _("Jumlahnya menjadi %(amount)s.", amount=amount)


def _money(paper: OfficePaper, sheet: Sheet, now: Rupiah) -> list[str]:
    """Say how much of a receipt was given back, and how much is still to be."""
    owed = max(sheet.money.paid - sheet.money.due, ZERO)
    given = paper.amount - now - owed
    said = [_("Dari jumlah ini telah dikembalikan %(amount)s.", amount=given)] if given > ZERO else []
    return [*said, _("Masih harus dikembalikan %(amount)s.", amount=owed)] if owed else said
