"""Every button of every form, pressed once by whoever is shown it, is answered with a page of the house."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from sqlalchemy import select

from app.core.audit import AuditEntry
from app.core.db import db
from app.office.oversight import words
from app.office.oversight.facts import SUBJECTS
from tests.security import hostile, kept
from tests.security.test_hostile import check, forget_limits
from tests.security.test_versions import GALLERY, Asks, endpoint_of

# What the log of acts says after a market was built and each of its buttons pressed: an act that nobody writes down
# any more is missing then. Acts that no such button makes are asked for by other tests: tests/house/test_acts.py.
ACTS = Path(__file__).with_name("acts.csv")
# A button of these ends the session or the account: whoever comes after could press nothing more.
LAST = ("accounts.", "entrance.", "oversight.", "fostering.")


class Pressed(hostile.Forms):
    """The forms of a page, and each button of each of them."""

    def __init__(self, html: str) -> None:
        """Read a page."""
        self.buttons: list[tuple[int, str, str]] = []
        super().__init__(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notice a button beside all else."""
        super().handle_starttag(tag, attrs)
        given = {name: value or "" for name, value in attrs}
        if self.found and tag == "button" and given.get("name"):
            self.buttons.append((len(self.found) - 1, given["name"], given.get("value", "")))


def presses(app, pages, viewers=kept.DOERS) -> Iterator[tuple[str, str, str, dict[str, str]]]:
    """Yield who presses what, once for each view and button: name of the press, viewer, address, fields."""
    seen = set()
    for who in viewers:
        for page in pages(who):
            if page.status != 200 or page.mimetype != "text/html" or page.path == GALLERY:
                continue
            read = Pressed(page.text)
            for number, (action, method, fields) in enumerate(read.found):
                own = [(name, value) for at, name, value in read.buttons if at == number] or [("", "")]
                for name, value in own if method == "POST" else ():
                    press = f"{endpoint_of(app, page, Asks(action))} {name} {value}"
                    if press not in seen:
                        seen.add(press)
                        address = urljoin(f"http://localhost{page.path}", action).removeprefix("http://localhost")
                        yield press, who, address, fields | ({name: value} if name else {})


def unanswered(app, world, pressed, room: str = "") -> list[str]:
    """Press these buttons, or those of one room; name what was answered with no page of the house."""
    wrong = []
    for press, who, address, fields in sorted(pressed, key=lambda each: each[0].startswith(LAST)):
        if press.startswith(room):
            forget_limits()
            wrong += check(kept.browser(app, world, who).post(address, data=fields), press)
    return wrong


@pytest.mark.parametrize(
    "filled", [pytest.param(True, id="filled in", marks=pytest.mark.drill), pytest.param(False, id="as it stands")]
)
def test_every_button_is_answered(app, world, pages, monkeypatch, filled):
    if not filled:
        monkeypatch.setattr(hostile, "_like", lambda given: "")

    pressed = list(presses(app, pages))

    assert len(pressed) > 200
    assert unanswered(app, world, pressed) == []
    assert not filled or unwritten() == []
    assert unworded() == []


def unworded() -> list[str]:
    """Name what the log says and no screen can: acts, and what they are about."""
    db.session.rollback()
    about = {subject.partition(":")[0] for subject in db.session.scalars(select(AuditEntry.subject)) if subject}
    return sorted(set(db.session.scalars(select(AuditEntry.action))) - set(words.ACTS)) + sorted(about - set(SUBJECTS))


@pytest.mark.drill
def test_nobody_else_is_shown_a_button_of_her_own(app, pages):
    assert {press for press, *_ in presses(app, pages, kept.VIEWERS)} == {press for press, *_ in presses(app, pages)}


def unwritten() -> list[str]:
    """Name the acts that do not stand in the log."""
    with ACTS.open(encoding="utf-8", newline="") as file:
        known = {row["act"] for row in csv.DictReader(file)}
    db.session.rollback()
    return sorted(known - set(db.session.scalars(select(AuditEntry.action))))


def test_an_act_that_nobody_writes_down_is_named(app, world):
    assert {"shop.paused", "revision.approved"} <= set(unwritten())  # no button has been pressed yet


def test_a_button_that_breaks_is_named(app, world, pages, monkeypatch):
    def broken(**_given: object) -> str:
        raise RuntimeError

    monkeypatch.setitem(app.view_functions, "shops.pause", broken)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)

    assert any(each.startswith("shops.pause") for each in unanswered(app, world, presses(app, pages), "shops.pause"))
