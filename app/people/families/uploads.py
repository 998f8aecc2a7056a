"""Lists of families: the example to fill, the upload, the look before it is taken, and the answer."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as BaseResponse

from app.core import limits
from app.core.cookies import private_file, private_page
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.i18n import _, _l
from app.core.policy import allow, current_actor
from app.core.sheets import MOST_ROWS, XLSX, Sheet, write_xlsx
from app.kit import digits
from app.people.families import importing, lists, policies, queries, words
from app.people.families.forms import ListForm
from app.people.families.models import ImportBatch

bp = Blueprint("families", __name__)

SHOWN = 50


@bp.route("/dinsos/keluarga/impor", methods=["GET", "POST"])
@allow(policies.uploads_lists)
def upload() -> ResponseReturnValue:
    """Take a list, read it and go on to what was found; a file that is no list is refused beside its field."""
    form, status, actor = ListForm(), 200, current_actor()
    if form.filled():
        data = form.berkas.data.read() if form.berkas.data else b""
        try:
            if not data:
                raise NoFile
            with transaction():
                limits.spend("list", actor.id)
            with transaction():
                batch = importing.stage(data, regency=actor.region_code, by=actor)
        except DomainError as refusal:
            form.note("berkas", refusal)
            status = refusal.status
        else:
            return redirect(url_for("families.preview", batch_id=batch.id), 303)
    page = render_template(
        "people/families/upload.html", form=form, batches=queries.list_batches(actor), words=words, most=MOST_ROWS
    )
    return private_page(page, status)


class NoFile(DomainError):
    """The form came without a file, or with an empty one."""

    status = 400
    text = _l("Pilih dulu filenya.")


@bp.get("/dinsos/keluarga/impor/contoh.xlsx")
@allow(policies.uploads_lists)
def example() -> Response:
    """Give the empty list to fill, with a sheet that explains its columns."""
    heads = [heads[0] for heads in lists.COLUMNS.values()]
    told = [[lists.COLUMNS[column][0], str(words.HINTS[column])] for column in lists.COLUMNS]
    sheets = [Sheet(_("Daftar"), heads, []), Sheet(_("Petunjuk"), [_("Kolom"), _("Isi")], told)]
    return private_file(write_xlsx(sheets), XLSX, "daftar-keluarga.xlsx")


@bp.get("/dinsos/keluarga/impor/<id:batch_id>")
@allow(policies.may_confirm, queries.get_batch)
def preview(batch: ImportBatch) -> BaseResponse:
    """Show what a list would do: wrong lines with their reasons first, then what is worth a look."""
    after = digits.whole(request.args.get("setelah", ""))
    wrong = bool(batch.counts["bad"]) and request.args.get("lihat") != "1"
    rows = queries.list_marked(batch.id, after or 0, SHOWN + 1, wrong=wrong)
    page, more = rows[:SHOWN], len(rows) > SHOWN
    return private_page(render_template(
        "people/families/preview.html",
        batch=batch,
        open=importing.is_open(batch),
        rows=[(row, importing.unseal(row).said.get("name", "")) for row in page],
        after=page[-1].line if more else None,
        wrong=wrong,
        words=words,
    ))  # fmt: skip


@bp.post("/dinsos/keluarga/impor/<id:batch_id>/simpan")
@allow(policies.may_confirm, queries.get_batch)
def confirm(batch: ImportBatch) -> ResponseReturnValue:
    """Take the whole list into the register."""
    try:
        with transaction():
            importing.confirm(batch, by=current_actor())
    except DomainError as refusal:
        flash(str(refusal), "error")
    return redirect(url_for("families.preview", batch_id=batch.id), 303)


@bp.post("/dinsos/keluarga/impor/<id:batch_id>/batal")
@allow(policies.may_confirm, queries.get_batch)
def drop(batch: ImportBatch) -> ResponseReturnValue:
    """Let the list go."""
    with transaction():
        importing.drop(batch, by=current_actor())
    return redirect(url_for("families.upload"), 303)
