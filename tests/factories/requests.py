"""The least request about somebody's data."""

from __future__ import annotations

from typing import Any

from app.core.db import transaction
from app.office.requests import operations
from app.office.requests.models import DataRequest
from app.people.accounts.models import Account
from tests.factories.people import make_account

REASON = "Ia datang sendiri ke kantor dan memintanya."


def make_data_request(kind: str = "copy", account: Account | None = None, **given: Any) -> DataRequest:
    """A request that a seller made herself; `kpm`, `words`, `source`, `by` may be given."""
    if account is None and "kpm" not in given:
        account = make_account()
    facts: dict[str, Any] = {"words": "", "source": "own", "by": account}
    with transaction():
        return operations.ask(kind, account=account, **(facts | given))


def propose_erasure(request: DataRequest, steward: Account) -> None:
    """The first signature under an erasure."""
    with transaction():
        operations.propose(request, REASON, by=steward)


def erase(request: DataRequest, steward: Account | None = None, approver: Account | None = None) -> None:
    """Both signatures: the person is erased."""
    propose_erasure(request, steward or make_account("steward"))
    with transaction():
        operations.confirm(request, by=approver or make_account("approver"))
