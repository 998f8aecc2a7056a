"""Migrations go up, down and up again with data in the tables, end where the models are, and fail without a trace."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import Column, Integer, Table, inspect, select, text

from app.core.db import Base, db, transaction
from app.goods.shelf import operations as shelf
from tests.conftest import build, test_settings

# One process draws the pictures of the demonstration once, for all who load it.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demonstration")]

FOLDER = Path(__file__).resolve().parents[2] / "migrations"
VERSIONS = sorted((FOLDER / "versions").glob("*.py"))
BROKEN = '''"""Break half-way."""
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{head}"


def upgrade():
    op.create_table("half", sa.Column("id", sa.Integer, primary_key=True))
    raise ValueError("half-way")


def downgrade():
    op.drop_table("half")
'''


@pytest.fixture
def house(database, environ):
    """An application on a database without a table."""
    app = build(test_settings(environ, database.empty("migrations")))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def tables():
    """Name the tables there are."""
    db.session.remove()
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def fill(app):
    """Load all that a first start loads, the demonstration included."""
    for _label, step in app.extensions["lapak_first_start"]:
        with transaction():
            step()
    db.session.remove()  # what listeners read after a commit would keep its tables from being dropped


def filled():
    """Name the tables that hold rows."""
    all_tables = Base.metadata.tables.items()
    held = {name for name, table in all_tables if db.session.execute(select(table).limit(1)).first()}
    db.session.remove()
    return held


def test_up_down_and_up_again_with_data_ends_where_the_models_are(house):
    upgrade()
    fill(house)
    assert len(filled()) > len(Base.metadata.tables) / 2

    downgrade(revision="base")
    assert tables() == set()

    upgrade()
    check()
    fill(house)
    assert len(filled()) > len(Base.metadata.tables) / 2


@pytest.mark.drill
def test_each_migration_goes_down_and_up_with_the_data_it_finds(house):
    upgrade()
    fill(house)

    for _version in VERSIONS:
        downgrade(revision="-1")
        upgrade(revision="+1")
        downgrade(revision="-1")

    assert tables() == set()


def test_the_index_of_search_says_what_it_said_after_a_way_down_and_up(house):
    def entries():
        more = ", CAST(document AS text)" if db.engine.name == "postgresql" else ""
        rows = db.session.execute(
            text(f"SELECT product_id, facets{more} FROM search_product ORDER BY product_id")
        ).all()
        db.session.remove()
        return rows

    upgrade()
    fill(house)
    with transaction() as session:
        session.execute(text("UPDATE shelf_item SET halal_until = '2099-01-01' WHERE product_id % 3 = 0"))
        shelf.rebuild()
    held = entries()
    for papers in (" halal", " pirt", " halal pirt"):
        assert any(row.facets.endswith(papers) for row in held)

    for revision in ("0391", "0375"):
        downgrade(revision=revision)
        assert not any(" s" in row.facets or "#s" in str(row) for row in entries())
        upgrade()
        assert entries() == held


def test_the_models_are_where_the_last_migration_ends(house):
    upgrade()

    check()


def test_a_model_that_no_migration_knows_goes_red(house):
    upgrade()
    twin = Table("twin", Base.metadata, Column("id", Integer, primary_key=True))

    try:
        with pytest.raises(SystemExit):
            check()
    finally:
        Base.metadata.remove(twin)


def test_a_migration_that_fails_leaves_nothing_behind(house, tmp_path):
    folder = tmp_path / "migrations"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    head = re.search(r'^revision(?:: str)? = "(\w+)"', VERSIONS[-1].read_text(), re.M)[1]
    upgrade()
    before = tables()
    (folder / "versions" / "9999_break.py").write_text(BROKEN.format(head=head))

    with pytest.raises(ValueError, match="half-way"):
        upgrade(directory=str(folder))

    assert tables() == before
    assert db.session.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == head


def untidy(folder: Path) -> list[str]:
    """Name the migrations that are not numbered in the order they run, or do not say what they do."""
    versions, scripts = sorted((folder / "versions").glob("*.py")), ScriptDirectory(str(folder))
    if len(scripts.get_heads()) > 1:
        return [f"two ends: {', '.join(sorted(scripts.get_heads()))}"]
    in_order = [revision.revision for revision in scripts.walk_revisions()][::-1]
    found = [path.name for path, number in zip(versions, in_order, strict=True) if path.name[:4] != number]
    named = re.compile(r"\d{4}_[a-z]+(_[a-z0-9]+)+\.py")
    said = [path for path in versions if named.fullmatch(path.name) and path.read_text().startswith('"""')]
    return found + [path.name for path in versions if path not in said]


def test_migrations_are_numbered_in_the_order_they_run_and_say_what_they_do():
    assert untidy(FOLDER) == []


@pytest.mark.parametrize(
    ("name", "number", "before", "finding"),
    [
        ("9999_add.py", "9999", -1, ["9999_add.py"]),
        ("9999_add_more.py", "9998", -1, ["9999_add_more.py"]),
        ("9999_add_more.py", "9999", -2, ["two ends: {head}, 9999"]),
    ],
)
def test_a_migration_out_of_its_order_or_without_its_name_is_named(tmp_path, name, number, before, finding):
    folder = tmp_path / "migrations"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    heads = [re.search(r'^revision(?:: str)? = "(\w+)"', path.read_text(), re.M)[1] for path in VERSIONS]
    written = BROKEN.format(head=heads[before]).replace('revision = "9999"', f'revision = "{number}"', 1)
    (folder / "versions" / name).write_text(written)

    assert untidy(folder) == [each.format(head=heads[-1]) for each in finding]
