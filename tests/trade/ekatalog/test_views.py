"""The pages of the e-Katalog, as a browser without scripts meets them."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from app.core.db import db
from app.trade.ekatalog import queries
from tests.factories import ekatalog as made
from tests.factories.goods import picture_bytes
from tests.factories.people import make_account, sign_in


@pytest.fixture
def goods(app):
    """Salted eggs on sale."""
    return made.make_goods()


@pytest.fixture
def hers(client, goods):
    """The seller, signed in."""
    sign_in(client, goods.shop.owner)
    return client


@pytest.fixture
def office(app):
    """Sign an officer in on a browser of the own."""

    def open_desk(account):
        browser = app.test_client()
        sign_in(browser, account)
        return browser

    return open_desk


def fresh(case):
    """The round as it is now."""
    db.session.rollback()
    return queries.get_case(case.submission.id)


def photo(size=(800, 700)):
    """A photo as a form sends it."""
    return (io.BytesIO(picture_bytes(size)), "foto.jpg")


def test_her_page_says_how_many_are_ready_and_the_next_thing(hers, goods):
    answer = hers.post(f"/jualan/ekatalog/mulai/{goods.id}")
    page = hers.get(answer.location).text

    assert "2 dari 14 siap" in page
    assert "Langkah berikutnya: Kategori e-Katalog" in page
    assert "%" not in page.split("<main")[1].split("</main")[0]
    assert goods.shop.name not in hers.get("/jualan/ekatalog").text.split("<main")[1]


def test_one_question_after_the_other_until_it_can_be_sent(hers, goods):
    case = made.fill(made.start(goods), without=("nib", "capacity", "local", "photos"))
    way = f"/jualan/ekatalog/{case.submission.id}"

    sent = {"nomor": "1234 5678 90123", "kbli": "10799", "kbli-tahun": "2020", "surat": "nib", "foto": photo()}
    assert hers.post(f"{way}/isi?butir=nib", data=sent).status_code == 303
    assert hers.post(f"{way}/isi?butir=capacity", data={"seminggu": "40"}).status_code == 303
    assert "mungkin terlalu banyak" in hers.get(way).text
    assert hers.post(f"{way}/isi?butir=local", data={"setuju": "y"}).status_code == 303
    for _each in range(3):
        assert hers.post(f"{way}/isi?butir=photos", data={"foto": photo()}).status_code == 303

    assert "Semua yang wajib sudah siap" in hers.get(way).text
    assert hers.post(f"{way}/kirim").status_code == 303
    assert fresh(case).state == "ready_for_review"
    assert "Menunggu diperiksa" in hers.get(way).text


@pytest.mark.parametrize(
    ("key", "data", "said"),
    [
        ("nib", {"nomor": "123", "surat": "nib", "kbli": "10799"}, "NIB ada 13 angka"),
        ("nib", {"nomor": "1234567890123", "surat": "nib", "kbli": "1"}, "5 angka KBLI"),
        ("nib", {"nomor": "1234567890123", "surat": "nib", "kbli": "10799"}, "Foto suratnya dulu"),
        (
            "nib",
            {"nomor": "1234567890123", "surat": "nib", "kbli": "10799", "terbit": "2999-01-01"},
            "sesudah hari ini",
        ),
        ("capacity", {"seminggu": "banyak"}, "angka bulat"),
        ("category", {"kategori": "TIDAK-ADA"}, "Pilih salah satu"),
        ("category", {"kategori": "KRJ-GERABAH"}, "Pilih salah satu"),
        ("price", {"modal": "-5"}, "Isi uangnya dengan angka"),
        ("photos", {}, "Pilih fotonya dulu"),
        ("photos", {"foto": b"bukan foto"}, "Ini bukan foto"),
        ("kbki", {"kbki": "12345678901"}, "paling banyak 10 angka"),
    ],
)  # fmt: skip
def test_what_cannot_be_stands_beside_the_field(hers, goods, key, data, said):
    case = made.start(goods)

    sent = {name: (io.BytesIO(each), "x.jpg") if isinstance(each, bytes) else each for name, each in data.items()}
    answer = hers.post(f"/jualan/ekatalog/{case.submission.id}/isi?butir={key}", data=sent)

    assert answer.status_code == 422
    assert said in answer.text
    assert key not in fresh(case).answers


def test_every_item_has_its_page(hers, goods):
    case = made.fill(made.start(goods))

    for item in case.items:
        page = hers.get(f"/jualan/ekatalog/{case.submission.id}/isi?butir={item.key}")
        assert page.status_code == 200
        assert item.title in page.text.replace("&amp;", "&")
    assert hers.get(f"/jualan/ekatalog/{case.submission.id}/isi?butir=sni").status_code == 404


def test_a_returned_round_opens_its_marked_item_alone_with_the_sentence(hers, goods):
    case = made.returned(made.sent(goods), capacity="Minggu terbaik baru 20.")
    way = f"/jualan/ekatalog/{case.submission.id}"

    page = hers.get(way).text
    assert "Minggu terbaik baru 20." in page
    assert "butir=capacity" in page
    assert "butir=lead" not in page
    assert hers.post(f"{way}/isi?butir=lead", data={"hari": "3"}).status_code == 422
    assert hers.post(f"{way}/isi?butir=capacity", data={"seminggu": "18"}).status_code == 303
    assert hers.post(f"{way}/kirim").status_code == 303
    assert fresh(case).state == "ready_for_review"


def test_a_pendamping_fills_in_and_both_names_are_shown(office, goods):
    helper = make_account("pendamping", name="Neng Rahma")
    desk = office(helper)
    assert "Telur asin bebek isi 5" in desk.get("/dampingan/ekatalog").text

    way = desk.post(f"/dampingan/ekatalog/mulai/{goods.id}").location
    case = queries.get_case(int(way.rpartition("/")[2]))
    made.fill(case, helper)
    assert desk.post(f"{way}/kirim").status_code == 303

    page = office(make_account("curator")).get(f"/dinsos/ekatalog/{case.submission.id}").text
    assert re.search(r">P-IRT [\d-]+</a>", page)
    assert "Neng Rahma" in page
    assert f"atas nama {goods.shop.owner.name}" in page


def marks(case, **given):
    """The form of a curator who finds everything right but what is given."""
    data = {f"hasil-{key}": "ok" for key, check in case.checks.items() if check.result != "n/a"}
    for key, note in given.items():
        data |= {f"hasil-{key}": "wrong", f"catatan-{key}": note}
    return data


def test_the_office_checks_signs_and_follows(office, goods):
    case = made.sent(goods)
    way = f"/dinsos/ekatalog/{case.submission.id}"
    desk, head = office(make_account("curator")), office(make_account("approver"))
    assert "Telur asin bebek isi 5" in desk.get("/dinsos/ekatalog").text

    assert desk.post(f"{way}/periksa").status_code == 303
    empty = desk.post(f"{way}/jawab", data={"jawaban": "kembalikan"})
    assert (empty.status_code, "Tandai dulu butir" in empty.text) == (422, True)
    half = desk.post(f"{way}/jawab", data={"jawaban": "setujui", "hasil-nib": "ok"})
    assert (half.status_code, "Belum ditandai benar" in half.text) == (409, True)
    assert desk.post(f"{way}/jawab", data={"jawaban": "setujui", **marks(case)}).status_code == 303
    assert head.get("/dinsos/ekatalog").text.count("Menunggu tanda tangan kedua") >= 1
    assert desk.post(f"{way}/tanda-tangan").status_code == 404
    assert head.post(f"{way}/tanda-tangan").status_code == 303

    page = head.get(way).text
    link = page.split("/paket?")[1].split('"')[0].replace("&amp;", "&")
    package = head.get(f"{way}/paket?{link}")
    assert zipfile.ZipFile(io.BytesIO(package.data)).testzip() is None
    stolen = desk.get(f"{way}/paket?{link}")
    assert (stolen.status_code, stolen.location) == (303, way)

    facts = {"status": "sent_outside", "tanggal": case.day.isoformat(), "siapa": "Rudi"}
    assert "Lampirkan bukti" in desk.post(f"{way}/luar", data=facts).text
    assert desk.post(f"{way}/luar", data=facts | {"bukti": photo()}).status_code == 303
    facts |= {"status": "refused_outside", "tanpa-bukti": "y", "alasan": "photo_unclear"}
    assert desk.post(f"{way}/luar", data=facts).status_code == 303
    why = desk.get("/dinsos/ekatalog/alasan").text
    assert "Foto tidak jelas." in why
    assert '<td data-label="Butir">Tiga foto produk</td>' in why
    assert "photos" not in why.split("<main")[1]
    assert desk.post(f"{way}/lanjut").status_code == 303
    assert queries.course_of(case.submission.id).following.state == "returned"


def test_a_refusal_of_the_desk_keeps_what_was_marked(office, goods):
    case = made.taken(made.sent(goods), curator := make_account("curator"))

    answer = office(curator).post(
        f"/dinsos/ekatalog/{case.submission.id}/jawab",
        data={"jawaban": "kembalikan", "hasil-photos": "wrong", "hasil-lead": "wrong", "catatan-lead": "Terlalu lama."},
    )

    assert answer.status_code == 422
    assert 'value="Terlalu lama."' in answer.text
    assert '<option value="wrong" selected>' in answer.text


def test_categories_warn_until_somebody_has_looked(office):
    desk = office(make_account("curator"))
    assert "kategori belum dicek selama 90 hari" in desk.get("/dinsos/ekatalog/kategori").text

    way = f"/dinsos/ekatalog/kategori/{made.CATEGORY}"
    assert desk.post(way, data={"sumber": ""}).status_code == 422
    assert desk.post(way, data={"sumber": "katalog.example"}).status_code == 303
    assert queries.seen_in("36.04")[made.CATEGORY].checked_on == made.in_days(0)
    assert "katalog.example" in desk.get(way).text
    assert "katalog.example" not in office(make_account("curator", region_code="36.01")).get(way).text


def test_a_round_elsewhere_is_not_there(office, goods):
    case = made.sent(goods)
    far = office(make_account("curator", region_code="36.01"))

    assert far.get(f"/dinsos/ekatalog/{case.submission.id}").status_code == 404
    assert "Telur asin bebek isi 5" not in far.get("/dinsos/ekatalog").text
    assert (
        office(make_account("pendamping", areas=["36.04.12.2001"]))
        .get(f"/dampingan/ekatalog/{case.submission.id}")
        .status_code
        == 404
    )
