"""The page that waits for a file, and hands it over."""

from __future__ import annotations

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from app.core.cookies import private_file, private_page
from app.core.errors import NotFound
from app.core.policy import allow, current_actor
from app.core.storage import private_store
from app.people.files import policies, queries
from app.people.files.models import PreparedFile

bp = Blueprint("files", __name__)

WAIT_SECONDS = 3


@bp.get("/saya/berkas")
@allow(policies.is_signed_in)
def index() -> Response:
    """List the files this person asked for today."""
    return private_page(render_template("people/files/list.html", files=queries.list_own(current_actor().id)))


@bp.get("/saya/berkas/<id:file_id>")
@allow(policies.asked_for, queries.get_file)
def show(wanted: PreparedFile) -> Response:
    """Show how far a file is; while it is being made the page asks again by itself, also without script."""
    response = private_page(render_template("people/files/show.html", wanted=wanted))
    if wanted.state == "waiting":
        response.headers["Refresh"] = str(WAIT_SECONDS)
    return response


@bp.get("/saya/berkas/<id:file_id>/unduh")
@allow(policies.asked_for, queries.get_file)
def download(wanted: PreparedFile) -> ResponseReturnValue:
    """Hand the finished file over."""
    if wanted.stored is None:
        raise NotFound(wanted)
    return private_file(private_store().read(wanted.stored), wanted.mimetype, wanted.name)
