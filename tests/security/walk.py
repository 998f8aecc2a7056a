"""Walking the address map: every route, filled with things that are there and with things that are not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from flask import Flask
from werkzeug.routing import Rule

from app.core.policy import ACCESS, Access
from tests.house import addresses

MISSING = {
    "id": ["999999999999"],
    "slug": ["tidak-ada-di-sini"],
    "code": ["TIDAK-ADA"],
    "string": ["tidak-ada"],
    "path": ["ti/da/k-ada.webp"],
}
MACHINE = {"name"}  # names of files: they belong to nobody
OWN_WORDS = {"chapter", "entry_kind"}  # parts of everybody's own pages: they name nothing that is somebody's
VOLATILE = (
    re.compile(r'name="csrf_token" value="[^"]*"'),
    re.compile(r'name="isi" value="[^"]*"'),
    re.compile(r'name="kunci" value="[^"]*"'),
)


@dataclass(frozen=True)
class Stop:
    """One address to ask for, and its like that is not there."""

    rule: Rule
    method: str
    path: str
    missing: str


def row_of(endpoint: str) -> dict[str, str]:
    """Return the row of access.csv for an endpoint."""
    return _rows()[endpoint]


@cache
def _rows() -> dict[str, dict[str, str]]:
    """Read the list once: a walk asks it about every address."""
    return {row["endpoint"]: row for row in reversed(addresses.matrix())}


def access_of(app: Flask, rule: Rule) -> Access:
    """Return what the view of a rule asks for."""
    found: Access = getattr(app.view_functions[rule.endpoint], ACCESS)
    return found


def fill(rule: Rule, values: dict[str, str]) -> str:
    """Return the path of a rule with these values."""
    built = rule.build(values, append_unknown=False)
    assert built is not None, f"{rule.rule} cannot be built from {values}"
    return str(built[1])


def stops(app: Flask, subjects: dict[str, list[str]], method: str) -> Iterator[Stop]:
    """Yield every route that takes this method, once per subject that may stand in its address."""
    kinds = {converter: kind for kind, converter in app.url_map.converters.items()}
    for rule in addresses.rules(app):
        if method not in addresses.methods(rule).split():
            continue
        absent = {name: MISSING[kinds[type(rule._converters[name])]][0] for name in rule.arguments}
        for values in _values(rule, subjects):
            yield Stop(rule, method, fill(rule, values or absent), fill(rule, absent))


def _values(rule: Rule, subjects: dict[str, list[str]]) -> Iterator[dict[str, str]]:
    own = rule.arguments - MACHINE
    if not own:
        yield {}
        return
    unknown = {name for name in own if not _subjects(rule, subjects, name)}
    assert not unknown, f"{rule.rule}: the small market has nothing for {unknown}; add it to tests/security/world.py"
    assert len(own) == 1, f"{rule.rule}: two parts that vary"
    (name,) = own
    for value in _subjects(rule, subjects, name):
        yield {name: value}


def _subjects(rule: Rule, subjects: dict[str, list[str]], name: str) -> list[str]:
    """Return what may stand in an address: two rooms may mean different things by one name, `room.name` tells them."""
    room = rule.endpoint.partition(".")[0]
    return subjects.get(f"{room}.{name}", subjects.get(name, []))


def alike(body: str, *parts: str) -> str:
    """Return a page without what differs at every look: tokens, and the address that was asked for."""
    for pattern in VOLATILE:
        body = pattern.sub("", body)
    for part in sorted(parts, key=len, reverse=True):
        body = body.replace(part, "ADDRESS")
    return body
