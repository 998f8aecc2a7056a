"""Files on the disk: whole or not at all, and never outside their folder."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from flask import Flask

from app.core import optional
from app.core.errors import NotFound
from app.core.storage import BadName, DiskStorage, StorageFull, new_name, private_store, public_store, sibling
from config import Settings


@pytest.fixture
def store(tmp_path):
    return DiskStorage(tmp_path / "media", "/media")


def test_what_is_put_can_be_read_opened_listed_and_deleted(store):
    name = new_name("webp")

    store.put(name, b"telur")

    assert store.read(name) == b"telur"
    assert store.has(name)
    assert list(store.list_names()) == [name]
    with store.open(name) as stream:
        assert stream.read(2) == b"te"

    store.delete(name)
    store.delete(name)

    assert not store.has(name)
    with pytest.raises(NotFound):
        store.read(name)


def test_names_are_random_and_spread_over_folders():
    names = {new_name("jpg") for _ in range(500)}

    assert len(names) == 500
    assert all(re.fullmatch(r"[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{28}\.jpg", name) for name in names)
    assert len({name[:2] for name in names}) > 100


def test_sizes_of_a_photo_are_found_beside_it(store):
    assert sibling("3f/a0/9c.jpg", "320.webp") == "3f/a0/9c-320.webp"
    assert store.url("3f/a0/9c-320.webp") == "/media/3f/a0/9c-320.webp"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/etc/passwd",
        "../rahasia.txt",
        "ab/../../rahasia.txt",
        "ab/./c.txt",
        "ab//c.txt",
        "ab\\c.txt",
        "ab/c.txt\0.jpg",
        "ab/c.txt\n",
        "ab/.half-x.jpg",
        "ab/c",
        "a/b/c/d/e/f.jpg",
        "Ab/c.jpg",
        "é/c.jpg",
        "\ud800.jpg",
        "a" * 500 + ".jpg",
    ],
)
def test_a_name_never_leads_elsewhere(store, name):
    with pytest.raises(BadName):
        store.put(name, b"x")
    with pytest.raises(BadName):
        store.delete(name)
    with pytest.raises(BadName):
        store.url(name)
    with pytest.raises(NotFound):
        store.read(name)
    assert not store.has(name)
    assert not list(store.list_names())


def test_a_planted_link_is_not_followed(store, tmp_path):
    outside = tmp_path / "luar"
    outside.mkdir()
    (outside / "kunci.txt").write_bytes(b"rahasia")
    store.root.mkdir()
    (store.root / "ab").symlink_to(outside)

    with pytest.raises(NotFound):
        store.read("ab/kunci.txt")
    with pytest.raises(BadName):
        store.put("ab/baru.txt", b"x")


def test_putting_again_replaces_the_whole(store):
    store.put("ab/c.jpg", b"lama sekali")
    store.put("ab/c.jpg", b"baru")

    assert store.read("ab/c.jpg") == b"baru"


def test_an_empty_file_is_refused(store):
    with pytest.raises(ValueError, match="empty"):
        store.put("ab/c.jpg", b"")


@pytest.mark.parametrize("broken", ["fsync", "fchmod"])
def test_a_full_disk_leaves_nothing_behind_and_the_old_file_whole(store, monkeypatch, broken):
    store.put("ab/c.jpg", b"lama")

    def no_space(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, broken, no_space)
    with pytest.raises(StorageFull) as caught:
        store.put("ab/c.jpg", b"baru")
    monkeypatch.undo()

    assert caught.value.status == 503
    assert store.read("ab/c.jpg") == b"lama"
    assert [each.name for each in store.root.rglob("*") if each.is_file()] == ["c.jpg"]


def test_a_half_written_file_is_no_file(store):
    (store.root / "ab").mkdir(parents=True)
    (store.root / "ab" / ".half-123").write_bytes(b"tel")

    assert not list(store.list_names())


def test_private_files_are_for_the_owner_only(tmp_path):
    for mode in (0o600, 0o644):
        DiskStorage(tmp_path, "", mode).put("ab/c.jpg", b"x")
        assert (Path(tmp_path) / "ab/c.jpg").stat().st_mode & 0o777 == mode


@pytest.mark.parametrize("extension", ["", "j/pg", "../x", "JPG", "a" * 9])
def test_strange_endings_are_refused(extension):
    with pytest.raises(BadName):
        new_name(extension)


def test_optional_libraries_load_by_known_names_only():
    assert optional.load("pillow_heif") is optional.load("pillow_heif")
    assert optional.is_available("pillow_heif")
    with pytest.raises(ValueError, match="os"):
        optional.load("os")


def test_a_library_that_is_missing_says_so(monkeypatch):
    def gone(name):
        raise OSError(f"cannot load library for {name}")

    monkeypatch.setattr(optional.importlib, "import_module", gone)

    assert not optional.is_available("weasyprint")
    with pytest.raises(optional.Unavailable):
        optional.load("weasyprint")


def test_the_stores_lie_where_the_settings_say(tmp_path):
    app = Flask("lapak")
    app.extensions["lapak_settings"] = Settings(
        secret_key=b"k" * 32,
        field_keys=(("a", b"k" * 32),),
        media_dir=tmp_path / "umum",
        private_dir=tmp_path / "simpanan",
        media_url="https://foto.contoh.id/media/",
    )

    with app.app_context():
        public_store().put("ab/c.jpg", b"foto")
        private_store().put("ab/c.jpg", b"bukti")

        assert public_store().url("ab/c.jpg") == "https://foto.contoh.id/media/ab/c.jpg"

    assert (tmp_path / "umum/ab/c.jpg").read_bytes() == b"foto"
    assert (tmp_path / "simpanan/ab/c.jpg").stat().st_mode & 0o777 == 0o600
