"""Limits: counted in the database, per account and per address, so that more processes do not mean more tries.

How often stands in the settings (`config.LIMITS`, `LAPAK_LIMITS`), by name. An address may fail twenty times as often
as an account: a bazaar or a mobile operator shares one. What an address may do is named `<limit>:address`.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import ScalarSelect, String, delete, func, insert, literal, select
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.db import Base, UtcDateTime, advisory_lock, db, pk
from app.core.errors import TooMany
from app.core.jobs import every
from app.core.vault import blind, settings

DAY = 86_400
SWEEP_SECONDS = 3600
ADDRESS_FACTOR = 20
ADDRESS = ":address"


class LimitHit(Base):
    """One counted act. Its key is hashed under a secret: a copy of this table tells no phone and no address."""

    __tablename__ = "limit_hit"

    id: Mapped[int] = pk()
    bucket: Mapped[str] = mapped_column(String(96), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


def rate(limit: str) -> tuple[int, int]:
    """Return (most, seconds) of a limit, as the settings say."""
    most, seconds = settings().limits[limit.removesuffix(ADDRESS)]
    return (most * ADDRESS_FACTOR if limit.endswith(ADDRESS) else most), seconds


def name(limit: str, key: object) -> str:
    """Return the row name of one counter."""
    return f"{limit}:{blind(str(key), f'limit:{limit}')[:32]}"


def count(limit: str, key: object, per_seconds: int) -> int:
    """Count the hits of the last `per_seconds`."""
    return db.session.scalar(select(_hits(limit, key, per_seconds))) or 0


def _hits(limit: str, key: object, per_seconds: int) -> ScalarSelect[int]:
    since = now() - timedelta(seconds=per_seconds)
    query = select(func.count()).where(LimitHit.bucket == name(limit, key), LimitHit.at > since)
    return query.scalar_subquery()


def check(limit: str, key: object) -> None:
    """Refuse when as many hits as are allowed were counted already.

    Raises:
        TooMany: the limit is reached.
    """
    most, seconds = rate(limit)
    if count(limit, key, seconds) >= most:
        raise _too_many(seconds)


def _too_many(seconds: int) -> TooMany:
    return TooMany(minutes=max(1, seconds // 60))


def hit(limit: str, key: object) -> None:
    """Count one, in the caller's transaction."""
    db.session.add(LimitHit(bucket=name(limit, key), at=now()))
    db.session.flush()


def spend(limit: str, key: object) -> None:
    """Count a try before it is judged; many at once queue here, so that they gain nothing.

    Raises:
        TooMany: the limit is reached; nothing was counted.
    """
    _queue(limit, key)
    most, seconds = rate(limit)
    one = select(literal(name(limit, key)), literal(now(), UtcDateTime)).where(_hits(limit, key, seconds) < most)
    if db.session.scalar(insert(LimitHit).from_select(["bucket", "at"], one).returning(LimitHit.id)) is None:
        raise _too_many(seconds)


def fail(limit: str, key: object, address: str) -> None:
    """Count a failure against what was tried and against the address it came from.

    Raises:
        TooMany: either has failed too often.
    """
    _queue(limit, key)
    check(limit, key)
    check(limit + ADDRESS, address)
    hit(limit, key)
    hit(limit + ADDRESS, address)


def clear(limit: str, key: object) -> None:
    """Forget a counter, after a success."""
    db.session.execute(delete(LimitHit).where(LimitHit.bucket == name(limit, key)))


def _queue(limit: str, key: object) -> None:
    digest = hashlib.sha256(name(limit, key).encode()).digest()
    advisory_lock(int.from_bytes(digest[:7], "big"))


@every(SWEEP_SECONDS, "limits.sweep")
def forget_old() -> None:
    """Drop hits that no limit looks at any more."""
    longest = max(DAY, *(seconds for _most, seconds in settings().limits.values()))
    db.session.execute(delete(LimitHit).where(LimitHit.at < now() - timedelta(seconds=longest)))
