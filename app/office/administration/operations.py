"""What an administrator does: people in, people changed, people out, and what a kabupaten sets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.core import audit
from app.core.errors import StaleVersion
from app.core.policy import Actor
from app.people.accounts.operations import lock_key
from app.people.places import operations as places
from app.people.places import queries
from app.people.places.rules import DEFAULTS


def version_token(region_code: str, keys: list[str]) -> str:
    """Return what tells whether any of these settings was changed since a page showed them."""
    versions = queries.versions_of_settings(region_code)
    return ".".join(str(versions.get(key, 0)) for key in keys)


def save_settings(region_code: str, values: Mapping[str, Any], token: str, *, by: Actor) -> list[str]:
    """Store the settings of one group and return the keys that changed; each change is one line of the audit log.

    Raises:
        StaleVersion: one of them was changed elsewhere since the page was opened.
    """
    keys = list(values)
    lock_key(f"settings:{region_code}")
    if version_token(region_code, keys) != token:
        raise StaleVersion(region_code)
    held = DEFAULTS | queries.stored_settings(region_code)
    changed = [key for key in keys if held[key] != values[key]]
    for key in changed:
        places.set_setting(region_code, key, values[key])
        audit.record(by, "setting.changed", f"region:{region_code}", key=key, **_told(held[key], values[key]))
    return changed


def _told(before: Any, after: Any) -> dict[str, int]:
    """Say what a number or a switch was and is; words may name a person, and the log names none."""
    return {"was": before, "becomes": after} if isinstance(before, int) and isinstance(after, int) else {}
