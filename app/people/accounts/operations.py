"""What is done to accounts: made, given cards, changed, locked out. Hashes come ready made: hashing is slow."""

from __future__ import annotations

import hashlib

from sqlalchemy import update

from app.core import audit, keyring, limits, vault
from app.core.clock import now
from app.core.db import advisory_lock, db
from app.core.errors import DomainError, StaleVersion
from app.core.events import emit
from app.core.i18n import _l
from app.core.policy import Actor
from app.kit import codes
from app.people.accounts import queries, sessions
from app.people.accounts.events import ConsentWithdrawn
from app.people.accounts.models import Account, Consent, Device, LoginCard, WebSession

PUBLISH = "publish"
PROOF = "own:proof"


class KeyReused(DomainError):
    """The same form key came back with other contents."""

    text = _l("Isian ini sudah pernah dikirim dengan isi lain. Buka formulir baru.")


class HasEnded(DomainError):
    """The account was ended for good; nothing opens it again."""

    text = _l("Akun ini sudah berakhir.")


class OwnAccount(DomainError):
    """Nobody administers their own account."""

    status = 403
    text = _l("Akun sendiri tidak bisa diubah dari sini. Minta pengurus lain.")


class LastAdmin(DomainError):
    """Somebody must be left who can let people in."""

    text = _l("Ini pengurus terakhir yang aktif di wilayah ini. Buat dulu pengurus lain.")


class NameTaken(DomainError):
    """Another staff account has this user name."""

    text = _l("Nama pengguna ini sudah dipakai.")


def register_seller(*, key: str, name: str, phone: str, region_code: str, by: Actor) -> Account:
    """Make a seller's account, or return the one that this key made before.

    Raises:
        KeyReused: the key made somebody else.
    """
    lock_key(key)
    existing = queries.find_by_key(key)
    if existing is not None:
        if (existing.name, existing.phone, existing.created_by_id) != (name, phone, by.id):
            raise KeyReused(existing)
        return existing
    account = Account(
        role="seller", name=name, phone=phone, region_code=region_code, areas=[], creation_key=key, created_by_id=by.id
    )
    db.session.add(account)
    db.session.flush()
    audit.record(by, "account.registered", account, role="seller")
    return account


def register_staff(
    *,
    role: str,
    username: str,
    name: str,
    region_code: str,
    password_hash: str,
    areas: list[str],
    by: Actor | None,
    key: str | None = None,
) -> Account:
    """Make an account of the office, or return the one that this key made before.

    Raises:
        NameTaken: somebody has this user name.
        KeyReused: the key made somebody else.
    """
    lock_key(f"staff:{username}")
    made = queries.find_by_key(key) if key else None
    if made is not None:
        if (made.username, made.role, made.name) != (username, role, name):
            raise KeyReused(made)
        return made
    if queries.find_staff(username) is not None:
        raise NameTaken(username)
    account = Account(
        role=role,
        username=username,
        name=name,
        region_code=region_code,
        areas=areas,
        password_hash=password_hash,
        creation_key=key,
        created_by_id=by.id if by else None,
    )
    db.session.add(account)
    db.session.flush()
    audit.record(by, "account.registered", account, role=role)
    return account


def change_work(account: Account, *, role: str, areas: list[str], version: int, by: Actor) -> None:
    """Give a person of the office another task or other villages; whoever was signed in signs in again.

    Raises:
        OwnAccount: nobody gives work to themselves.
        StaleVersion: it was changed elsewhere since the form was opened.
        HasEnded: nobody enters with this account any more.
        LastAdmin: no other administrator would be left.
    """
    _of_another(account, by)
    if role != "admin":
        _leave_an_admin(account)
    _alive(account)
    if account.version != version:
        raise StaleVersion(account)
    before, account.role, account.areas, account.version = account.role, role, areas, version + 1
    sessions.end_all(account.id)
    audit.record(by, "account.work_changed", account, before=before, after=role, areas=areas)


def renew_access(account: Account, password_hash: str, *, by: Actor) -> None:
    """Give a new first password and forget the second factor, for somebody who lost either.

    Raises:
        OwnAccount: the own password is changed on the own page.
        HasEnded: nobody enters with this account any more.
    """
    _of_another(account, by)
    _alive(account)
    account.password_hash, account.totp_sealed = password_hash, None
    account.version += 1
    sessions.end_all(account.id)
    audit.record(by, "account.access_renewed", account)


def _of_another(account: Account, by: Actor) -> None:
    if account.id == by.id:
        raise OwnAccount(account)


def record_consent(account: Account, purpose: str, wording_version: str, *, by: Actor) -> Consent:
    """Remember what a person agreed to, in which wording; the same again changes nothing."""
    standing = queries.find_consent(account.id, purpose)
    if standing is not None and standing.wording_version == wording_version:
        return standing
    consent = Consent(account_id=account.id, purpose=purpose, wording_version=wording_version, recorded_by_id=by.id)
    db.session.add(consent)
    db.session.flush()
    audit.record(by, "consent.given", consent, purpose=purpose, wording=wording_version)
    return consent


def withdraw_consent(account: Account, purpose: str, *, by: Actor) -> None:
    """End a consent from now on, in whichever wordings it was given; what was agreed before stays on record."""
    while (standing := queries.find_consent(account.id, purpose)) is not None:
        standing.withdrawn_at = now()
        audit.record(by, "consent.withdrawn", standing, purpose=purpose, wording=standing.wording_version)
        emit(ConsentWithdrawn(account.id, purpose))


