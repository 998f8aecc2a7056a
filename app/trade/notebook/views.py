"""*Catat jualan*: what she sold at home, on one screen; and the statement of her sales that she may show a bank."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.core import limits, papers, scans
from app.core.addresses import origin
from app.core.clock import today
from app.core.cookies import private_page
from app.core.db import transaction
from app.core.errors import DomainError, NotFound
from app.core.forms import posted
from app.core.i18n import _, _n
from app.core.optional import Unavailable
from app.core.policy import allow, current_actor, public
from app.goods.shops import policies as shop_policies
from app.goods.shops.models import Shop
from app.goods.shops.queries import get_own_shop, get_shop
from app.kit import codes
from app.people.accounts.queries import get_account
from app.people.places.queries import names_of, settings_of
from app.trade.notebook import operations, policies, queries, rules
from app.trade.notebook.door import bp, say_short, say_written
from app.trade.notebook.forms import KEY, NoteForm
from app.trade.notebook.models import SalesStatement
from app.trade.notebook.operations import NothingSold, NotYet, ReasonNeeded, TooLongAgo
from app.trade.notebook.queries import OwnNote
from app.trade.sales import ledger
from app.trade.sales.operations import KeyReused

LOOK_UPS = "statement-look-up"
LONGEST_CODE = 40
ABOUT_DAY = (NotYet, TooLongAgo, ReasonNeeded)


@bp.route("/jualan/catat", methods=["GET", "POST"])
@allow(shop_policies.owns, get_own_shop)
def write(shop: Shop) -> BaseResponse:
    """Let a seller write down what she sold, and see what she wrote."""
    return _write(shop, url_for("notebook.write"), is_helper=False)


@bp.route("/dampingan/penjual/<id:shop_id>/catat", methods=["GET", "POST"])
@allow(shop_policies.may_foster, get_shop)
def write_for(shop: Shop) -> BaseResponse:
    """Let her pendamping write it down for her; both names are stored."""
    return _write(shop, url_for("notebook.write_for", shop_id=shop.id), is_helper=True)


def _write(shop: Shop, back: str, *, is_helper: bool) -> BaseResponse:
    form = NoteForm()
    form.offer(queries.list_wares(shop.id))
    if not form.is_submitted():
        form.begin(today(settings_of(shop.regency_code).zone))
        return _page(shop, form, is_helper=is_helper)
    if not form.validate():
        return _page(shop, form, is_helper=is_helper, status=422)
    note = form.note_of()
    try:
        with transaction():
            sale, taken = operations.write_down(shop, note, by=current_actor(), photo=form.photo.master)
    except ABOUT_DAY as refusal:
        form.note("reason" if isinstance(refusal, ReasonNeeded) else "day", refusal)
        return _page(shop, form, is_helper=is_helper, status=refusal.status)
    except KeyReused as refusal:
        form.begin(note.sold_on)
        return _page(shop, form, is_helper=is_helper, status=refusal.status, trouble=str(refusal))
    if note.from_stock and taken < note.qty:
        say_short([form.wares[form.product.data].name])
    if is_helper:
        flash(_("Tercatat: %(amount)s.", amount=sale.amount), "success")
    else:
        say_written(sale)
    return redirect(back, 303)


@bp.post("/jualan/catat/<id:sale_id>/batalkan")
@allow(policies.owns, queries.get_note)
def take_back(note: OwnNote) -> BaseResponse:
    """Take a note back: a line against it, never a rubber."""
    with transaction():
        operations.take_back(note, by=current_actor())
    flash(_("Catatan dibatalkan."), "success")
    return redirect(url_for("notebook.write"), 303)


@bp.get("/jualan/catat/<id:sale_id>/foto")
@allow(policies.owns, queries.get_note)
def photo(note: OwnNote) -> Response:
    """Show her the photo of her note."""
    return _photo(note)


@bp.get("/dampingan/catat/<id:sale_id>/foto")
@allow(policies.fosters, queries.get_note)
def photo_for(note: OwnNote) -> Response:
    """Show it to whoever may write for her."""
    return _photo(note)


def _photo(note: OwnNote) -> Response:
    kept = queries.find_photo(note.sale.id)
    if kept is None:
        raise NotFound(note.sale.id)
    return scans.answer(kept.file)


def _page(
    shop: Shop, form: NoteForm, *, is_helper: bool, status: int = 200, trouble: DomainError | str = ""
) -> BaseResponse:
    page = render_template(
        "trade/notebook/write.html",
        shop=shop,
        form=form,
        is_helper=is_helper,
        trouble=trouble,
        back_days=settings_of(shop.regency_code).get(operations.BACK_DAYS),
        written=queries.list_written(shop),
        sides={key: f"{ware.price} / {ware.unit}" for key, ware in form.wares.items()},
    )
    return private_page(page, status)


@bp.route("/jualan/keterangan", methods=["GET", "POST"])
@allow(shop_policies.owns, get_own_shop)
def state(shop: Shop) -> BaseResponse:
    """Show a seller her last whole months, six or twelve, and freeze them as a statement when she asks."""
    asked = request.values.get("lama", "")
    months = int(asked) if asked in map(str, rules.LENGTHS) else rules.LENGTHS[0]
    if request.method != "POST":
        return _state_page(shop, months)
    typed = posted("kunci")
    key = typed if KEY.fullmatch(typed) else secrets.token_urlsafe(16)
    try:
        with transaction():
            statement = operations.make_statement(shop, months, key, by=current_actor())
    except NothingSold as refusal:
        return _state_page(shop, months, refusal)
    return redirect(url_for("notebook.statement", statement_code=statement.code), 303)


def _length(months: int) -> str:
    return _n("%(n)s bulan terakhir", "%(n)s bulan terakhir", months, n=months)


def _state_page(shop: Shop, months: int, refusal: DomainError | None = None) -> BaseResponse:
    stated = queries.reckon(shop, months)
    page = render_template(
        "trade/notebook/state.html",
        shop=shop,
        months=months,
        lengths=[(_length(each), url_for("notebook.state", lama=each), None, each == months) for each in rules.LENGTHS],
        stated=stated,
        grades=ledger.grade_rows(stated.by_grade),
        made=queries.list_statements(shop),
        key=secrets.token_urlsafe(16),
        refusal=refusal,
    )
    return private_page(page, refusal.status if refusal else 200)


@bp.get("/jualan/keterangan/<code:statement_code>")
@allow(policies.made, queries.get_statement)
def statement(statement: SalesStatement) -> BaseResponse:
    """Show her statement as it is printed."""
    return private_page(render_template("trade/notebook/statement.html", **_letter(statement)))


@bp.get("/jualan/keterangan/<code:statement_code>/surat.pdf")
@allow(policies.made, queries.get_statement)
def statement_pdf(statement: SalesStatement) -> BaseResponse:
    """Give the same sheet as a file."""
    try:
        drawn = papers.draw("trade/notebook/statement_pdf.html", "letter.css", **_letter(statement))
    except Unavailable:
        flash(_("PDF belum bisa dibuat di sini. Cetak dari halaman ini."), "warning")
        return redirect(url_for("notebook.statement", statement_code=statement.code), 303)
    return papers.pdf_response(drawn, "surat-keterangan-penjualan.pdf")


def _letter(statement: SalesStatement) -> dict[str, Any]:
    shop = get_shop(statement.shop_id)
    address = origin() + url_for("notebook.confirm", statement_code=statement.code)
    places = (shop.desa_code, shop.kecamatan_code, shop.regency_code)
    names = names_of(set(places))
    return {
        "statement": statement,
        "number": codes.grouped(statement.code),
        "stated": statement.stated,
        "words": ledger.BY_GRADE,
        "shop": shop,
        "maker": get_account(statement.made_by_id),
        "place": ", ".join(names[each] for each in places),
        "address": address,
        "code": papers.code(address),
    }


@bp.get("/keterangan/<code:statement_code>")
@public
def confirm(statement_code: str) -> BaseResponse:
    """Confirm sums, months and day of a statement to whoever holds its paper, and say nothing else."""
    try:
        statement = queries.get_statement(statement_code)
    except NotFound:
        with transaction():
            limits.fail(LOOK_UPS, codes.normalise(statement_code)[:LONGEST_CODE], request.remote_addr or "")
        raise
    page = render_template(
        "trade/notebook/confirm.html",
        statement=statement,
        number=codes.grouped(statement.code),
        stated=statement.stated,
        grades=ledger.grade_rows(statement.stated.by_grade),
    )
    return private_page(page)
