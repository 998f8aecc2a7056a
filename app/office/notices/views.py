"""The news of sellers and officers: what happened, newest first, and how much of it is unread."""

from __future__ import annotations

from flask import Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.core import outbox
from app.core.cookies import NO_STORE, private_page
from app.core.db import transaction
from app.core.forms import posted
from app.core.i18n import _
from app.core.policy import allow, current_actor
from app.goods.shops.models import Shop
from app.goods.shops.policies import owns
from app.goods.shops.queries import get_own_shop
from app.kit import digits
from app.office.notices import queries, words
from app.office.notices.door import bp
from app.office.notices.policies import is_seller
from app.office.tickets.policies import answers

__all__ = ("bp",)

PER_PAGE = 20


@bp.get("/jualan/kabar")
@allow(owns, get_own_shop)
def inbox(shop: Shop) -> Response:
    """List a seller's news."""
    empty = _("Belum ada kabar. Pesanan baru akan tampil di sini.")
    return _page(("shop", shop.id), "/jualan", home_name=_("Hari ini"), empty=empty, seen=url_for("notices.seen"))


@bp.post("/jualan/kabar/dibaca")
@allow(owns, get_own_shop)
def seen(shop: Shop) -> BaseResponse:
    """Note that she read what the page showed; what came meanwhile stays new."""
    return _see(("shop", shop.id), "notices.inbox")


@bp.get("/dinsos/kabar")
@allow(answers)
def desk() -> Response:
    """List an officer's news."""
    empty = _("Belum ada kabar. Aduan baru akan tampil di sini.")
    whom = ("account", current_actor().id)
    return _page(whom, "/dinsos", home_name=_("Meja dinas"), empty=empty, seen=url_for("notices.desk_seen"))


@bp.post("/dinsos/kabar/dibaca")
@allow(answers)
def desk_seen() -> BaseResponse:
    """Note that an officer read what the page showed; what came meanwhile stays new."""
    return _see(("account", current_actor().id), "notices.desk")


def _page(whom: tuple[str, int], home: str, **said: str) -> Response:
    before = digits.whole(request.args.get("sebelum", "")) or 0
    found = outbox.list_of(whom, before_id=before, limit=PER_PAGE + 1)
    shown = found[:PER_PAGE]
    page = render_template(
        "office/notices/inbox.html",
        rows=[(each, words.said(each), words.where(each)) for each in shown],
        unread=any(each.seen_at is None for each in shown),
        last=shown[0].id if shown else 0,
        more=url_for(request.endpoint or "", sebelum=shown[-1].id) if len(found) > PER_PAGE else None,
        home=home,
        **said,
    )
    return private_page(page)


def _see(whom: tuple[str, int], back: str) -> BaseResponse:
    until = digits.whole(posted("sampai")) or 0
    with transaction():
        outbox.see(whom, until)
    return redirect(url_for(back), 303)


@bp.get("/jualan/hitungan")
@allow(is_seller)
def counts() -> BaseResponse:
    """Say how much waits; a page that knows it already is answered with nothing."""
    answer = jsonify(queries.count_waiting(current_actor().id))
    answer.headers["Cache-Control"] = NO_STORE
    answer.vary.add("Cookie")
    answer.add_etag()
    return answer.make_conditional(request)
