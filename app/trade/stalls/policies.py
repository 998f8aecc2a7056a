"""Who may do what with stalls. A helper's right is his pass, checked at his own pages."""

from __future__ import annotations

from app.core.policy import Actor
from app.trade.bazaars import policies as bazaars
from app.trade.bazaars.models import Application, Bazaar
from app.trade.stalls import queries
from app.trade.stalls.models import BazaarPhoto, HelperPass, Report, StallSale


def sells_here(actor: Actor, application: Application) -> bool:
    """The seller herself."""
    return bazaars.owns(actor, application)


def sold(actor: Actor, sale: StallSale) -> bool:
    """The seller whose stall made the sale."""
    return sells_here(actor, queries.get_place(sale.application_id))


def may_settle(actor: Actor, application: Application) -> bool:
    """Officers of the bazaar's region, and the pendamping of her desa."""
    return bazaars.may_look(actor, application.bazaar) or bazaars.helps(actor, application)


def may_look(actor: Actor, bazaar: Bazaar) -> bool:
    """Officers of the bazaar's region."""
    return bazaars.may_look(actor, bazaar)


def may_read(actor: Actor, report: Report) -> bool:
    """Officers of the bazaar's region."""
    return bazaars.may_look(actor, report.bazaar)


def may_run(actor: Actor, bazaar: Bazaar) -> bool:
    """A curator of the bazaar's region."""
    return bazaars.may_run(actor, bazaar)


def may_revoke(actor: Actor, found: HelperPass) -> bool:
    """A curator of the bazaar's region."""
    return bazaars.may_run(actor, found.bazaar)


def may_remove(actor: Actor, photo: BazaarPhoto) -> bool:
    """A curator of the bazaar's region."""
    return bazaars.may_run(actor, photo.bazaar)
