"""Who may, as far as roles alone decide."""

from __future__ import annotations

from app.core.policy import Actor
from app.people.accounts.models import Account, Device, WebSession
from app.people.places.rules import within

FOSTERS = frozenset({"pendamping", "curator"})


def is_staff(actor: Actor) -> bool:
    """Anyone who signs in with a password."""
    return not actor.is_anonymous and actor.role != "seller"


def is_pendamping(actor: Actor) -> bool:
    """A facilitator in the villages."""
    return actor.role == "pendamping"


def is_curator(actor: Actor) -> bool:
    """An officer for shops and goods."""
    return actor.role == "curator"


def is_partner(actor: Actor) -> bool:
    """Another office or a bank, for trainings and referrals that the office shares with it; nothing else is its own."""
    return actor.role == "partner"


def fosters(actor: Actor) -> bool:
    """Whoever registers sellers and helps them with card and PIN."""
    return actor.role in FOSTERS


def areas_of(actor: Actor) -> list[str]:
    """Return the area codes an actor works in: a pendamping's villages, an officer's region."""
    if actor.role == "pendamping":
        return list(getattr(actor, "areas", []))
    return [actor.region_code]


def works_in(actor: Actor, desa_code: str) -> bool:
    """Tell whether a desa belongs to the work of this pendamping or officer."""
    return any(within(desa_code, area) for area in areas_of(actor))


def is_self(actor: Actor, account: Account) -> bool:
    """Her own account."""
    return account.id == actor.id


def is_seller_self(actor: Actor, account: Account) -> bool:
    """A seller, about her own account."""
    return is_self(actor, account) and actor.role == "seller"


def is_staff_self(actor: Actor, account: Account) -> bool:
    """Somebody of the office, about the own account."""
    return is_self(actor, account) and actor.role != "seller"


def owns_session(actor: Actor, session: WebSession) -> bool:
    """Her own session."""
    return session.account_id == actor.id


def owns_device(actor: Actor, device: Device) -> bool:
    """Her own phone."""
    return device.account_id == actor.id
