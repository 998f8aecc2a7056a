"""The stock of one choice: what happened to it, when, by whom and why; and what she does to it by hand."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.db import transaction
from app.core.errors import DomainError
from app.core.i18n import _
from app.core.policy import allow, current_actor
from app.goods.products import operations, policies, queries
from app.goods.products.door import bp
from app.goods.products.forms import MoveForm
from app.goods.products.queries import Chosen, Held, Item
from app.goods.stock.queries import list_entries
from app.kit import digits
from app.people.accounts.queries import names_of

ENTRIES = 30


@bp.route("/jualan/pilihan/<id:variant_id>/catatan", methods=["GET", "POST"])
@allow(policies.owns_choice, queries.get_chosen)
def stock_book(chosen: Chosen) -> ResponseReturnValue:
    """Show the book of a choice, and write what happened into it."""
    item, held, form = chosen.item, chosen.held, MoveForm()
    form.offer_kinds()
    if not form.is_submitted():
        form.seen.data = str(held.on_hand)
        return _page(form, item, held)
    if not form.validate():
        return _page(form, item, held), 422
    try:
        with transaction():
            operations.move_stock(
                held.variant, form.kind.data, form.quantity.data,
                note=form.why.data or "", seen=form.seen_count(), by=current_actor(),
            )  # fmt: skip
    except operations.StockMoved as refusal:
        form.seen.data = str(refusal.subject)
        form.form_errors = [
            _("Stok baru saja berubah menjadi %(count)s. Lihat catatannya, lalu simpan lagi.", count=refusal.subject)
        ]
        newer = queries.get_chosen(held.variant.id)
        return _page(form, newer.item, newer.held), refusal.status
    except DomainError as refusal:
        form.note("quantity", refusal)
        return _page(form, item, held), refusal.status
    flash(_("Tercatat."), "success")
    return redirect(url_for("products.stock_book", variant_id=held.variant.id), 303)


def _page(form: MoveForm, item: Item, held: Held) -> str:
    before = digits.whole(request.args.get("setelah", ""))
    entries = list_entries(held.variant.id, ENTRIES, before)
    more = entries[ENTRIES - 1].move.id if len(entries) > ENTRIES else None
    shown = entries[:ENTRIES]
    people = names_of({each.move.actor_id for each in shown if each.move.actor_id})
    return render_template(
        "goods/products/stock_book.html",
        form=form,
        item=item,
        held=held,
        entries=shown,
        more=more,
        first=before is None,
        people=people,
        me=current_actor().id,
    )
