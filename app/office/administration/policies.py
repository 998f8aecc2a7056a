"""Who may administer: the system's administrator, within the own region, and never the own account."""

from __future__ import annotations

from app.core.policy import Actor
from app.office.administration.adjustable import Group
from app.people.accounts.models import Account
from app.people.places.rules import within


def is_admin(actor: Actor) -> bool:
    """The administrator of the system; sees accounts and settings, and no family."""
    return actor.role == "admin"


def may_set(actor: Actor, group: Group) -> bool:
    """Every group of settings, for the administrator's own kabupaten."""
    return is_admin(actor)


def may_see(actor: Actor, account: Account) -> bool:
    """An account of the office within the administrator's region."""
    return is_admin(actor) and account.is_staff and within(account.region_code, actor.region_code)


def may_change(actor: Actor, account: Account) -> bool:
    """The same, but for the own account."""
    return may_see(actor, account) and account.id != actor.id
