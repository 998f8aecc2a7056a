"""The second factor as its owner meets it: a secret to copy, and the same as a QR picture."""

from __future__ import annotations

from typing import Any

import pyotp
import segno
from markupsafe import Markup

from app.core import vault
from app.core.vault import settings
from app.people.accounts.models import Account

GROUP = 4


def new_sealed(account: Account) -> str:
    """Return a fresh secret, sealed for the way through the browser and back."""
    return vault.seal(pyotp.random_base32(), _place(account))


def unseal_new(sealed: str, account: Account) -> str:
    """Return the secret that `new_sealed` made for this account."""
    return vault.unseal(sealed, _place(account))


def find_new(sealed: str, account: Account) -> str | None:
    """Return the secret that a page carried back, or None when it is not one that we made for this account."""
    try:
        return unseal_new(sealed, account)
    except vault.Tampered:
        return None


def stored(account: Account) -> str:
    """Return the secret that the account signs in with."""
    return vault.unseal(account.totp_sealed or "", f"account:{account.id}:totp_sealed")


def shown(account: Account, secret: str) -> dict[str, Any]:
    """Return what a page shows: `secret` in groups to type, `picture` to scan."""
    address = pyotp.TOTP(secret).provisioning_uri(name=account.username or "", issuer_name=settings().site_name)
    drawn = segno.make(address, error="m").svg_inline(scale=5, border=2, dark="#000", light="#fff")
    drawn = drawn.replace("<svg", '<svg aria-hidden="true"', 1)  # named by what it stands in
    groups = " ".join(secret[at : at + GROUP] for at in range(0, len(secret), GROUP))
    return {"secret": groups, "picture": Markup(drawn)}  # noqa: S704 - drawn here, from an encoded address


def _place(account: Account) -> str:
    return f"account:{account.id}:new_totp"
