"""Every law that can be read off the source holds, and goes red when a copy of the house breaks it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.house import laws, screens

ROOT = Path(__file__).resolve().parents[2]
Law = Callable[[Path], list[str]]

LAWS: tuple[Law, ...] = (
    laws.storeys,
    laws.room_circles,
    laws.module_circles,
    laws.part_order,
    laws.pure_rules,
    laws.plain_values,
    laws.inner_imports,
    laws.commits,
    laws.days_of_a_place,
    laws.one_sum_of_sales,
    laws.scopes,
    laws.untranslated_code,
    laws.left_overs,
    laws.long_tail,
    screens.untranslated,
    screens.inline,
)

# What is added to which file, and how the finding begins.
BREACHES: tuple[tuple[Law, str, str, str], ...] = (
    (laws.storeys, "app/kit/rupiah.py", "from app.core import db", "app/kit/rupiah.py"),
    (laws.storeys, "app/people/places/rules.py", "import app.goods.stock.models", "app/people/places/rules.py"),
    (laws.storeys, "app/core/clock.py", "from app import factory", "app/core/clock.py"),
    (laws.storeys, "app/cellar/wine.py", "", "app/cellar/wine.py stands on no storey"),
    (
        laws.room_circles,
        "app/trade/sales/models.py",
        "from app.trade.orders.models import Order",
        "app/trade/sales/models.py",
    ),
    (laws.room_circles, "app/goods/gifts/rules.py", "", "app/goods/gifts has no place in ROOMS"),
    (laws.module_circles, "app/core/clock.py", "from app.core import db", "app.core.clock → app.core.db"),
    (
        laws.part_order,
        "app/people/places/queries.py",
        "from app.people.places import operations",
        "app/people/places/queries.py",
    ),
    (
        laws.part_order,
        "app/site/front/context.py",
        "from app.people.accounts import views",
        "app/site/front/context.py",
    ),
    (laws.pure_rules, "app/people/places/rules.py", "from app.core.clock import now", "app/people/places/rules.py"),
    (laws.pure_rules, "app/people/places/rules.py", "import sqlalchemy", "app/people/places/rules.py"),
    (laws.plain_values, "app/kit/slugs.py", "from sqlalchemy import select", "app/kit/slugs.py"),
    (laws.plain_values, "app/kit/slugs.py", "import flask", "app/kit/slugs.py"),
    (
        laws.one_sum_of_sales,
        "app/office/desks/queries.py",
        "SOLD = select(func.sum(SaleRecord.amount))",
        "app/office/desks/queries.py",
    ),
    (laws.inner_imports, "app/kit/slugs.py", "def late():\n    import json\n", "app/kit/slugs.py"),
    (
        laws.inner_imports,
        "app/kit/slugs.py",
        "import importlib\nX = importlib.import_module('json')\n",
        "app/kit/slugs.py",
    ),
    (
        laws.commits,
        "app/people/places/operations.py",
        "def f():\n    db.session.commit()\n",
        "app/people/places/operations.py",
    ),
    (
        laws.commits,
        "app/people/places/operations.py",
        "def f():\n    with db.engine.connect() as connection, connection.begin():\n        pass\n",
        "app/people/places/operations.py",
    ),
    (
        laws.commits,
        "app/people/places/operations.py",
        "def f():\n    with db.session().begin():\n        pass\n",
        "app/people/places/operations.py",
    ),
    (
        laws.commits,
        "app/people/places/operations.py",
        "def f(connection):\n    connection.exec_driver_sql('COMMIT')\n",
        "app/people/places/operations.py",
    ),
    (laws.days_of_a_place, "app/core/errors.py", "DAY = clock.now().date()\n", "app/core/errors.py"),
    (
        laws.scopes,
        "app/people/places/queries.py",
        "def list_all(*, scope=None):\n    return scope\n",
        "app/people/places/queries.py",
    ),
    (
        laws.untranslated_code,
        "app/core/errors.py",
        "class Full(DomainError):\n    text = 'Semua penuh.'\n",
        "app/core/errors.py",
    ),
    (laws.untranslated_code, "app/core/errors.py", "flash('Sudah disimpan.')\n", "app/core/errors.py"),
    (laws.untranslated_code, "app/core/errors.py", "name = TextLine('Nama produk')\n", "app/core/errors.py"),
    (laws.untranslated_code, "app/core/errors.py", "_(f'Halo {name}')\n", "app/core/errors.py"),
    (laws.left_overs, "app/kit/slugs.py", "# TO" + "DO later\n", "app/kit/slugs.py"),
    (laws.left_overs, "app/kit/slugs.py", "HOME = '/ro" + "ot/x'\n", "app/kit/slugs.py"),
    (laws.left_overs, "tests/kit/test_text.py", "pytest.sk" + "ip('later')\n", "tests/kit/test_text.py"),
    (laws.long_tail, "app/kit/slugs.py", "\n" * 500, "5"),
    (
        laws.long_tail,
        "app/kit/long.py",
        "".join(f"def f{n}():\n" + "    f()\n" * 30 for n in range(1_000)),
        "the 95th percentile function has 31 lines",
    ),
    (
        screens.untranslated,
        "app/templates/new.html",
        "<p>Belum ada pesanan</p>\n",
        "app/templates/new.html:1 Belum ada pesanan",
    ),
    (
        screens.untranslated,
        "app/templates/new.html",
        "<img alt='Telur asin'>\n",
        "app/templates/new.html:1 alt=Telur asin",
    ),
    (
        screens.inline,
        "app/templates/new.html",
        "<p style='color: red'>{{ _('Halo') }}</p>\n",
        "app/templates/new.html:1 style=",
    ),
    (screens.inline, "app/templates/new.html", "<b onclick='go()'></b>\n", "app/templates/new.html:1 onclick="),
    (screens.inline, "app/templates/new.html", "<script>go()</script>\n", "app/templates/new.html:1 <script>"),
)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_the_law_holds(law):
    assert law(ROOT) == []


def test_every_law_has_a_twin():
    assert {law for law, *_rest in BREACHES} == set(LAWS)


@pytest.fixture
def copy(tmp_path):
    """The house without its pictures, to be broken."""
    for folder in ("app", "migrations", "tests", "tools"):
        shutil.copytree(
            ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("static", "data", "__pycache__")
        )
    return tmp_path


@pytest.mark.parametrize(
    ("law", "path", "text", "finding"), BREACHES, ids=lambda value: getattr(value, "__name__", None)
)
def test_the_law_goes_red_when_the_house_breaks_it(copy, law, path, text, finding):
    before = law(copy)
    file = copy / path
    file.parent.mkdir(parents=True, exist_ok=True)
    old = file.read_text(encoding="utf-8") if file.exists() else ""

    file.write_text(old + "\n" * bool(old) + text, encoding="utf-8")

    fresh = [each for each in law(copy) if each not in before]
    assert any(each.startswith(finding) for each in fresh), fresh


def test_a_house_of_long_files_goes_red(copy):
    for number in range(len(laws.tail(copy)[1]) // 15):
        (copy / f"app/kit/long{number}.py").write_text("\n" * 301, encoding="utf-8")

    assert any(each.startswith("the 95th percentile file has 301 lines") for each in laws.long_tail(copy))
