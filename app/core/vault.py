"""The vault: seals single fields with a key that is not in the database.

A sealed value names its key (`id.base64`), and its place (table, row, column) is authenticated with it, so a value
moved to another row does not open. The first key of the ring seals; all of them open.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

from config import Settings

NONCE_BYTES = 12


class Tampered(Exception):
    """The value does not belong here, or its key is gone."""


def settings() -> Settings:
    """Return the settings of the running app."""
    found: Settings = current_app.extensions["lapak_settings"]
    return found


def seal(value: str, place: str) -> str:
    """Encrypt a field; `place` is `table:row:column`."""
    name, key = settings().field_keys[0]
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, value.encode(), place.encode())
    return f"{name}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"


def unseal(sealed: str, place: str) -> str:
    """Decrypt a field.

    Raises:
        Tampered: the text was changed, moved, or sealed by an unknown key.
    """
    name, _, text = sealed.partition(".")
    key = dict(settings().field_keys).get(name)
    if key is None:
        raise Tampered(name)
    try:
        raw = base64.urlsafe_b64decode(text)
        return AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], place.encode()).decode()
    except (InvalidTag, ValueError):
        raise Tampered(place) from None


def blind(value: str, purpose: str) -> str:
    """Return a keyed hash that finds equal values without showing them."""
    return hmac.digest(settings().derive(f"blind:{purpose}"), value.encode(), hashlib.sha256).hex()


def token_hash(token: str) -> str:
    """Return what is stored of a random token: enough to recognise it, nothing to use it with."""
    return hashlib.sha256(token.encode()).hexdigest()
