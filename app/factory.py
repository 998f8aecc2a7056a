"""Puts the house together."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, g, request
from flask_migrate import Migrate
from jinja2 import StrictUndefined
from sqlalchemy.types import TypeDecorator
from werkzeug.middleware.proxy_fix import ProxyFix

from app import serve
from app.core import assets, bodies, converters, db, doorway, guard, i18n, logs, pages, panels, refusals
from app.core.commands import register as core_commands
from app.goods.catalogue import views as catalogue
from app.goods.categories import operations as categories
from app.goods.curation import operations as curation_rules
from app.goods.curation import personal as curation_kept
from app.goods.curation import verify as curation_book
from app.goods.curation import views as curation
from app.goods.delivery import views as delivery
from app.goods.fostering import views as fostering
from app.goods.machines import views as machines
from app.goods.permits import operations as permit_needs
from app.goods.permits import personal as permits_kept
from app.goods.permits import views as permits
from app.goods.photos import personal as photos_kept
from app.goods.prints import views as prints
from app.goods.products import choice_pages as product_choices
from app.goods.products import cost_pages as product_costs
from app.goods.products import draft_pages as product_drafts
from app.goods.products import personal as goods_kept
from app.goods.products import question_pages as product_questions
from app.goods.products import stock_pages as product_stock
from app.goods.products import views as products
from app.goods.reference import views as reference
from app.goods.reference import word_pages as reference_words
from app.goods.reports import personal as reports_kept
from app.goods.reports import views as reports
from app.goods.shelf import listeners as shelf_book
from app.goods.shops import personal as shops_kept
from app.goods.shops import views as shops
from app.goods.spreadsheets import personal as goods_lists_kept
from app.goods.spreadsheets import views as spreadsheets
from app.goods.stock import verify as stock_book
from app.goods.wishes import views as wishes
from app.growth.businesses import personal as businesses_kept
from app.growth.businesses import verify as business_book
from app.growth.businesses import views as businesses
from app.growth.capital import personal as capital_kept
from app.growth.capital import views as capital
from app.growth.graduation import jobs as growth_clock
from app.growth.graduation import listeners as growth_listeners
from app.growth.graduation import personal as graduation_kept
from app.growth.graduation import rulemaking as growth_rules
from app.growth.graduation import verify as growth_book
from app.growth.graduation import views as graduation
from app.growth.mentoring import personal as mentoring_kept
from app.growth.mentoring import views as mentoring
from app.office.administration import views as administration
from app.office.desks import views as desks
from app.office.insights import views as insights
from app.office.notices import jobs as notice_clock
from app.office.notices import mailing as notice_mail
from app.office.notices import personal as notices_kept
from app.office.notices import phones as notice_phones
from app.office.notices import views as notices
from app.office.oversight import views as oversight
from app.office.requests import buyers as request_buyers
from app.office.requests import listeners as request_tasks
from app.office.requests import personal as requests_kept
from app.office.requests import views as requests
from app.office.tickets import views as tickets
from app.people.accounts import personal as accounts_kept
from app.people.accounts import sessions
from app.people.accounts import views as accounts
from app.people.accounts.commands import register as admin_commands
from app.people.entrance import views as entrance
from app.people.families import personal as families_kept
from app.people.families import programs as family_programs
from app.people.families import verify as family_book
from app.people.families import views as families
from app.people.files import personal as files_kept
from app.people.files import views as files
from app.people.places import operations as places
from app.site.demo import commands as demo
from app.site.front import context
from app.site.front import signal as front_signal
from app.site.front import views as front
from app.trade.bazaars import desk as bazaar_desk
from app.trade.bazaars import jobs as bazaar_clocks
from app.trade.bazaars import operations as bazaar_rules
from app.trade.bazaars import own as bazaar_own
from app.trade.bazaars import personal as bazaars_kept
from app.trade.bazaars import pickups as bazaar_pickups
from app.trade.bazaars import verify as bazaar_book
from app.trade.bazaars import views as bazaars
from app.trade.carts import views as carts
from app.trade.cashbook import personal as cash_kept
from app.trade.cashbook import verify as cash_book
from app.trade.cashbook import views as cashbook
from app.trade.ekatalog import jobs as ekatalog_clock
from app.trade.ekatalog import loading as ekatalog_lists
from app.trade.ekatalog import marks as ekatalog_marks
from app.trade.ekatalog import panels as ekatalog_panels
from app.trade.ekatalog import personal as ekatalog_kept
from app.trade.ekatalog import verify as ekatalog_book
from app.trade.ekatalog import views as ekatalog
from app.trade.notebook import personal as notebook_kept
from app.trade.notebook import sending as notebook_sending
from app.trade.notebook import verify as statement_book
from app.trade.notebook import views as notebook
from app.trade.offices import listeners as office_papers
from app.trade.offices import personal as offices_kept
from app.trade.offices import verify as office_book
from app.trade.offices import views as offices
from app.trade.orders import alternatives as order_alternatives
from app.trade.orders import calls as order_calls
from app.trade.orders import closing as closing_orders
from app.trade.orders import ending as ending_orders
from app.trade.orders import jobs as order_clocks
from app.trade.orders import packing as packing_orders
from app.trade.orders import personal as orders_kept
from app.trade.orders import reported as reported_orders
from app.trade.orders import verify as order_books
from app.trade.orders import views as orders
from app.trade.payments import buyer as payments_of_buyers
from app.trade.payments import jobs as payments_clock
from app.trade.payments import personal as payments_kept
from app.trade.payments import seller as payments_of_sellers
from app.trade.payments import verify as payments_book
from app.trade.payments import views as payments
from app.trade.procurement import personal as procurement_kept
from app.trade.procurement import verify as procurement_book
from app.trade.procurement import views as procurement
from app.trade.returns import views as returns
from app.trade.reviews import views as reviews
from app.trade.sales import healing as sales_healing
from app.trade.sales import personal as sales_kept
from app.trade.sales import verify as sales_book
from app.trade.sales import views as sales
from app.trade.stalls import arrivals as stall_arrivals
from app.trade.stalls import blank as stall_papers
from app.trade.stalls import desk as stall_desk
from app.trade.stalls import handing as stall_orders
from app.trade.stalls import happenings as stall_happenings
from app.trade.stalls import panels as stall_panels
from app.trade.stalls import personal as stalls_kept
from app.trade.stalls import reminding as stall_reminders
from app.trade.stalls import results as stall_results
from app.trade.stalls import verify as stall_book
from app.trade.stalls import views as stalls
from config import ROOT, Settings

ROOMS = (
    accounts,
    files,
    families,
    entrance,
    catalogue,
    shops,
    delivery,
    fostering,
    products,
    curation,
    reports,
    reference,
    spreadsheets,
    prints,
    machines,
    wishes,
    carts,
    offices,
    orders,
    sales,
    businesses,
    capital,
    mentoring,
    notebook,
    cashbook,
    graduation,
    administration,
    oversight,
    bazaars,
    insights,
    notices,
    requests,
    stalls,
    desks,
    front,
    permits,
    ekatalog,
    procurement,
    payments,
    returns,
    reviews,
    tickets,
)
# Their clocks and books register themselves by being imported.
KEPT = (
    shelf_book,
    curation_book,
    stock_book,
    product_choices,
    product_costs,
    product_drafts,
    product_questions,
    product_stock,
    reference_words,
    notice_clock,
    notice_mail,
    notice_phones,
    order_alternatives,
    order_calls,
    order_clocks,
    order_books,
    payments_of_buyers,
    payments_of_sellers,
    payments_clock,
    payments_book,
    closing_orders,
    ending_orders,
    packing_orders,
    reported_orders,
    sales_book,
    sales_healing,
    notebook_sending,
    front_signal,
    statement_book,
    cash_book,
    family_book,
    family_programs,
    business_book,
    growth_clock,
    growth_listeners,
    growth_book,
    bazaar_clocks,
    bazaar_book,
    stall_arrivals,
    stall_papers,
    stall_desk,
    stall_orders,
    stall_happenings,
    stall_panels,
    stall_results,
    stall_reminders,
    stall_book,
    bazaar_desk,
    bazaar_own,
    bazaar_pickups,
    ekatalog_clock,
    ekatalog_book,
    ekatalog_panels,
    ekatalog_marks,
    procurement_book,
    office_book,
    office_papers,
    request_buyers,
    request_tasks,
)
# What each room keeps about a person registers itself likewise; tests/office/requests/test_registry.py misses none.
PERSONAL = (
    accounts_kept,
    files_kept,
    families_kept,
    shops_kept,
    photos_kept,
    goods_kept,
    curation_kept,
    reports_kept,
    goods_lists_kept,
    permits_kept,
    sales_kept,
    orders_kept,
    payments_kept,
    bazaars_kept,
    stalls_kept,
    ekatalog_kept,
    procurement_kept,
    offices_kept,
    notebook_kept,
    cash_kept,
    businesses_kept,
    graduation_kept,
    capital_kept,
    mentoring_kept,
    requests_kept,
    notices_kept,
)
MOST_FIELDS = 300


class Market(Flask):
    """The application. Every view and hook of ours is a plain function, so none is asked whether it is a coroutine."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function as it is: the question is put a dozen times a request."""
        return func


