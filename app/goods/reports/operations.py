"""Taking reports, and answering all that wait about a product in one go."""

from __future__ import annotations

from typing import Final

from app.core import audit, limits
from app.core.clock import now
from app.core.db import advisory_lock, db
from app.core.errors import DomainError, StaleVersion
from app.core.i18n import _l
from app.core.policy import Actor
from app.core.vault import blind
from app.goods.curation import operations as curation
from app.goods.products import holding
from app.goods.products import queries as products
from app.goods.products.models import Product
from app.goods.reports import queries, rules
from app.goods.reports.models import Hold, Report

LIMIT: Final = "report"
LOCK: Final = 7_340_000_000_000
MOST_SENTENCE: Final = 300


class NotForSale(DomainError):
    """The product is gone, so there is nothing to report any more."""

    status = 410
    text = _l("Produk ini sudah tidak dijual, jadi tidak perlu dilaporkan lagi.")


class AlreadyAnswered(DomainError):
    """Another curator was quicker."""

    text = _l("Laporan produk ini sudah dijawab petugas lain.")


class MoreCame(StaleVersion):
    """Somebody reported the product while the curator was reading."""

    text = _l("Ada laporan baru sejak halaman ini dibuka. Baca dulu, lalu jawab lagi.")


def report(product: Product, kind: str, sentence: str, contact: str | None, *, address: str) -> Report:
    """Keep what somebody says against a product; from one address it counts once until it is answered.

    Food that may be unsafe goes off sale in the same breath, unless it was found harmless lately or its reporter has
    stopped others already: then a second person must say so too.

    Raises:
        NotForSale: it was taken away meanwhile.
        TooMany: from this address, or about this product, too much was sent in an hour.
    """
    limits.fail(LIMIT, product.id, address)
    return _keep(product, kind, sentence, contact, blind(address, "report"))


def report_bought(product: Product, sentence: str, *, order_id: int) -> None:
    """Keep that food somebody bought and got may be unsafe: it goes off sale on that one word, once for each order.

    A product that is gone already needs no report.
    """
    if product.state in rules.SEEN:
        _keep(product, rules.UNSAFE, sentence, None, blind(str(order_id), "report:order"), bought=True)


def _keep(
    product: Product, kind: str, sentence: str, contact: str | None, reporter: str, *, bought: bool = False
) -> Report:
    advisory_lock(LOCK + product.shop_id)  # two reports at once must not each see the other's product still on sale
    products.lock(product)
    if product.state not in rules.SEEN:
        raise NotForSale(product)
    told = queries.find_waiting(product.id, reporter)
    if told is not None and (told.kind == kind or told.kind == rules.UNSAFE):
        return told
    if told is None:
        told = Report(product_id=product.id, reporter=reporter)
        db.session.add(told)
    told.kind, told.sentence, told.contact = kind, sentence[:MOST_SENTENCE], contact
    db.session.flush()
    audit.record(None, "report.made", product, kind=kind)
    _stop(product, told, bought=bought)
    return told


def answer(product: Product, outcome: str, reason_code: str, sentence: str, *, seen: int, by: Actor) -> None:
    """End everything that waits about a product: `unfounded`, `mended`, or `upheld`, which takes it off the market.

    Args:
        seen: id of the newest report that the curator read.

    Raises:
        AlreadyAnswered: nothing waits any more.
        MoreCame: somebody reported it meanwhile.
        NoReason: it is upheld without a reason.
    """
    products.lock(product)
    waiting = queries.list_waiting_of(product.id)
    if not waiting:
        raise AlreadyAnswered(product)
    if waiting[-1].id > seen:
        raise MoreCame(product)
    sentence = sentence or rules.SAID.get(outcome, "")
    if outcome == "upheld" and product.state != "deleted":
        curation.withdraw(product, reason_code, sentence, by=by)
        sentence = product.withdrawn_note
    close(product, outcome, sentence, by=by)
    audit.record(by, f"report.{outcome}", product, reports=len(waiting))


def close(product: Product, outcome: str, sentence: str, *, by: Actor) -> None:
    """Write one end under every report that waits, forget who sent them, and let the product back where it was."""
    hold, officer = queries.find_hold(product.id), by.id
    if hold is not None:
        hold.outcome, hold.ended_at, hold.reporter = outcome, now(), ""
        holding.release(product, hold.was, by=by)
    for each in queries.list_waiting_of(product.id):
        # `by.id` may ask the database, and a question between these lines would store half an answer.
        each.outcome, each.answer = outcome, sentence[:MOST_SENTENCE]
        each.closed_at, each.closed_by_id = now(), officer
        each.contact, each.reporter = None, ""
    db.session.flush()


def _stop(product: Product, told: Report, *, bought: bool) -> None:
    """Take a product off sale if this report does that."""
    if queries.find_hold(product.id) is not None:
        return
    stopped = queries.shops_stopped_by(told.reporter)
    needed = rules.voices_needed(
        found_harmless=queries.was_found_harmless(product.id), held_in_shop=queries.count_held(product.shop_id)
    )
    stops = rules.stops_sale(
        told.kind,
        queries.count_voices(product.id),
        needed,
        own_here=product.shop_id in stopped,
        own_anywhere=len(stopped),
    )
    if (stops or bought) and (was := holding.hold(product)):
        db.session.add(Hold(product_id=product.id, was=was, reporter=told.reporter))
        db.session.flush()
