"""The list of needs: all of them, each with a page that exists and a test that exists, or with what is missing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

ROOT = Path(__file__).resolve().parents[2]
LINE = re.compile(r"^\| (\d+) \| (.+?) \| `(/[^`]*)` \| `(tests/[^`]+)` \| (done|later: .+) \|$")


def rows(text):
    """Read (number, page, test, state) of every line of the list."""
    found = [LINE.match(line) for line in text.splitlines()]
    return [(int(each[1]), each[3], each[4], each[5]) for each in found if each]


def broken(text, app):
    """Name every row that leans on nothing."""
    wrong = []
    for number, page, test, _state in rows(text):
        try:
            app.url_map.bind("localhost").match(page, "GET")
        except RequestRedirect:
            pass
        except HTTPException:
            wrong.append(f"{number}: no page {page}")
        if not (ROOT / test).is_file():
            wrong.append(f"{number}: no test {test}")
    return wrong


@pytest.fixture
def text():
    return (ROOT / "docs" / "rows.md").read_text()


def test_every_need_has_its_row(text):
    assert [number for number, *_rest in rows(text)] == list(range(1, 73))


def test_every_row_leans_on_a_page_and_a_test_that_exist(text, fresh_app):
    assert broken(text, fresh_app()) == []


def test_a_row_that_leans_on_nothing_goes_red(fresh_app):
    spoiled = (
        "| 3 | A | `/dinsos` | `tests/none.py` | done |\n| 4 | B | `/tidak-ada` | `tests/conftest.py` | later: b |"
    )

    assert broken(spoiled, fresh_app()) == ["3: no test tests/none.py", "4: no page /tidak-ada"]
