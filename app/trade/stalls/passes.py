"""Passes of helpers: issued for named stalls, opened by a code, revoked by an officer, dead when the bazaar is over."""

from __future__ import annotations

from collections.abc import Iterable

from app.core import audit, limits, vault
from app.core.clock import now
from app.core.db import db
from app.core.errors import DomainError
from app.core.i18n import _l
from app.core.policy import Actor
from app.kit import codes
from app.trade.bazaars import queries as bazaars
from app.trade.bazaars.models import Bazaar
from app.trade.stalls import queries
from app.trade.stalls.models import HelperPass

LIMIT = "helper-pass"


class NoStalls(DomainError):
    """A pass is for somebody, and for named stalls."""

    status = 422
    text = _l("Isi nama pembantu dan pilih paling sedikit satu lapak.")


class NotNow(DomainError):
    """Passes are for bazaars that are announced or running."""

    text = _l("Kartu pembantu dibuat setelah peserta diumumkan, sampai bazar selesai.")


def issue(bazaar: Bazaar, name: str, application_ids: Iterable[int], *, by: Actor) -> tuple[HelperPass, str]:
    """Make a pass and its code, which is never seen again.

    Raises:
        NotNow: the bazaar is not announced, or over.
        NoStalls: nobody or nothing was named.
    """
    if bazaars.state_of(bazaar) not in {"published", "running"}:
        raise NotNow(bazaar)
    wanted = set(application_ids)
    stalls = sorted(each.id for each in queries.list_places(bazaar.id) if each.id in wanted)
    if not name or not stalls or wanted - set(stalls):
        raise NoStalls(bazaar)
    code = codes.new_card_code()
    found = HelperPass(
        bazaar_id=bazaar.id, name=name[:60], code_hash=hash_of(code), application_ids=stalls, issued_by_id=by.id
    )
    db.session.add(found)
    db.session.flush()
    audit.record(by, "helper_pass.issued", found, stalls=stalls)
    return found, code


def hash_of(code: str) -> str:
    """Return what is stored of a code."""
    return vault.blind(codes.normalise(code), "helper_pass")


def revoke(found: HelperPass, *, by: Actor) -> None:
    """End a pass at once; a second time changes nothing."""
    found = queries.lock_pass(found.id)
    if found.revoked_at is None:
        found.revoked_by_id, found.revoked_at = by.id, now()
        audit.record(by, "helper_pass.revoked", found)


def enter(code: str, address: str) -> HelperPass | None:
    """Return the living pass that a code opens; None when it opens nothing, and the try is counted.

    Raises:
        TooMany: too many wrong codes from this address.
    """
    limits.check(LIMIT + limits.ADDRESS, address)
    found = queries.find_pass(hash_of(code))
    if found is not None and queries.is_alive(found):
        return found
    limits.fail(LIMIT, hash_of(code), address)
    return None
