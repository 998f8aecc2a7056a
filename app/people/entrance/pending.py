"""Half-way in: what the first step proved, carried to the second in a signed cookie that lives ten minutes.

It is no session: nothing opens with it but the next step of the door.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from flask import Response
from itsdangerous import BadData, URLSafeTimedSerializer

from app.core import cookies
from app.core.vault import settings, token_hash
from app.people.accounts.models import Account
from app.people.entrance.rules import PENDING_SECONDS

COOKIE = "pintu"


@dataclass(frozen=True)
class Pending:
    """Who is half-way in. `step` names what comes next: `phone`, `choice`, `code` or `enrol`.

    `mark` ties it to the secrets of that moment: after a change of PIN or password it is worth nothing.
    `sealed` carries the new secret of a second factor, sealed.
    """

    step: str
    account_ids: list[int]
    mark: str
    target: str = ""
    sealed: str = ""
    card_id: int = 0


def mark_of(*accounts: Account) -> str:
    """Return the fingerprint of these accounts' secrets as they are now."""
    secrets = [(each.version, each.password_hash, each.pin_hash, each.totp_last_step) for each in accounts]
    return token_hash(str(secrets))[:24]


def keep(response: Response, pending: Pending) -> Response:
    """Hand the cookie out."""
    cookies.remember(response, COOKIE, _serializer().dumps(asdict(pending)), PENDING_SECONDS)
    return response


def find(step: str) -> Pending | None:
    """Return who is half-way in and waits for this step; None when nobody is, or it took too long."""
    try:
        facts = _serializer().loads(cookies.kept(COOKIE), max_age=PENDING_SECONDS)
        pending = Pending(**facts)
    except (BadData, TypeError):
        return None
    return pending if pending.step == step else None


def drop(response: Response) -> Response:
    """Take the cookie back."""
    cookies.forget(response, COOKIE)
    return response


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings().derive("entrance"), salt="pending")