def create_app(settings: Settings) -> Flask:
    """Build the application from its settings."""
    logs.init(settings)
    app = Market("app", static_folder=None)
    app.extensions["lapak_settings"] = settings
    app.config.update(
        SECRET_KEY=settings.derive("flask"),
        MAX_CONTENT_LENGTH=settings.max_body_bytes,
        MAX_FORM_PARTS=MOST_FIELDS,
        TRUSTED_HOSTS=_hosts(settings),
        TESTING=settings.environment == "test",
        DEBUG=False,
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["panel"] = panels.panel
    _observe(app)
    _plumb(app, settings)
    bodies.init(app, settings.max_body_bytes)
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, *(settings.proxies,) * 4)  # type: ignore[method-assign]
    for room in ROOMS:
        app.register_blueprint(room.bp)
    _commands(app)
    return app


def _hosts(settings: Settings) -> list[str] | None:
    """Name the hosts that may be asked for: the public one, and this machine for its own checks of health."""
    host = urlsplit(settings.public_url).hostname
    return [host, "localhost", "127.0.0.1"] if host else None


def _plumb(app: Flask, settings: Settings) -> None:
    """Attach the plumbing, in the order in which a request meets it."""
    db.init(app, settings.database_url)
    migrate = Migrate()
    migrate.init_app(
        app, db.db, directory=str(ROOT / "migrations"), compare_type=True, render_item=_plain_type, include_object=_ours
    )
    converters.init(app)
    i18n.init(app)
    guard.init(app)
    sessions.init(app)
    refusals.init(app)
    assets.init(app)
    pages.init(app)
    context.init(app)
    doorway.init(app)


