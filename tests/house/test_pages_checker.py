"""The client's own eye: a good page passes, and each fault is seen."""

from __future__ import annotations

import pytest

from tests.support.pages import Verdicts, header_problems, problems

GOOD = (
    '<!doctype html><html lang="id"><head><title>Produk · Lapak</title></head><body><h1>Produk</h1>'
    '<form action="/keranjang" method="post"><label for="n">Nama</label><input id="n" name="nama">'
    '<label>Harga <input name="harga"></label><button>Simpan</button></form>'
    '<a href="/produk/telur">Telur</a><img src="/media/a.webp" alt=""><script src="/aset/a.js"></script></body></html>'
)


def test_a_good_page_passes():
    assert problems(GOOD, lambda method, path: True) == []


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("<h1>Produk</h1>", "", "0 h1"),
        ("<h1>Produk</h1>", "<h1>Produk</h1><h1>Lagi</h1>", "2 h1"),
        ("<title>Produk", "<title>Lapak", "does not begin with"),
        ('<label for="n">Nama</label>', "", "no label"),
        ("<button>", '<button style="color:red">', "inline style"),
        ("<button>", '<button onclick="go()">', "inline script"),
        ("<button>", "<script>go()</script><button>", "inline script"),
        ("<button>", "<style>p{}</style><button>", "inline style"),
        ('<a href="/produk/telur">', '<a href="javascript:go()">', "runs script"),
        ('src="/aset/a.js"', 'src="https://example.org/a.js"', "from strangers"),
        (' alt=""', "", "no alt"),
        (' lang="id"', "", "no lang"),
        ("<button>", '<p id="n"></p><button>', "stands twice"),
        ("Simpan", "Halo %(name)s", "raw placeholder"),
        ("Simpan", "This field is required", "untranslated"),
        ("Simpan", "The CSRF token is missing.", "untranslated"),
        ("<!doctype html>", "", "no doctype"),
        ("</form>", "</form></section>", "closes nothing"),
    ],
)
def test_each_fault_is_seen(old, new, finding):
    assert old in GOOD

    assert any(finding in each for each in problems(GOOD.replace(old, new, 1)))


def test_the_code_of_an_order_is_not_a_word():
    assert problems(GOOD.replace("Simpan", "Pesanan CSRF2Q9", 1)) == []


def test_a_link_that_leads_nowhere_is_seen():
    found = problems(GOOD, lambda method, path: (method, path) != ("POST", "/keranjang"))

    assert found == ["<form action=/keranjang> leads nowhere (POST)"]


def test_missing_headers_are_seen():
    assert len(header_problems({})) == 6
    assert "Content-Security-Policy" in header_problems({"Content-Security-Policy": "script-src *"})[0]


def test_a_page_is_read_again_when_anything_but_its_token_differs(fresh_app):
    verdicts = Verdicts(fresh_app())
    page = GOOD.replace("/produk/telur", "/produk").replace("<button>", '<input name="csrf_token" value="{}"><button>')

    assert verdicts.of_page(page.format("a1")) is verdicts.of_page(page.format("b-2.c_3"))
    assert verdicts.of_page(page.format("a1").replace(' alt=""', "")) != verdicts.of_page(page.format("a1"))
    assert verdicts.of_page(page.format("&quot; %(name)s")) is not verdicts.of_page(page.format("a1"))


def test_an_address_that_came_later_is_asked_about_again(fresh_app):
    app = fresh_app()
    verdicts, page = Verdicts(app), GOOD.replace("/produk/telur", "/baru-saja")
    assert any("/baru-saja> leads nowhere" in each for each in verdicts.of_page(page))

    app.add_url_rule("/baru-saja", endpoint="later", view_func=str)

    assert not any("/baru-saja" in each for each in verdicts.of_page(page))
