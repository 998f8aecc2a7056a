"""The lists outside, as the office keeps them: categories that somebody must look at, and why things were refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import now, today
from app.core.db import transaction
from app.core.i18n import _
from app.core.policy import allow, current_actor
from app.people.accounts.policies import is_curator
from app.people.places.queries import settings_of
from app.trade.ekatalog import labels, policies, queries, reference, reviewing, rules
from app.trade.ekatalog.desk import bp as bp
from app.trade.ekatalog.forms import CategoryCheckForm
from app.trade.ekatalog.models import EkatalogCategory

YEAR = timedelta(days=365)


@bp.get("/dinsos/ekatalog/kategori")
@allow(is_curator)
def categories() -> str:
    """Show the categories outside, and which of them nobody has looked at for long."""
    return render_template("trade/ekatalog/categories.html", **_category_facts())


@bp.route("/dinsos/ekatalog/kategori/<code:category_code>", methods=["GET", "POST"])
@allow(policies.keeps, queries.get_category)
def category(found: EkatalogCategory) -> ResponseReturnValue:
    """Write down what an officer saw about one category today."""
    actor = current_actor()
    checks = queries.list_checks(found.code, scope=actor)
    last = checks[0] if checks else found
    form = CategoryCheckForm(data={name: getattr(last, name) for name in ("open_from", "open_until", "source_url")})
    if not form.filled():
        names = queries.names_of(each.checked_by_id for each in checks)
        page = render_template("trade/ekatalog/category.html", category=found, form=form, checks=checks, names=names)
        return page, 422 if form.is_submitted() else 200
    with transaction():
        reviewing.look_at_category(
            found,
            open_from=form.open_from.data,
            open_until=form.open_until.data,
            source_url=form.source_url.data,
            day=today(settings_of(actor.region_code).zone),
            by=actor,
        )
    flash(_("Kategori tercatat sudah dicek hari ini."), "success")
    return redirect(url_for("ekatalog.categories"), 303)


@bp.get("/dinsos/ekatalog/alasan")
@allow(policies.is_office)
def reasons() -> str:
    """Show why the official system said no this year, the commonest first, and the items each points at."""
    found = queries.top_reasons(now() - YEAR, scope=current_actor())
    known, items = reference.reasons(), reference.items_by_key()
    rows = [(known[code], [labels.title(items[key]) for key in known[code].items], count) for code, count in found]
    return render_template("trade/ekatalog/reasons.html", rows=rows)


def _category_facts() -> dict[str, Any]:
    region = current_actor().region_code
    day, seen = today(settings_of(region).zone), queries.seen_in(region)
    return {
        "seen": [seen[each.code] for each in queries.list_categories()],
        "stale": {code for code, each in seen.items() if rules.is_stale(each.checked_on, day)},
        "closed": {code for code, each in seen.items() if not rules.is_open(each.open_from, each.open_until, day)},
    }
