"""Lists of goods: her own to take away, the example to fill, the upload, the look before it is taken."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.core import limits
from app.core.cookies import private_file, private_page
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.i18n import _, _l
from app.core.policy import allow, current_actor
from app.core.sheets import CSV, XLSX, Cell, Sheet, write_csv, write_xlsx
from app.goods.shops import policies as shop_policies
from app.goods.shops.models import Shop
from app.goods.shops.queries import get_own_shop
from app.goods.spreadsheets import operations, policies, queries, words
from app.goods.spreadsheets.forms import GoodsForm
from app.goods.spreadsheets.models import GoodsList
from app.goods.spreadsheets.rules import COLUMNS

bp = Blueprint("spreadsheets", __name__)

SHOWN = 100
HEADS = [heads[0] for heads in COLUMNS.values()]


class NoFile(DomainError):
    """The form came without a file, or with an empty one."""

    status = 400
    text = _l("Pilih dulu filenya.")


@bp.route("/jualan/produk/daftar", methods=["GET", "POST"])
@allow(shop_policies.owns, get_own_shop)
def upload(shop: Shop) -> ResponseReturnValue:
    """Offer her goods as a list, and take a list: read first, nothing is stored until she says yes."""
    form, status, actor = GoodsForm(), 200, current_actor()
    if form.filled():
        data = _sent(form.berkas.data)
        try:
            if not data:
                raise NoFile
            with transaction():
                limits.spend("list", actor.id)
            with transaction():
                batch = operations.stage(data, shop, by=actor)
        except DomainError as refusal:
            form.note("berkas", refusal)
            status = refusal.status
        else:
            return redirect(url_for("spreadsheets.preview", list_id=batch.id), 303)
    page = render_template(
        "goods/spreadsheets/upload.html", form=form, most=operations.MOST_GOODS, waiting=queries.list_waiting(shop.id)
    )
    return private_page(page, status)


@bp.get("/jualan/produk/daftar.xlsx")
@allow(shop_policies.owns, get_own_shop)
def export(shop: Shop) -> Response:
    """Give all her goods as a workbook: what comes back unchanged changes nothing."""
    told = [[COLUMNS[column][0], str(words.HINTS[column])] for column in COLUMNS]
    return private_file(
        write_xlsx([_sheet(queries.export_rows(shop.id)), Sheet(_("Petunjuk"), [_("Kolom"), _("Isi")], told)]),
        XLSX,
        "daftar-produk.xlsx",
    )


@bp.get("/jualan/produk/daftar.csv")
@allow(shop_policies.owns, get_own_shop)
def export_csv(shop: Shop) -> Response:
    """Give all her goods as plain text for other programs."""
    return private_file(write_csv(HEADS, queries.export_rows(shop.id)), CSV, "daftar-produk.csv")


@bp.get("/jualan/produk/daftar/<id:list_id>")
@allow(policies.owns, queries.get_list)
def preview(batch: GoodsList) -> ResponseReturnValue:
    """Show what a list would do: wrong lines with their reasons first."""
    order = {"bad": 0, "new": 1, "changed": 2, "same": 3}
    rows: list[dict[str, Any]] = sorted(batch.rows, key=lambda row: (order[row["outcome"]], row["line"]))
    page = render_template(
        "goods/spreadsheets/preview.html",
        batch=batch,
        open=operations.is_open(batch),
        rows=rows[:SHOWN],
        more=max(0, len(rows) - SHOWN),
        words=words,
    )
    return private_page(page)


@bp.post("/jualan/produk/daftar/<id:list_id>/simpan")
@allow(policies.owns, queries.get_list)
def take(batch: GoodsList) -> ResponseReturnValue:
    """Put the whole list into the shop."""
    try:
        with transaction():
            operations.take(batch, by=current_actor())
    except DomainError as refusal:
        flash(str(refusal), "error")
    return redirect(url_for("spreadsheets.preview", list_id=batch.id), 303)


@bp.post("/jualan/produk/daftar/<id:list_id>/batal")
@allow(policies.owns, queries.get_list)
def drop(batch: GoodsList) -> ResponseReturnValue:
    """Let the list go."""
    with transaction():
        operations.drop(batch)
    return redirect(url_for("spreadsheets.upload"), 303)


def _sent(file: Any) -> bytes:
    """Return what came, and let go of it."""
    if not getattr(file, "filename", ""):
        return b""
    try:
        return bytes(file.read())
    finally:
        file.close()


def _sheet(rows: Iterable[list[Cell]]) -> Sheet:
    return Sheet(_("Daftar"), HEADS, rows)
