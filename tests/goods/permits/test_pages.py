"""Papers on the pages: hers, the curator's, and what strangers see of them."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
import time_machine

from app.core.clock import now
from app.core.db import db, transaction
from app.core.i18n import tanggal
from app.goods.permits import operations, queries
from app.goods.products import operations as products
from app.goods.shelf.models import ShelfItem
from app.goods.shops import operations as shops
from app.kit.periods import WIB
from tests.factories.ekatalog import NUMBERS, master, paper
from tests.factories.goods import make_product, make_shop, picture_bytes, revision_of
from tests.factories.people import OTHER_DESA, make_account, sign_in
from tests.support.clocks import TODAY

pytestmark = pytest.mark.usefixtures("noon")
FILL = "/jualan/surat/isi"


@pytest.fixture
def shop(app):
    """A stall."""
    return make_shop()


@pytest.fixture
def curator(app):
    """An officer of the region."""
    return make_account("curator")


def enter(shop, kind, number="", **given):
    """Enter a paper as its owner."""
    what = replace(paper(kind if kind in NUMBERS else "pirt", **given), kind=kind)
    what = replace(what, number=number or NUMBERS.get(kind, f"{kind.upper()}227012340123"))
    with transaction():
        permit = operations.enter(shop, what, master(), by=shop.owner)
    return permit


def verified(shop, kind, curator, **given):
    """A paper that an officer has found right."""
    permit = enter(shop, kind, **given)
    with transaction():
        operations.verify(permit, by=curator)
    return permit


def sent(kind, number, **more):
    """What her form sends."""
    photo = (io.BytesIO(picture_bytes((800, 700))), "surat.jpg")
    return {"surat": kind, "nomor": number, "foto": photo, "kbli-tahun": "2020"} | more


def test_she_enters_each_paper_on_her_own_page_and_reads_how_it_stands(client, shop):
    sign_in(client, shop.owner)
    assert 'href="/jualan/surat"' in client.get("/jualan").text

    page = client.get("/jualan/surat").text
    assert page.count(">Belum ada<") == 6
    for kind in ("nib", "pirt", "halal", "bpom", "slhs", "npwp"):
        assert f'href="{FILL}?surat={kind}"' in page
    answer = client.post(FILL, data=sent("pirt", NUMBERS["pirt"]))

    assert (answer.status_code, answer.location) == (303, "/jualan/surat")
    page = client.get("/jualan/surat").text
    assert "Menunggu diperiksa" in page
    assert "31 Desember 2030" in page


@pytest.mark.parametrize(
    ("kind", "number", "more", "said"),
    [
        ("nib", "123", {"kbli": "10799"}, "NIB ada 13 angka"),
        ("nib", NUMBERS["nib"], {"kbli": "1"}, "5 angka KBLI"),
        ("npwp", "12", {}, "15 atau 16 angka"),
        ("pirt", "2033604", {}, "misalnya 2033604010012-30"),
        ("halal", "ID1", {}, "lalu 17 angka"),
        ("bpom", "MD1", {}, "Awalnya MD atau ML"),
        ("slhs", "a\x00", {}, "Nomor belum benar"),
        ("pirt", NUMBERS["pirt"], {"terbit": "2999-01-01"}, "sesudah hari ini"),
        ("pirt", NUMBERS["pirt"], {"foto": (b"<svg>", "a.svg")}, "bukan foto yang bisa"),
        ("pirt", NUMBERS["pirt"], {"foto": (b"", "")}, "Foto suratnya dulu"),
    ],
)
def test_what_cannot_be_right_is_refused_beside_its_field(client, shop, kind, number, more, said):
    sign_in(client, shop.owner)

    if "foto" in more:
        more = {"foto": (io.BytesIO(more["foto"][0]), more["foto"][1])}
    answer = client.post(FILL, data=sent(kind, number, **more))

    assert answer.status_code in (415, 422)
    assert said in answer.text
    assert queries.list_of(shop.id) == []


def test_what_only_looks_strange_is_kept_and_said_to_both(client, shop, curator):
    sign_in(client, shop.owner)
    odd = sent("pirt", "903327601001225", terbit="2015-01-01", sampai="2024-05-01")
    page = client.get(client.post(FILL, data=odd).location).text

    doubts = ("biasanya 1 sampai 8", "kabupaten lain", "beda dengan tanggal yang ditulis", "paling lama 5 tahun")
    for words in (*doubts, "sudah lewat tanggalnya"):
        assert words in page
    sign_in(client, curator)
    permit = queries.find_current(shop.id, "pirt")
    assert all(words in client.get(f"/dinsos/surat/{permit.id}/periksa").text for words in doubts)


@pytest.mark.parametrize("kind", ["pirt", "npwp", "nib"])
def test_a_paper_sent_twice_is_one_and_one_that_was_turned_down_may_come_again(client, shop, curator, kind):
    number = "3604012345670001" if kind == "npwp" else NUMBERS[kind]
    more = {"kbli": "10799"} if kind == "nib" else {}
    sign_in(client, shop.owner)
    for _tap in range(2):
        assert client.post(FILL, data=sent(kind, number, **more)).status_code == 303
    (permit,) = queries.list_of(shop.id)
    with transaction():
        operations.reject(permit, "Fotonya buram.", by=curator)

    assert client.post(FILL, data=sent(kind, number, **more)).status_code == 303

    assert [each.state for each in queries.list_of(shop.id)] == ["uploaded", "rejected"]


FOOD, PROVINCE, MONTH = "biasanya 01 sampai 15", "Kode provinsi di nomor halal", "Bulan terbit di nomor halal"
LONG = "biasanya 12 angka"


@pytest.mark.parametrize(
    ("kind", "number", "more", "said"),
    [
        ("pirt", "2163604010012-30", {}, FOOD),
        ("pirt", "2003604010012-30", {}, FOOD),
        ("pirt", "2153604010012-30", {}, ""),
        ("halal", "ID99110000123450925", {}, PROVINCE),
        ("halal", "ID36110000123450925", {"terbit": "2025-08-20"}, MONTH),
        ("halal", "ID36110000123450925", {"terbit": "2025-09-20"}, ""),
        ("bpom", "MD2270123401234", {}, LONG),
        ("bpom", "ML227012340123", {}, ""),
    ],
)
def test_each_cross_check_of_a_number_warns_both_and_refuses_nobody(client, shop, curator, kind, number, more, said):
    sign_in(client, shop.owner)
    answer = client.post(FILL, data=sent(kind, number, **more))
    hers = client.get(answer.location).text
    permit = queries.find_current(shop.id, kind)
    sign_in(client, curator)
    theirs = client.get(f"/dinsos/surat/{permit.id}/periksa").text

    for page in (hers, theirs):
        assert [each for each in (FOOD, PROVINCE, MONTH, LONG) if each in page] == ([said] if said else [])


def test_her_list_and_the_curators_warn_in_steps_until_the_end(client, shop, curator):
    for kind, left in (("pirt", 61), ("halal", 60), ("bpom", 29), ("slhs", 7), ("nib", 0), ("npwp", -1)):
        verified(shop, kind, curator, expires_on=TODAY + timedelta(days=left))
    sign_in(client, shop.owner)
    hers = client.get("/jualan/surat").text
    sign_in(client, curator)
    theirs = client.get("/dinsos/surat/segera-habis").text

    for page in (hers, theirs):
        for said in ("dalam 60 hari<", "dalam 29 hari<", "dalam 7 hari<", "Habis hari ini", "Sudah habis"):
            assert page.count(said) == 1, said
    assert theirs.count('<th scope="row">') == 5
    assert theirs.index("Sudah habis") < theirs.index("Habis hari ini") < theirs.index("dalam 7 hari<")


STEPS = [
    (61, ""), (60, "info"), (31, "info"), (30, "warning"), (8, "warning"), (7, "error"), (1, "error"), (0, "error"),
]  # fmt: skip


@pytest.mark.parametrize(("left", "tone"), STEPS)
def test_each_step_of_the_watch_is_told_louder_than_the_one_before(client, shop, curator, left, tone):
    verified(shop, "pirt", curator, expires_on=TODAY + timedelta(days=left))
    sign_in(client, shop.owner)

    desk, hers = client.get("/jualan").text, client.get("/jualan/surat").text
    sign_in(client, curator)
    theirs = client.get("/dinsos/surat/segera-habis").text

    said = "Habis hari ini" if left == 0 else f"Habis dalam {left} hari"
    for page in (hers, theirs):
        badge = re.findall(r'badge--(\w+)">(?:<svg[^>]*><use[^>]*></use></svg>)?Habis', page)
        assert badge == ([tone] if tone else [])
        assert (said in page) is bool(tone)
    assert ('1 surat segera habis atau sudah habis. <a href="/jualan/surat">' in desk) is bool(tone)


def test_her_desk_tells_of_what_has_ended_until_she_sends_a_newer_one(client, shop, curator):
    ended = TODAY - timedelta(days=3)
    verified(shop, "pirt", curator, expires_on=ended)
    sign_in(client, shop.owner)
    assert "1 surat segera habis atau sudah habis" in client.get("/jualan").text
    asked = client.get(f"{FILL}?surat=pirt").text
    assert f'value="{NUMBERS["pirt"]}"' in asked
    assert ended.isoformat() not in asked, "the day of the old paper is not that of the new one"

    assert client.post(FILL, data=sent("pirt", "2033604010012-35")).status_code == 303

    assert "segera habis atau sudah habis" not in client.get("/jualan").text


def test_a_pendamping_meets_on_her_desk_what_ends_in_her_villages(client, shop, curator, monkeypatch):
    sign_in(client, make_account("pendamping"))
    assert "sudah habis" not in client.get("/dampingan").text
    assert "Tidak ada surat yang habis dalam 60 hari." in client.get("/dampingan/surat").text
    ended, soon = (TODAY + timedelta(days=left) for left in (-3, 20))
    old = verified(shop, "slhs", curator, expires_on=ended)
    verified(shop, "pirt", curator, expires_on=soon)
    verified(shop, "bpom", curator, expires_on=TODAY + timedelta(days=90))
    elsewhere = make_shop(name="Lapak Seberang", desa_code=OTHER_DESA)
    verified(elsewhere, "pirt", curator, expires_on=ended)

    desk, rows = client.get("/dampingan").text, client.get("/dampingan/surat").text.partition("<tbody")[2]

    assert '2 surat dampingan segera habis atau sudah habis. <a href="/dampingan/surat">' in desk
    assert re.findall(r"SLHS|P-IRT|BPOM", rows) == ["SLHS", "P-IRT"]
    assert f'href="/dampingan/surat/{old.id}"' in rows
    assert rows.count(f">{shop.name}<") == 2
    assert tanggal(ended) in rows
    assert "Habis dalam 20 hari" in rows
    assert "Lapak Seberang" not in rows
    assert "menyusul" not in rows
    monkeypatch.setattr(queries, "MOST_ENDING", 1)
    assert "Tampil 1 yang paling dulu habis; sisanya menyusul." in client.get("/dampingan/surat").text


def test_a_curator_finds_it_right_and_goes_on_to_the_next(client, shop, curator):
    first, second = enter(shop, "pirt"), enter(shop, "halal")
    sign_in(client, curator)
    assert 'href="/dinsos/surat"' in client.get("/dinsos").text
    assert client.get("/dinsos/surat").text.index("P-IRT") < client.get("/dinsos/surat").text.index("Sertifikat halal")

    answer = client.post(f"/dinsos/surat/{first.id}/periksa", data={"jawaban": "benar", "tadi": "uploaded"})

    assert answer.location == f"/dinsos/surat/{second.id}/periksa"
    assert (first.state, first.verified_by_id) == ("verified", curator.id)


def test_turning_down_needs_a_reason_and_she_reads_it(client, shop, curator):
    permit, path = enter(shop, "pirt"), ""
    path = f"/dinsos/surat/{permit.id}/periksa"
    sign_in(client, curator)

    assert client.post(path, data={"jawaban": "tolak", "tadi": "uploaded"}).status_code == 422
    assert client.post(path, data={"jawaban": "x", "tadi": "uploaded"}).status_code == 422
    assert client.post(path, data={"jawaban": "tolak", "tadi": "uploaded", "alasan": "buram"}).status_code == 303

    sign_in(client, shop.owner)
    page = client.get("/jualan/surat").text
    assert "Fotonya belum terbaca" in page
    assert "Perlu diperbaiki" in page


def test_the_second_of_two_curators_reads_what_the_first_said(client, shop, curator):
    permit = enter(shop, "pirt")
    with transaction():
        operations.verify(permit, by=make_account("curator"))
    sign_in(client, curator)

    late = {"jawaban": "tolak", "tadi": "uploaded", "alasan": "beda"}
    answer = client.post(f"/dinsos/surat/{permit.id}/periksa", data=late)

    assert (answer.status_code, permit.state) == (409, "verified")
    assert "baru saja berubah" in answer.text


@pytest.mark.parametrize("how", ["entered", "owned", "for"])
def test_nobody_meets_what_is_their_own_in_the_inbox(client, curator, how):
    shop = make_shop(curator) if how == "owned" else make_shop()
    with transaction():
        by = curator if how == "entered" else make_account("pendamping")
        for_id = curator.id if how == "for" else None
        permit = operations.enter(shop, paper("pirt"), master(), by=by, on_behalf_of_id=for_id)
    sign_in(client, curator)

    assert "Tidak ada surat yang menunggu. Yang dikirim penjual tampil di sini." in client.get("/dinsos/surat").text
    assert client.get(f"/dinsos/surat/{permit.id}/periksa").status_code == 404


def faces(client, product):
    """What strangers see: the card, the product's page, the shop's."""
    ways = ("/produk", f"/produk/{product.slug}", f"/lapak/{product.shop.slug}")
    return [client.get(way).text for way in ways]


def test_strangers_see_it_only_while_verified_with_its_number(client, shop, curator):
    product = make_product(shop)
    permit = enter(shop, "halal")
    assert all("Halal" not in page for page in faces(client, product))

    with transaction():
        operations.verify(permit, by=curator)
    card, *pages = faces(client, product)
    assert 'class="photo__badge">Halal<' in card
    assert all(NUMBERS["halal"] in page for page in pages)

    with transaction():
        operations.reject(permit, "Dicabut.", by=curator)
    assert all("Halal" not in page and NUMBERS["halal"] not in page for page in faces(client, product))


def test_a_badge_ends_on_its_day_though_nobody_touches_the_shelf(client, shop, curator):
    product = make_product(shop)
    verified(shop, "halal", curator, expires_on=TODAY)
    assert "Halal" in faces(client, product)[0]

    with time_machine.travel(now() + timedelta(days=1)):
        assert all("Halal" not in page for page in faces(client, product))


def test_a_pirt_ends_at_midnight_of_its_kabupaten_on_every_page_and_in_the_filter(client, shop, curator):
    product = make_product(shop, "Keripik singkong", category="keripik-kerupuk")
    verified(shop, "pirt", curator, expires_on=TODAY)
    midnight = WIB.at(TODAY + timedelta(days=1), time())
    filtered = "/produk?ciri=pirt"

    with time_machine.travel(midnight - timedelta(seconds=1), tick=False):
        card, *pages = faces(client, product)
        assert 'class="photo__badge">P-IRT<' in card
        assert all(NUMBERS["pirt"] in page for page in pages)
        assert product.slug in client.get(filtered).text
    with time_machine.travel(midnight, tick=False):
        assert all("P-IRT<" not in page and NUMBERS["pirt"] not in page for page in faces(client, product))
        assert product.slug not in client.get(filtered).text


def test_a_renewal_keeps_the_old_in_force_until_it_is_judged(client, shop, curator):
    product = make_product(shop)
    verified(shop, "pirt", curator)
    renewed = enter(shop, "pirt", number="2033604010012-35", expires_on=date(2035, 1, 1))
    assert NUMBERS["pirt"] in faces(client, product)[1]

    with transaction():
        operations.verify(renewed, by=curator)
    page = faces(client, product)[1]
    assert NUMBERS["pirt"] not in page
    assert "2033604010012-35" in page


def test_a_badge_stands_only_on_goods_that_the_paper_speaks_of_and_never_an_npwp(client, shop, curator):
    bag = make_product(shop, "Tas anyaman", category="tas-dompet")
    for kind in ("halal", "pirt", "npwp", "nib"):
        verified(shop, kind, curator)

    card, page, stall = faces(client, bag)
    assert "Halal" not in card
    assert NUMBERS["halal"] not in page
    assert NUMBERS["halal"] in stall
    for kind in ("npwp", "nib"):
        assert NUMBERS[kind] not in card + page + stall


def test_a_pirt_stands_on_no_goods_that_may_not_have_one_or_need_none(client, shop, curator):
    """The same rule as on her page of papers and on labels."""
    names = ("Keripik singkong", "Keripik beku", "Bolu kukus", "Kerupuk susu", "Keju oles")
    goods = [make_product(shop, name, category="keripik-kerupuk") for name in names]
    with transaction():
        revision_of(goods[2]).shelf_life_days = 3
    for kind in ("pirt", "halal"):
        verified(shop, kind, curator)

    shown = [NUMBERS["pirt"] in faces(client, each)[1] for each in goods]
    assert shown == [True, False, False, True, False]
    assert all(NUMBERS["halal"] in faces(client, each)[1] for each in goods)


@pytest.mark.parametrize(
    ("version", "code", "told"),
    [
        ("2020", "10799", "beda dari jenis usaha"),
        ("2020", "99999", "belum ada di daftar kami"),
        ("2020", "47112", ""),
        ("2025", "99999", ""),
    ],
)
def test_a_class_that_nobody_knows_or_of_another_business_is_warned_of(client, shop, curator, version, code, told):
    sign_in(client, shop.owner)

    answer = client.post(FILL, data=sent("nib", NUMBERS["nib"], kbli=code, **{"kbli-tahun": version}))

    assert answer.status_code == 303
    page = client.get("/jualan/surat").text
    assert ("KBLI" in page) is bool(told)
    assert told in page
    permit = queries.find_current(shop.id, "nib")
    assert permit.kbli_code == code
    sign_in(client, curator)
    assert told in client.get(f"/dinsos/surat/{permit.id}/periksa").text


def test_a_pirt_that_ends_too_late_is_doubted_without_its_day_of_issue(client, shop):
    sign_in(client, shop.owner)

    client.post(FILL, data=sent("pirt", "2033604010012-45"))
    assert "paling lama 5 tahun" in client.get("/jualan/surat").text
    client.post(FILL, data=sent("pirt", "2033604010012-30"))
    assert "paling lama 5 tahun" not in client.get("/jualan/surat").text


def test_what_she_hid_stays_hidden_when_a_paper_is_verified(client, shop, curator):
    product, other = make_product(shop), make_product(shop)
    permit = enter(shop, "halal")
    with transaction():
        products.pause(product, by=shop.owner)
        operations.verify(permit, by=curator)
    assert db.session.get(ShelfItem, product.id) is None
    assert db.session.get(ShelfItem, other.id).badges == [["halal", "Halal", "", NUMBERS["halal"]]]

    with transaction():
        products.show(product, by=shop.owner)
    assert db.session.get(ShelfItem, product.id).badges == [["halal", "Halal", "", NUMBERS["halal"]]]
    with transaction():
        shops.pause(shop, by=shop.owner)
        operations.reject(permit, "Dicabut.", by=curator)
    with transaction():
        shops.open_again(shop, by=shop.owner)
    assert db.session.get(ShelfItem, product.id).badges == []


def test_what_takes_the_place_of_a_checked_paper_brings_its_own_photo(client, shop, curator):
    verified(shop, "pirt", curator)
    enter(shop, "halal")
    sign_in(client, shop.owner)

    mend = client.get(f"{FILL}?surat=halal").text
    assert f'value="{NUMBERS["halal"]}"' in mend
    newer = client.post(FILL, data=sent("pirt", "2033604010012-35", foto=(io.BytesIO(b""), "")))
    mended = client.post(FILL, data=sent("halal", NUMBERS["halal"], foto=(io.BytesIO(b""), "")))

    assert newer.status_code == 422
    assert "Foto surat yang baru" in newer.text
    assert mended.status_code == 303


def test_a_paper_that_few_have_is_renewed_there_too_and_one_that_she_lacks_is_not_asked(client, shop, curator):
    verified(shop, "sni", curator, expires_on=TODAY + timedelta(days=20))
    sign_in(client, shop.owner)

    assert f'href="{FILL}?surat=sni"' in client.get("/jualan/surat").text
    assert "<h1>SNI</h1>" in client.get(f"{FILL}?surat=sni").text
    assert "<h1>NIB</h1>" in client.get(f"{FILL}?surat=tkdn").text
