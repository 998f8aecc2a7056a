"""Reckoning what a product costs: ingredients, packaging, labour, and what is left of its price."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField
from wtforms.validators import Optional

from app.core.db import transaction
from app.core.forms import AtMost, Form, QuantityField, Required, RupiahField, TextLine, between
from app.core.i18n import _, _l
from app.core.policy import allow
from app.goods.products import costing, costs, policies, queries, rules
from app.goods.products.costs import Line
from app.goods.products.door import bp
from app.goods.products.models import CostSheet
from app.goods.products.queries import Item
from app.kit import digits
from app.kit.rupiah import Rupiah

FEWEST_ROWS = {"bahan": 4}
SPARE_ROWS = 1


class CostForm(Form):
    """A batch: what it takes and what comes of it. Its lines are made by number."""

    makes: Any = QuantityField(
        _l("Jadi berapa?"),
        [Required(_l("Tulis jadi berapa, misalnya 20")), between(1, rules.MOST_QUANTITY)],
        name="jadi",
    )
    version: Any = HiddenField(name="versi")

    def rows(self, kind: str) -> list[tuple[Any, Any]]:
        """Return the pairs of fields of a kind: name and amount."""
        return [(self[f"{kind}_name_{n}"], self[f"{kind}_cost_{n}"]) for n in range(1, costs.KINDS[kind] + 1)]

    def shown(self, kind: str) -> list[tuple[Any, Any]]:
        """Return the pairs that a page shows: those that are filled and a few more, so that a phone stays short."""
        rows = self.rows(kind)
        filled = [place for place, (name, amount) in enumerate(rows, 1) if name.data or amount.data or amount.errors]
        return rows[: max(FEWEST_ROWS.get(kind, 1), max(filled, default=0) + SPARE_ROWS)]

    def lines(self) -> list[Line]:
        """Return what was typed, without empty lines."""
        return [
            Line(kind, name.data or "", amount.data)
            for kind in costs.KINDS
            for name, amount in self.rows(kind)
            if amount.data is not None and amount.data.amount
        ]

    def fill(self, sheet: CostSheet | None) -> None:
        """Put a stored sheet into the fields."""
        self.version.data = str(sheet.version if sheet else 0)
        if sheet is None:
            return
        self.makes.data = sheet.makes
        left = {kind: iter(self.rows(kind)) for kind in costs.KINDS}
        for line in costing.lines_of(sheet):
            name, amount = next(left[line.kind])
            name.data, amount.data = line.name, line.amount

    def seen_version(self) -> int:
        """Return the version that this form was opened with, 0 when there was none."""
        return digits.whole(self.version.data or "", digits.VERSION_DIGITS) or 0

    def holds(self) -> bool:
        """Tell whether everything can be stored; a name without its cost is asked about."""
        holds = bool(self.validate())
        for kind in costs.KINDS:
            for name, amount in self.rows(kind):
                if name.data and amount.data is None and not amount.errors:
                    amount.errors = [_("Tulis juga harganya.")]
                    holds = False
        if holds and not self.lines():
            self.form_errors = [_("Isi paling sedikit satu biaya.")]
            return False
        return holds


def fair_cost(form: Any, field: Any) -> None:
    """Refuse costs that nobody can mean."""
    if field.data is not None and field.data > rules.MOST_PRICE:
        field.errors = [*field.errors, _("Paling banyak %(most)s.", most=rules.MOST_PRICE)]


for _kind, _most in costs.KINDS.items():
    for _n in range(1, _most + 1):
        setattr(CostForm, f"{_kind}_name_{_n}", TextLine(_l("Nama"), [AtMost(60)], name=f"{_kind}-nama-{_n}"))
        setattr(
            CostForm,
            f"{_kind}_cost_{_n}",
            RupiahField(_l("Biaya"), [Optional(), fair_cost], name=f"{_kind}-biaya-{_n}"),
        )


@bp.route("/jualan/produk/<id:product_id>/modal", methods=["GET", "POST"])
@allow(policies.owns, queries.get_item)
def cost(item: Item) -> ResponseReturnValue:
    """Reckon what a product costs; only its seller sees it."""
    form = CostForm()
    if not form.is_submitted():
        sheet = costing.find_sheet(item.product.id)
        form.fill(sheet)
        return _page(form, item, sheet)
    if not form.holds():
        return _page(form, item, None), 422
    try:
        with transaction():
            costing.save(item.product, form.lines(), form.makes.data, version=form.seen_version())
    except costing.StaleSheet as refusal:
        sheet = costing.find_sheet(item.product.id)
        form.version.data = str(sheet.version if sheet else 0)
        return _page(form, item, sheet, newer=sheet), refusal.status
    flash(_("Hitungan tersimpan. Hanya Anda yang melihatnya."), "success")
    return redirect(url_for("products.cost", product_id=item.product.id, _anchor="hasil"), 303)


def _page(form: CostForm, item: Item, sheet: CostSheet | None, newer: CostSheet | None = None) -> str:
    found, said = None, item.shown
    if sheet is not None:
        found = costs.reckon(costing.lines_of(sheet), sheet.makes, Rupiah(said.price.amount))
    like = costing.find_like_prices(said.category_id, said.unit, item.product.shop_id)
    return render_template("goods/products/cost.html", form=form, item=item, found=found, like=like, newer=newer)
