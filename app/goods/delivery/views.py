"""The page on which a seller says where she brings her goods."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.core.cookies import private_page
from app.core.db import transaction
from app.core.errors import StaleVersion
from app.core.i18n import _
from app.core.panels import fill
from app.core.policy import allow, current_actor
from app.goods.delivery import operations, queries, words
from app.goods.delivery.forms import FEE, PlanForm, for_places
from app.goods.delivery.rules import Place, Terms
from app.goods.shops import policies
from app.goods.shops.models import Shop
from app.goods.shops.queries import get_own_shop

bp = Blueprint("delivery", __name__)

# So many of the nearest stand open; the others are one tap away.
NEAREST = 8


@fill("shop.own", order=40)
def way_to_delivery(*, shop: Shop) -> str:
    """Lead a seller from her shop to where she brings her goods."""
    return render_template("goods/delivery/_way.html", terms=queries.get_terms(shop.id), words=words)


@bp.route("/jualan/antar", methods=["GET", "POST"])
@allow(policies.owns, get_own_shop)
def plan(shop: Shop) -> ResponseReturnValue:
    """Show and keep the kecamatan, fees, and the smallest order of a shop."""
    places = queries.list_places(shop)
    form = for_places(places, queries.find_plan(shop.id), queries.fees_of(shop.id))
    if not form.filled():
        return _page(shop, form, places, 422 if form.is_submitted() else 200)
    try:
        with transaction():
            operations.set_plan(
                shop,
                least=form.minimum.data,
                cod_km=form.cod.data,
                other_km=form.other.data,
                fees=form.chosen(),
                version=form.version(),
                by=current_actor(),
            )
    except StaleVersion as refusal:
        newer = queries.find_plan(shop.id)
        form.stale(refusal, newer.version if newer else 0)
        return _page(shop, form, places, refusal.status, queries.get_terms(shop.id))
    flash(_("Tersimpan. Berlaku untuk pesanan berikutnya."), "success")
    return redirect(url_for("delivery.plan"), 303)


def _page(
    shop: Shop, form: PlanForm, places: list[Place], status: int, newer: Terms | None = None
) -> ResponseReturnValue:
    """Ask where she goes; `newer` is what another page saved while this one was open."""
    km = {place.code: place.km for place in places}
    fields = [(field, km[field.name.removeprefix(FEE)]) for field in form.fees]
    used = {field.name for field, _km in fields if field.data is not None or field.errors}
    near = [each for number, each in enumerate(fields) if number < NEAREST or each[0].name in used]
    far = [each for each in fields if each not in near]
    going = bool(used or form.other.data)
    stored = words.facts(newer, len(places)) if newer else []
    facts = {"near": near, "far": far, "going": going, "newer": newer, "stored": stored}
    return private_page(render_template("goods/delivery/plan.html", shop=shop, form=form, **facts), status)
