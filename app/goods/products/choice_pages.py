"""The choices of a product on pages: size or flavour, each with its price, weight and way of being sold."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.core.db import transaction
from app.core.errors import DomainError
from app.core.forms import posted
from app.core.i18n import _
from app.core.panels import fill
from app.core.policy import allow, current_actor
from app.goods.products import choosing, policies, queries, rules, words
from app.goods.products.door import bp
from app.goods.products.forms import ChoiceForm, NewChoiceForm, WayForm
from app.goods.products.models import Revision
from app.goods.products.operations import StaleWording
from app.goods.products.queries import Chosen, Held, Item
from app.goods.stock.operations import Promised
from app.kit import digits


@fill("wording")
def show_beside(revision: Revision, before: Revision | None, rows: Sequence[tuple[str, str]]) -> str:
    """Say what a wording holds after `rows`, in one list with them: what a label needs, further photos, its choices."""
    facts = {"revision": revision, "before": before, "rows": rows, "words": words, "rules": rules}
    return render_template("goods/products/_beside.html", **facts)


@bp.get("/jualan/produk/<id:product_id>/pilihan")
@allow(policies.owns, queries.get_item)
def choices(item: Item) -> str:
    """Show every choice with its stock, and what can be done with it."""
    full = len(item.offered) >= rules.MOST_CHOICES
    return render_template("goods/products/choices.html", item=item, ways=words.WAYS, full=full)


@bp.route("/jualan/produk/<id:product_id>/pilihan/baru", methods=["GET", "POST"])
@allow(policies.owns, queries.get_item)
def add_choice(item: Item) -> ResponseReturnValue:
    """Ask for one more choice."""
    form = NewChoiceForm()
    form.offer_ways()
    asks_first = not item.newest.label
    if not form.is_submitted():
        form.unit.data, form.way.data = item.newest.unit, "counted"
        form.version.data = str(item.product.version)
        return _choice_page(form, item, None)
    holds = form.holds(asks_first=asks_first)
    way = form.said() if form.way.data else None
    if not holds or way is None:
        return _choice_page(form, item, None), 422
    first = form.first.data if asks_first else ""
    try:
        with transaction():
            choosing.add(
                item.product, form.terms(), way, first=first or "", version=form.seen_version(), by=current_actor()
            )
    except DomainError as refusal:
        return _refused(form, item, None, refusal)
    flash(_draft(item, None), "draft-done")
    flash(_("Pilihan tersimpan. Tampil setelah diperiksa, biasanya 1 hari."), "success")
    return _to_choices(item)


@bp.route("/jualan/pilihan/<id:variant_id>", methods=["GET", "POST"])
@allow(policies.owns_choice, queries.get_chosen)
def edit_choice(chosen: Chosen) -> ResponseReturnValue:
    """Change what a choice is called and costs; buyers see it when a curator has said yes."""
    item, held, form = chosen.item, chosen.offered(), ChoiceForm()
    if not form.is_submitted():
        said = item.terms[held.variant.id]
        form.label.data, form.price.data, form.unit.data = said.label, said.price, said.unit
        form.weight.data, form.version.data = said.net_weight_g, str(item.product.version)
        return _choice_page(form, item, held)
    if not form.validate():
        return _choice_page(form, item, held), 422
    try:
        with transaction():
            changed = choosing.reword(
                item.product, held.variant, form.terms(), version=form.seen_version(), by=current_actor()
            )
    except DomainError as refusal:
        return _refused(form, item, held, refusal)
    flash(_draft(item, held), "draft-done")
    if changed is None:
        flash(_("Tidak ada yang berubah."), "info")
    else:
        flash(_("Tersimpan. Perubahan tampil setelah diperiksa, biasanya 1 hari."), "success")
    return _to_choices(item)


@bp.route("/jualan/pilihan/<id:variant_id>/cara", methods=["GET", "POST"])
@allow(policies.owns_choice, queries.get_chosen)
def choice_way(chosen: Chosen) -> ResponseReturnValue:
    """Ask how a choice is sold: counted, made to order, or always there."""
    item, held, form = chosen.item, chosen.offered(), WayForm()
    form.offer_ways()
    now = rules.way_of(held.variant)
    if not form.is_submitted():
        form.way.data, form.seen.data = now.mode, rules.show_way(now)
        form.capacity.data = now.day_capacity
        form.lead_days.data = now.lead_days if now.mode == "made_to_order" else None
        form.quantity.data = held.on_hand
        return _way_page(form, item, held, 200)
    way = form.said() if form.validate() else None
    if way is None:
        return _way_page(form, item, held, 422)
    try:
        with transaction():
            seen = rules.way_seen(form.seen.data or "")
            choosing.sell_so(item.product, held.variant, way, seen=seen, by=current_actor())
    except Promised as refusal:
        form.note("quantity", refusal)
        return _way_page(form, item, held, refusal.status)
    except DomainError as refusal:
        form.form_errors = [str(refusal)]
        newer = queries.get_chosen(held.variant.id)
        form.seen.data = rules.show_way(rules.way_of(newer.held.variant))
        return _way_page(form, newer.item, newer.held, refusal.status)
    flash(_draft(item, held, "cara"), "draft-done")
    flash(_("Tersimpan. Pembeli langsung melihatnya."), "success")
    return _to_choices(item)


@bp.post("/jualan/pilihan/<id:variant_id>/istirahat")
@allow(policies.owns_choice, queries.get_chosen)
def rest_choice(chosen: Chosen) -> ResponseReturnValue:
    """Stop selling one choice in one tap."""
    item, held = chosen.item, chosen.offered()
    try:
        with transaction():
            choosing.rest(item.product, held.variant, by=current_actor())
    except choosing.LastChoice as refusal:
        flash(str(refusal), "error")
        return _to_choices(item)
    undo = url_for("products.wake_choice", variant_id=held.variant.id)
    flash({"text": _("Pilihan ini istirahat dulu."), "url": undo}, "undo")  # type: ignore[arg-type]
    return _to_choices(item)


@bp.post("/jualan/pilihan/<id:variant_id>/jual")
@allow(policies.owns_choice, queries.get_chosen)
def wake_choice(chosen: Chosen) -> ResponseReturnValue:
    """Sell a choice again."""
    with transaction():
        choosing.wake(chosen.item.product, chosen.offered().variant, by=current_actor())
    flash(_("Pilihan ini dijual lagi."), "success")
    return _to_choices(chosen.item)


@bp.post("/jualan/pilihan/<id:variant_id>/hapus")
@allow(policies.owns_choice, queries.get_chosen)
def drop_choice(chosen: Chosen) -> ResponseReturnValue:
    """Remove a choice: buyers cannot take it from now on."""
    item, held = chosen.item, chosen.held
    version = digits.whole(posted("versi"), digits.VERSION_DIGITS) or 0
    try:
        with transaction():
            choosing.drop(item.product, held.variant, version=version, by=current_actor())
    except StaleWording:
        flash(_("Produk ini baru saja diubah. Lihat lagi pilihannya, lalu hapus."), "warning")
    except DomainError as refusal:
        flash(str(refusal), "error")
    else:
        flash(_("Pilihan dihapus. Pesanan yang sudah masuk tetap jalan."), "success")
    return _to_choices(item)


def _draft(item: Item, held: Held | None, what: str = "pilihan") -> str:
    """Return under which name a phone keeps what was typed here."""
    return f"{what}-{item.product.id}-{held.variant.id if held else 'baru'}-{current_actor().id}"


def _to_choices(item: Item) -> ResponseReturnValue:
    return redirect(url_for("products.choices", product_id=item.product.id), 303)


def _refused(form: ChoiceForm, item: Item, held: Held | None, refusal: DomainError) -> ResponseReturnValue:
    """Show the form again with what was typed, beside what is there now when that is newer."""
    newer = None
    if isinstance(refusal, choosing.SameLabel):
        form.note("label", refusal)
    elif isinstance(refusal, StaleWording):
        newer = item = queries.get_item(item.product.id)
        form.version.data = str(item.product.version)
    else:
        form.form_errors = [str(refusal)]
    return _choice_page(form, item, held, newer), refusal.status


def _choice_page(form: ChoiceForm, item: Item, held: Held | None, newer: Item | None = None) -> str:
    said = newer.terms.get(held.variant.id) if newer and held else None
    facts = {"units": rules.UNITS, "asks_first": held is None and not item.newest.label}
    facts["draft"] = _draft(item, held)
    return render_template(
        "goods/products/choice.html", form=form, item=item, held=held, newer=newer, said=said, **facts
    )


def _way_page(form: WayForm, item: Item, held: Held, status: int) -> ResponseReturnValue:
    return render_template(
        "goods/products/way.html", form=form, item=item, held=held, draft=_draft(item, held, "cara")
    ), status
