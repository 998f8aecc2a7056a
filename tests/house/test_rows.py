"""The list of needs: all of them, each with a page that exists and a test that exists, or with what is missing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

ROOT = Path(__file__).resolve().parents[2]
LINE = re.compile(r"^\| (\d+) \| (.+?) \| `(/[^`]*)` \| `(tests/[^`:]+)::(test_\w+)` \| (done|later: .+) \|$")


def rows(text):
    """Read (number, page, file of the test, its name, state) of every line of the list."""
    found = [LINE.match(line) for line in text.splitlines()]
    return [(int(each[1]), *each.groups()[2:]) for each in found if each]


def broken(text, app):
    """Name every row that leans on nothing."""
    wrong = []
    for number, page, test, name, _state in rows(text):
        try:
            app.url_map.bind("localhost").match(page, "GET")
        except RequestRedirect:
            pass
        except HTTPException:
            wrong.append(f"{number}: no page {page}")
        source = (ROOT / test).read_text() if (ROOT / test).is_file() else ""
        if not re.search(rf"^def {name}\(", source, re.MULTILINE):
            wrong.append(f"{number}: no test {test}::{name}")
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
        "| 3 | A | `/dinsos` | `tests/none.py::test_a` | done |\n"
        "| 4 | B | `/tidak-ada` | `tests/house/test_rows.py::test_every_need_has_its_row` | later: b |\n"
        "| 5 | C | `/dinsos` | `tests/house/test_rows.py::test_every_need` | done |"
    )

    assert broken(spoiled, fresh_app()) == [
        "3: no test tests/none.py::test_a",
        "4: no page /tidak-ada",
        "5: no test tests/house/test_rows.py::test_every_need",
    ]


def test_a_row_that_names_a_file_alone_is_no_row():
    assert rows("| 3 | A | `/dinsos` | `tests/house/test_rows.py` | done |") == []
