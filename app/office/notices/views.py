"""The seller's news: what happened, newest first, and how much of it is unread."""

from __future__ import annotations

from flask import Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.core import outbox
from app.core.cookies import NO_STORE, private_page
from app.core.db import transaction
from app.core.forms import posted
from app.core.policy import allow, current_actor
from app.goods.shops.models import Shop
from app.goods.shops.policies import owns
from app.goods.shops.queries import get_own_shop
from app.kit import digits
from app.office.notices import queries, words
from app.office.notices.door import bp
from app.office.notices.policies import is_seller

__all__ = ("bp",)

PER_PAGE = 20


@bp.get("/jualan/kabar")
@allow(owns, get_own_shop)
def inbox(shop: Shop) -> Response:
    """List her news."""
    before = digits.whole(request.args.get("sebelum", "")) or 0
    found = outbox.list_of(("shop", shop.id), before_id=before, limit=PER_PAGE + 1)
    shown = found[:PER_PAGE]
    page = render_template(
        "office/notices/inbox.html",
        rows=[(each, words.said(each)) for each in shown],
        unread=any(each.seen_at is None for each in shown),
        last=shown[0].id if shown else 0,
        more=url_for("notices.inbox", sebelum=shown[-1].id) if len(found) > PER_PAGE else None,
    )
    return private_page(page)


@bp.post("/jualan/kabar/dibaca")
@allow(owns, get_own_shop)
def seen(shop: Shop) -> BaseResponse:
    """Note that she read what the page showed; what came meanwhile stays new."""
    until = digits.whole(posted("sampai")) or 0
    with transaction():
        outbox.see(("shop", shop.id), until)
    return redirect(url_for("notices.inbox"), 303)


@bp.get("/jualan/hitungan")
@allow(is_seller)
def counts() -> BaseResponse:
    """Say how much waits; a page that knows it already is answered with nothing."""
    answer = jsonify(queries.count_waiting(current_actor().id))
    answer.headers["Cache-Control"] = NO_STORE
    answer.vary.add("Cookie")
    answer.add_etag()
    return answer.make_conditional(request)