def _commands(app: Flask) -> None:
    """Give the terminal its commands, and the first start what it must load."""
    app.extensions["lapak_first_start"] = [
        ("wilayah", places.load),
        ("kategori", categories.load),
        ("kata pasar", categories.load_words),
        ("alasan kurasi", curation_rules.load),
        ("surat yang perlu", permit_needs.load),
        ("e-Katalog", ekatalog_lists.load),
        ("rubrik bazar", bazaar_rules.load),
        ("aturan perkembangan", growth_rules.load),
        ("data contoh", demo.load_first),
    ]
    core_commands(app)
    admin_commands(app)
    demo.register(app)
    serve.register(app)


def _plain_type(kind: str, item: Any, context: Any) -> str | bool:
    """Write our column kinds into migrations as the plain SQL types they are."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


def _ours(item: Any, name: str | None, kind: str, *_rest: Any) -> bool:
    """Leave the search tables out of comparisons: they are made by hand, per engine."""
    table = name if kind == "table" else getattr(getattr(item, "table", None), "name", "")
    return not (table or "").startswith("search_")


def _observe(app: Flask) -> None:
    """Log each request."""

    @app.before_request
    def start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def finish(response: Response) -> Response:
        began = g.get("started", time.perf_counter())
        logs.request(request.method, request.path, response.status_code, began, g.get("request_id"))
        return response
