"""What the door answers: the same page again with a sentence, the next step, or the way in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core import cookies
from app.core.addresses import safe_next
from app.core.cookies import private_page
from app.core.db import transaction
from app.core.errors import TooMany
from app.core.forms import Form
from app.people.accounts.models import Account
from app.people.accounts.rules import home_of
from app.people.entrance import operations, pending, queries
from app.people.entrance.pending import Pending

PHONE_COOKIE = "hp"
PHONE_COOKIE_SECONDS = 400 * 86_400
PAGES = {
    "entrance.show": "sign_in",
    "entrance.enter_as_seller": "sign_in",
    "entrance.bind": "bind",
    "entrance.choose": "choose",
    "entrance.enter_as_staff": "staff",
    "entrance.second_factor": "code",
    "entrance.enrol": "enrol",
}


def page(form: Form, status: int | None = None, **facts: Any) -> Response:
    """Show the page of this step; 422 when what was sent does not hold."""
    status = status or (422 if form.is_submitted() else 200)
    text = render_template(f"people/entrance/{PAGES[str(request.endpoint)]}.html", form=form, **facts)
    return private_page(text, status)


def counted(step: Callable[..., ResponseReturnValue], form: Form, *args: Any, **facts: Any) -> ResponseReturnValue:
    """Take a step; whoever tried too often reads when to come back, on the same page."""
    try:
        return step(form, *args, **facts)
    except TooMany as refusal:
        form.form_errors = [str(refusal)]
        response = page(form, 429, **facts)
        response.headers["Retry-After"] = str(int(str(refusal.facts.get("minutes", 1))) * 60)
        return response


def wrong(form: Form, limit: str, sentence: str, **facts: Any) -> Response:
    """Count the failure and say the one sentence that fits every reason."""
    with transaction():
        operations.count_failure(limit, address())
    form.form_errors = [sentence]
    return page(form, 422, **facts)


def onward(endpoint: str, waiting: Pending) -> Response:
    """Lead to the next step."""
    return pending.keep(make_response(redirect(url_for(endpoint), 303)), waiting)


def inside(account: Account, target: str | None) -> Response:
    """Lead to the page that was asked for, or to the first page of the role."""
    return pending.drop(make_response(redirect(safe_next(target) or home_of(account.role), 303)))


def start_again(endpoint: str = "entrance.show") -> Response:
    """Lead back to the beginning: it took too long, or something changed on the way."""
    return pending.drop(make_response(redirect(url_for(endpoint, ulang=1), 303)))


def half_way(step: str) -> tuple[Pending | None, Account | None]:
    """Return who waits for this step, if the secrets are still the ones of the first step."""
    waiting = pending.find(step)
    found = queries.list_accounts(waiting.account_ids) if waiting else []
    if waiting is None or not found or pending.mark_of(*found) != waiting.mark:
        return None, None
    return waiting, found[0]


def address() -> str:
    """Return where the request comes from, as the configured proxy says; a forged header changes nothing."""
    return request.remote_addr or ""


def phone_token() -> str:
    """Return what this phone says it is."""
    return cookies.kept(PHONE_COOKIE)[:100]


def keep_phone(response: Response, token: str) -> Response:
    """Let the phone remember that it is known."""
    cookies.remember(response, PHONE_COOKIE, token, PHONE_COOKIE_SECONDS)
    return response