def issue_card(account: Account, *, by: Actor) -> tuple[LoginCard, str]:
    """Give a new login card; the one before opens nothing from now on. Returns the card and its code, kept nowhere.

    Raises:
        HasEnded: nobody enters with this account any more.
    """
    lock_key(f"card:{account.id}")
    _alive(account)
    _end_card(account)
    code = codes.new_card_code()
    card = LoginCard(account_id=account.id, code_hash=queries.card_hash(code), issued_by_id=by.id)
    db.session.add(card)
    db.session.flush()
    audit.record(by, "card.issued", card, account=account.id)
    return card, code


def _end_card(account: Account) -> None:
    live = update(LoginCard).where(LoginCard.account_id == account.id, LoginCard.ended_at.is_(None))
    db.session.execute(live.values(ended_at=now()))


def forget_phones(account: Account, *, by: Actor) -> None:
    """Let no phone know this seller any more, and sign her out everywhere: the next sign-in needs the card."""
    db.session.execute(
        update(Device).where(Device.account_id == account.id, Device.ended_at.is_(None)).values(ended_at=now())
    )
    sessions.end_all(account.id)
    audit.record(by, "account.phones_forgotten", account)


def forget_phone(device: Device, *, by: Actor) -> None:
    """Let one phone forget its owner, and end what is open on it."""
    device.ended_at = now()
    db.session.execute(
        update(WebSession)
        .where(WebSession.device_id == device.id, WebSession.ended_at.is_(None))
        .values(ended_at=now())
    )
    audit.record(by, "device.forgotten", device)


def change_phone(account: Account, phone: str, *, by: Actor) -> None:
    """Give an account another number; every phone must show the card again."""
    account.phone, account.version = phone, account.version + 1
    forget_phones(account, by=by)
    audit.record(by, "account.phone_changed", account)


def reset_pin(account: Account, *, by: Actor) -> None:
    """Forget the PIN; with the card a new one is chosen."""
    account.pin_hash, account.version = None, account.version + 1
    forget_phones(account, by=by)
    audit.record(by, "account.pin_reset", account)


def set_pin(account: Account, pin_hash: str, *, by: Actor) -> None:
    """Store a PIN and end every open session."""
    account.pin_hash, account.version = pin_hash, account.version + 1
    sessions.end_all(account.id)
    audit.record(by, "account.pin_set", account)


def set_password(account: Account, password_hash: str, *, by: Actor) -> None:
    """Store a password and end every open session."""
    account.password_hash, account.version = password_hash, account.version + 1
    sessions.end_all(account.id)
    audit.record(by, "account.password_set", account)


def set_totp(account: Account, secret: str, step: int, *, by: Actor) -> None:
    """Store the secret of the second factor; `step` is the one just shown, which never counts again."""
    account.totp_sealed = vault.seal(secret, totp_place(account))
    account.totp_last_step, account.version = step, account.version + 1
    sessions.end_all(account.id)
    audit.record(by, "account.totp_set", account)


def totp_place(account: Account) -> str:
    """Name the field that the second factor is sealed to."""
    return f"account:{account.id}:totp_sealed"


def disable(account: Account, *, by: Actor) -> None:
    """Shut an account: nothing that is open stays open.

    Raises:
        HasEnded: it is shut for good already.
        LastAdmin: no other administrator would be left.
    """
    _leave_an_admin(account)
    _alive(account)
    account.state, account.version = "disabled", account.version + 1
    forget_phones(account, by=by)
    audit.record(by, "account.disabled", account)


def enable(account: Account, *, by: Actor) -> None:
    """Open a shut account again; the card is needed on every phone.

    Raises:
        HasEnded: it was ended for good.
    """
    _alive(account)
    account.state, account.version = "active", account.version + 1
    audit.record(by, "account.enabled", account)


def end(account: Account, *, by: Actor) -> None:
    """End an account for good: no card, phone or session opens it, its history stays.

    Raises:
        LastAdmin: no other administrator would be left.
    """
    _leave_an_admin(account)
    account.state, account.version = "ended", account.version + 1
    _end_card(account)
    forget_phones(account, by=by)
    audit.record(by, "account.ended", account)


def _leave_an_admin(account: Account) -> None:
    """Refuse to lose the last active administrator of a region; two who shut each other out queue here."""
    if account.role != "admin":
        return
    lock_key("last-admin")
    if queries.count_other_admins(account) == 0:
        raise LastAdmin(account)


def _alive(account: Account) -> None:
    """Refuse what was ended, also by somebody who was faster."""
    db.session.refresh(account, with_for_update=True)
    if account.state == "ended":
        raise HasEnded(account)


def end_session(row: WebSession) -> None:
    """Sign one browser out."""
    sessions.end(row.id)


def end_all_sessions(account: Account) -> None:
    """Sign out everywhere."""
    sessions.end_all(account.id)
    audit.record(account, "account.signed_out_everywhere", account)


def count_proof(account: Account) -> None:
    """Count a try at the present PIN or password before it is judged.

    Raises:
        TooMany: it was tried too often.
    """
    limits.spend(PROOF, account.id)


def current_way(session_id: int) -> tuple[int, int | None]:
    """Return how long the present session may rest, and its phone, for the one that follows it."""
    row = queries.get_session(session_id)
    return row.idle_seconds, row.device_id


def lock_key(key: str) -> None:
    """Queue behind whoever works under the same key."""
    advisory_lock(int.from_bytes(hashlib.sha256(key.encode()).digest()[:7], "big"))


keyring.sealed(Account.totp_sealed, totp_place)
