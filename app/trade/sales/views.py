"""The seller's takings: what came in, day by day, and how sure we are of it."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.core.clock import today
from app.core.cookies import private_page
from app.core.db import transaction
from app.core.errors import Unreadable
from app.core.forms import posted
from app.core.i18n import _, _l
from app.core.policy import allow, current_actor
from app.goods.products.policies import owns as owns_product
from app.goods.products.queries import Item, get_item
from app.goods.shops.models import Shop
from app.goods.shops.policies import owns
from app.goods.shops.queries import get_own_shop
from app.kit import digits
from app.kit.periods import month_of, week_of
from app.people.accounts.policies import is_curator
from app.people.places.queries import settings_of
from app.trade.sales import ledger, operations, policies, products, queries, unusual
from app.trade.sales.best import best_of_month
from app.trade.sales.models import SaleRecord

bp = Blueprint("sales", __name__)

ANSWERS = {
    "sesuai": _l("Sudah dilihat. Buktinya dihitung seperti semula."),
    "tetap": _l("Sudah dilihat. Tetap dihitung catatan sendiri."),
}
WEEK = timedelta(days=7)
OLDEST = date(2020, 1, 1)


@bp.get("/jualan/uang")
@allow(owns, get_own_shop)
def money(shop: Shop) -> Response:
    """Show one week of takings, or one month: `minggu` is any day of it, `bulan` like 2026-11; else this week."""
    this_day = today(settings_of(shop.regency_code).zone)
    if "bulan" in request.args:
        return _month(shop, this_day)
    day = _asked(this_day, request.args.get("minggu", ""))
    week = queries.week_takings(shop.id, day)
    page = render_template(
        "trade/sales/money.html",
        week=week,
        ways=_ways(day, "minggu"),
        last_day=week.first + timedelta(days=6),
        is_this_week=week.first == week_of(this_day)[0],
        before=week.first - WEEK if week.first > OLDEST else None,
        after=week.first + WEEK if week.first + WEEK <= this_day else None,
        bars=ledger.bars(week),
        change=ledger.compared(week),
        entries=ledger.entries(shop.id, week.first),
    )
    return private_page(page)


def _month(shop: Shop, this_day: date) -> Response:
    month = ledger.month_of_shop(shop.id, _asked(this_day, request.args.get("bulan", "") + "-01"))
    is_this_month = month.first == this_day.replace(day=1)
    after = month_of(month.first)[1] + timedelta(days=1)
    best, margin = best_of_month(shop.id, month.first)
    page = render_template(
        "trade/sales/month.html",
        month=month,
        this_day=this_day,
        is_this_month=is_this_month,
        ways=_ways(this_day if is_this_month else month.first, "bulan"),
        before=f"{month.before:%Y-%m}" if month.before >= OLDEST else None,
        after=f"{after:%Y-%m}" if after <= this_day else None,
        bars=ledger.week_bars(month),
        change=ledger.compared_months(month, is_running=is_this_month),
        year_ago=ledger.compared_year(month, is_running=is_this_month),
        best=best,
        margin=margin,
        channels=ledger.channel_rows(month.by_channel),
        grades=ledger.grade_rows(month.by_grade),
    )
    return private_page(page)


@bp.get("/jualan/uang/produk/<id:product_id>")
@allow(owns_product, get_item)
def product(item: Item) -> Response:
    """Show what one product brought in a month, beside the month before and a year ago: `bulan` like 2026-11."""
    this_day = today(settings_of(item.product.regency_code).zone)
    day = _asked(this_day, request.args.get("bulan", "") + "-01")
    month = products.month_of_product((each.variant.id for each in item.held), day)
    is_this_month = month.first == this_day.replace(day=1)
    after = month_of(month.first)[1] + timedelta(days=1)
    page = render_template(
        "trade/sales/product.html",
        item=item,
        month=month,
        before=f"{month.before:%Y-%m}" if month.before >= OLDEST else None,
        after=f"{after:%Y-%m}" if after <= this_day else None,
        bars=ledger.month_bars(month.months),
        change=ledger.compared_months(month, is_running=is_this_month),
        year_ago=ledger.compared_year(month, is_running=is_this_month),
    )
    return private_page(page)


@bp.get("/dinsos/penjualan")
@allow(is_curator)
def unusual_sales() -> Response:
    """List the sales that stand out and wait for a look."""
    after = digits.whole(request.args.get("setelah", "")) or 0
    found = unusual.list_unusual(after, unusual.PAGE + 1, scope=current_actor())
    shown = found[: unusual.PAGE]
    more = url_for("sales.unusual_sales", setelah=shown[-1].sale.id) if len(found) > len(shown) else None
    times = settings_of(current_actor().region_code).get(operations.FAR_ABOVE)
    return private_page(render_template("trade/sales/unusual.html", rows=shown, more=more, times=times))


@bp.post("/dinsos/penjualan/<id:sale_id>")
@allow(policies.may_look, unusual.get_sale)
def look(found: tuple[SaleRecord, Shop]) -> BaseResponse:
    """Take what a curator says after a look."""
    answer = posted("jawaban")
    if answer not in ANSWERS:
        raise Unreadable
    with transaction():
        operations.look(found[0], fits=answer == "sesuai", by=current_actor())
    flash(str(ANSWERS[answer]), "success")
    return redirect(url_for("sales.unusual_sales"), 303)


def _ways(day: date, now: str) -> list[tuple[str, str, None, bool]]:
    """Return the two ways to look at a day: its week and its month."""
    return [
        (_("Per minggu"), url_for("sales.money", minggu=day.isoformat()), None, now == "minggu"),
        (_("Per bulan"), url_for("sales.money", bulan=f"{day:%Y-%m}"), None, now == "bulan"),
    ]


def _asked(this_day: date, asked: str) -> date:
    """Read the day that the address names; one that cannot be, or is to come, is this one."""
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        return this_day
    return day if OLDEST <= day <= this_day else this_day
