"""Server-side sessions: a random cookie, its hash in the database, and nothing at all for visitors.

The cookie is renewed at sign-in and dead on the server at sign-out. Flask's `session` is empty for everyone who is
not signed in; rooms that serve visitors keep what they need in signed cookies of their own.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Request, Response, g, request, session
from flask.sessions import SessionInterface, SessionMixin
from flask_login import LoginManager
from sqlalchemy import select, update
from sqlalchemy.exc import InterfaceError, OperationalError

from app.core import cookies, guard
from app.core.clock import now
from app.core.db import db, transaction
from app.core.policy import Nobody
from app.core.vault import token_hash
from app.people.accounts import rules
from app.people.accounts.models import Account, WebSession

COOKIE = "sesi"
SEEN_EVERY = timedelta(seconds=60)
LONGEST = timedelta(days=30)
LABEL_CHARS = 80
# What goes with the cookie: whoever picks the phone up next finds no page of hers by going back.
FAREWELL = {"Clear-Site-Data": '"cache"'}

manager = LoginManager()


class ServerSession(dict[str, Any], SessionMixin):
    """What Flask sees; `row_id` is 0 for visitors."""

    row_id = 0
    modified = False
    touched: datetime | None = None

    def __bool__(self) -> bool:
        """Tell whether somebody is signed in; an empty session of hers is still a session."""
        return self.row_id != 0

    def _changed(self) -> None:
        self.modified = True

    def __setitem__(self, key: str, value: Any) -> None:
        """Set and remember that it changed."""
        super().__setitem__(key, value)
        self._changed()

    def __delitem__(self, key: str) -> None:
        """Remove and remember that it changed."""
        super().__delitem__(key)
        self._changed()

    def pop(self, key: str, *default: Any) -> Any:
        """Remove and return."""
        self._changed()
        return super().pop(key, *default)

    def setdefault(self, key: str, default: Any = None) -> Any:
        """Set when absent."""
        if key not in self:
            self[key] = default
        return self[key]

    def update(self, *args: Any, **values: Any) -> None:
        """Set several."""
        super().update(*args, **values)
        self._changed()

    def clear(self) -> None:
        """Empty it."""
        super().clear()
        self._changed()


def cookie_name() -> str:
    """Return the cookie's name; the `__Host-` prefix demands TLS."""
    return cookies.named(COOKIE)


class DatabaseSessions(SessionInterface):
    """Keeps sessions in the table `web_session`."""

    def open_session(self, app: Flask, request: Request) -> ServerSession:
        """Find the live session of this cookie, and with it the account."""
        opened = ServerSession()
        token = cookies.kept(COOKIE)
        if not token or request.path.startswith(("/aset/", "/media/")):
            return opened
        try:
            row = db.session.execute(
                select(WebSession, Account).join(Account).where(WebSession.token_hash == token_hash(token))
            ).one_or_none()
        except (OperationalError, InterfaceError) as error:
            g.without_sessions = error  # no handler stands around this moment; the first hook raises it again
            return opened
        if row is None or not is_alive(row.WebSession) or not row.Account.is_active:
            return opened
        dict.update(opened, row.WebSession.data)
        opened.row_id, opened.touched = row.WebSession.id, row.WebSession.seen_at
        g.account = row.Account
        return opened

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Store what changed, and that the person is still there (once a minute)."""
        assert isinstance(session, ServerSession)
        if not session.row_id or g.get("session_ended"):
            return
        stale = session.touched is None or now() - session.touched > SEEN_EVERY
        if session.modified or stale:
            with transaction():
                db.session.execute(
                    update(WebSession)
                    .where(WebSession.id == session.row_id, WebSession.ended_at.is_(None))
                    .values(seen_at=now(), **({"data": dict(session)} if session.modified else {}))
                )


def is_alive(row: WebSession) -> bool:
    """Tell whether a session still opens: not ended, not rested too long."""
    if row.ended_at is not None:
        return False
    return now() < min(row.seen_at + timedelta(seconds=row.idle_seconds), row.created_at + LONGEST)


def begin(account: Account, idle_seconds: int, device_id: int | None = None) -> None:
    """Open a session for this account under a fresh cookie, inside the caller's transaction."""
    token = secrets.token_urlsafe(32)
    row = WebSession(
        token_hash=token_hash(token),
        account_id=account.id,
        device_id=device_id,
        label=rules.device_words(request.user_agent.string)[:LABEL_CHARS],
        data={guard.TOKEN: guard.new_token(account.id), rules.PROVED_AT: now().timestamp()},
        idle_seconds=idle_seconds,
    )
    db.session.add(row)
    db.session.flush()
    end(current_id())
    g.new_session = (token, idle_seconds)


def end(*row_ids: int) -> None:
    """End sessions on the server, inside the caller's transaction."""
    wanted = [row_id for row_id in row_ids if row_id]
    if wanted:
        query = update(WebSession).where(WebSession.id.in_(wanted), WebSession.ended_at.is_(None))
        db.session.execute(query.values(ended_at=now()))


def end_all(account_id: int, *, but: int = 0) -> None:
    """End every session of an account, but perhaps the one that asks."""
    query = update(WebSession).where(WebSession.account_id == account_id, WebSession.ended_at.is_(None))
    db.session.execute(query.where(WebSession.id != but).values(ended_at=now()))


def current_id() -> int:
    """Return the row of this request's session, 0 for visitors."""
    return int(getattr(session, "row_id", 0))


def idle_seconds() -> int:
    """Return how long this session may rest before it closes, 0 for visitors."""
    return int(db.session.scalar(select(WebSession.idle_seconds).where(WebSession.id == current_id())) or 0)


def sign_out_cookie() -> None:
    """Mark that this answer takes the cookie away."""
    g.session_ended = True


def _cookies(response: Response) -> Response:
    """Hand out or take back the cookie."""
    fresh = g.get("new_session")
    if fresh is not None:
        token, _ = fresh
        cookies.remember(response, COOKIE, token, int(LONGEST.total_seconds()))
    elif g.get("session_ended"):
        cookies.forget(response, COOKIE)
        response.headers.update(FAREWELL)
    return response


def _need_sessions() -> None:
    """Answer calmly when the database could not say who this is; a signed-in person is never taken for a visitor."""
    error: Exception | None = g.get("without_sessions")
    if error is not None:
        raise error


def _load() -> Account | None:
    account: Account | None = g.get("account")
    return account


def init(app: Flask) -> None:
    """Keep sessions, and tell flask-login who is there."""
    app.session_interface = DatabaseSessions()
    manager.anonymous_user = Nobody
    manager.session_protection = None
    manager.request_loader(lambda _request: _load())
    # No template asks who is there; they are told what they need.
    manager.init_app(app, add_context_processor=False)
    app.before_request(_need_sessions)
    app.after_request(_cookies)
