"""Behind TLS every cookie is bound to this host; on the loopback of a developer it works without TLS."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import select

from app.core import cookies
from app.core.db import db
from app.goods.products.models import Product, Variant
from tests.factories.people import PIN, make_account, make_card
from tests.security.test_hostile import forget_limits

APP = Path(__file__).resolve().parents[2] / "app"
EVERY = {"sesi", "hp", "pintu", "keranjang", "pesanan", "tema", "bahasa"}
SETS = re.compile(r"\.(?:set|delete)_cookie\(|request\.cookies\.get\(")


def given(app, world, base_url: str) -> dict[str, str]:
    """Do everything that hands a cookie out; return each by name."""
    lines: list[str] = []
    client = app.test_client()
    goods = db.session.scalars(select(Variant).join(Product).where(Product.state == "live").limit(1)).one()

    def ask(method: str, path: str, **data: str):
        answer = client.open(path, method=method, data=data, base_url=base_url)
        lines.extend(answer.headers.getlist("Set-Cookie"))
        return answer

    ask("POST", "/tema", tema="gelap")
    ask("GET", "/tentang?bahasa=en")
    ask("POST", "/keranjang", varian=str(goods.id), jumlah="1")
    page = ask("GET", "/pesan").text
    form = dict(re.findall(r'name="(kunci|isi)" value="([^"]+)"', page))
    ask("POST", "/pesan", nama="Ratna Dewi", telepon="081298765432", **form)
    seller = make_account(phone="+6281234567890")
    ask("POST", "/masuk", telepon="081234567890", kode_kartu=make_card(seller))
    ask("POST", "/masuk/hp", hp="sendiri", pin=PIN)
    forget_limits()
    return {line.split("=")[0]: line for line in lines if "=;" not in line}


@pytest.fixture
def behind_tls(another_app, world):
    return another_app(LAPAK_SECURE_COOKIES="on")


def test_behind_tls_every_cookie_is_bound_to_this_host(behind_tls, world):
    found = given(behind_tls, world, "https://localhost")

    assert set(found) == {f"__Host-{name}" for name in EVERY}
    for line in found.values():
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(line.split("; ")), line
        assert "Domain" not in line, line


def test_on_the_loopback_cookies_work_without_tls(app, world):
    found = given(app, world, "http://localhost")

    assert set(found) == EVERY
    assert not any("Secure" in line for line in found.values())


def test_twin_without_the_prefix_the_names_are_bare(behind_tls, world, monkeypatch):
    monkeypatch.setattr(cookies, "named", lambda name: name)

    with pytest.raises(AssertionError):
        test_behind_tls_every_cookie_is_bound_to_this_host(behind_tls, world)


@pytest.mark.parametrize("name", ["keranjang", "tema", "bahasa", "pesanan", "hp", "sesi"])
def test_a_cookie_that_a_neighbour_host_planted_is_not_read(behind_tls, world, name):
    """Another host of the same domain may set the bare name; only TLS to this very host sets the other."""
    client, planted = behind_tls.test_client(), behind_tls.test_client()
    value = {"tema": "gelap", "bahasa": "en"}.get(name, "planted")
    planted.set_cookie(name, value)

    assert (
        planted.get("/keranjang", base_url="https://localhost").text
        == client.get("/keranjang", base_url="https://localhost").text
    )


def loose(folder: Path) -> list[str]:
    """Name the files that hand a cookie out, or read one, without asking core/cookies how it is called."""
    files = sorted(folder.rglob("*.py"))
    return [each.name for each in files if each.name != "cookies.py" and SETS.search(each.read_text())]


def test_no_other_file_names_cookies():
    assert loose(APP) == []


def test_a_file_that_names_its_own_cookie_goes_red(tmp_path):
    (tmp_path / "views.py").write_text('response.set_cookie("tema", "gelap")')

    assert loose(tmp_path) == ["views.py"]
