"""The laws of the address map: who may, what an address may hold, and how it reads."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from inspect import signature
from pathlib import Path

from flask import Flask
from werkzeug.routing import Rule

from app.core.policy import ACCESS, Access, Nobody
from app.people.accounts.models import ROLES as ACCOUNTS

MATRIX = Path(__file__).with_name("access.csv")
COLUMNS = ("endpoint", "methods", "who", "ownership", "region")
WHO = {"anyone", "signed-in", *ACCOUNTS}
OWNERSHIP = {"none", "own", "others", "signed"}  # others: nobody decides on what is their own
REGION = {"none", "scope"}
BARE = re.compile(r"<([^:<>]+)>")
PIECE = re.compile(r"<[^<>]+>")
SEGMENT = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.(pdf|svg|png|csv|xlsx|ics|json))?")
# Addresses that machines know by these names, and the gallery for developers.
GIVEN = {".well-known", "security.txt", "robots.txt", "sitemap.xml", "_komponen", "manifest.webmanifest", "sw.js"}
GIVEN |= {"luring.js", "healthz", "readyz", "bazar.ics", "favicon.ico"}
ENGLISH = set(Path(__file__).with_name("english.txt").read_text(encoding="utf-8").split("\n")[1:-1])


def rules(app: Flask) -> Iterator[Rule]:
    """Yield the address rules in the order of their text."""
    return iter(sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint)))


def methods(rule: Rule) -> str:
    """Say what may be sent: `GET`, `POST` or `GET POST`."""
    return " ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))


def unguarded(app: Flask) -> list[str]:
    """Every view says @allow or @public."""
    return sorted(
        rule.endpoint
        for rule in rules(app)
        if not isinstance(getattr(app.view_functions[rule.endpoint], ACCESS, None), Access)
    )


def untyped(app: Flask) -> list[str]:
    """Every part of an address that varies says what it is."""
    return [f"{rule.rule}: <{name}> has no type" for rule in rules(app) for name in BARE.findall(rule.rule)]


def unlovely(app: Flask) -> list[str]:
    """Addresses are kebab-case Indonesian."""
    found = []
    for rule in rules(app):
        for piece in PIECE.sub("", rule.rule).strip("/").split("/"):
            if piece in GIVEN or not piece.strip("-."):
                continue
            if not SEGMENT.fullmatch(piece.strip("-.")):
                found.append(f"{rule.rule}: “{piece}” is not kebab-case")
            found += [f"{rule.rule}: “{word}” is English" for word in re.split(r"[-.]", piece) if word in ENGLISH]
    return found


def changing_gets(app: Flask) -> list[str]:
    """A view that takes POST says so alone or with GET; no PUT, PATCH or DELETE that a form cannot send."""
    return [
        f"{rule.rule} takes {methods(rule)}" for rule in rules(app) if methods(rule) not in {"GET", "POST", "GET POST"}
    ]


def matrix(path: Path = MATRIX) -> list[dict[str, str]]:
    """Read the data file that says who may do what."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def missing_rows(app: Flask, rows: list[dict[str, str]]) -> list[str]:
    """Every endpoint and method has exactly one row, no row is left over, and each row agrees with its view."""
    wanted = {(rule.endpoint, method) for rule in rules(app) for method in methods(rule).split()}
    given = [(row["endpoint"], method) for row in rows for method in row["methods"].split()]
    found = [f"{endpoint} {method} has no row in access.csv" for endpoint, method in sorted(wanted - set(given))]
    found += [f"{endpoint} {method} is no route" for endpoint, method in sorted(set(given) - wanted)]
    found += [
        f"{endpoint} {method} has two rows" for endpoint, method in sorted({x for x in given if given.count(x) > 1})
    ]
    for row in rows:
        access = _access(app, row["endpoint"])
        if access and access.public != (row["who"] == "anyone"):
            found.append(f"{row['endpoint']}: access.csv says {row['who']}, the view says otherwise")
        found += [f"{row['endpoint']}: {value} is no {column}" for column, value in strange(row)]
    return found


def _access(app: Flask, endpoint: str) -> Access | None:
    return getattr(app.view_functions.get(endpoint), ACCESS, None)


def strange(row: dict[str, str]) -> list[tuple[str, str]]:
    """Name the values of a row that mean nothing."""
    found = [("who", who) for who in row["who"].split(";") if who not in WHO]
    found += [("ownership", row["ownership"])] * (row["ownership"] not in OWNERSHIP)
    return found + [("region", row["region"])] * (row["region"] not in REGION)


ROLES = sorted(WHO - {"anyone", "signed-in"})


def let_in(access: Access) -> set[str]:
    """Ask a policy without a subject about every role."""
    people = {
        role: Nobody(id=1, role=role, region_code="36.04", is_authenticated=True, is_anonymous=False) for role in ROLES
    }
    return {role for role, person in people.items() if access.policy and access.policy(person)}


def wrong_roles(app: Flask, rows: list[dict[str, str]]) -> list[str]:
    """A policy without a subject lets in exactly the roles of its row."""
    found = []
    for row in rows:
        access = _access(app, row["endpoint"])
        if access is None or access.public or access.loader:
            continue
        named = set(ROLES) if row["who"] == "signed-in" else set(row["who"].split(";"))
        if let_in(access) != named:
            roles = ";".join(sorted(let_in(access)))
            found.append(f"{row['endpoint']}: the policy lets in {roles}, not {row['who']}")
    return found


def draft(app: Flask, rows: list[dict[str, str]]) -> list[str]:
    """Write a row for every route that has none, for a human to judge: ownership and region are only guessed."""
    given = {row["endpoint"] for row in rows}
    found = {}
    for rule in rules(app):
        access = _access(app, rule.endpoint)
        if rule.endpoint in given or access is None:
            continue
        known = "anyone" if access.public else "?" if access.loader else ";".join(sorted(let_in(access)))
        takes = signature(access.loader).parameters if access.loader else {}
        sent = found.get(rule.endpoint, (set(),))[0] | set(methods(rule).split())
        found[rule.endpoint] = (
            sent,
            known,
            "own" if access.loader else "none",
            "scope" if "scope" in takes else "none",
        )
    return [f"{name},{' '.join(sorted(sent))},{','.join(rest)}" for name, (sent, *rest) in sorted(found.items())]
