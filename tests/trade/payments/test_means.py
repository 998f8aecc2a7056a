"""How a seller is paid: her QRIS from a photo or its text, her account, off and on, and who may not."""

from __future__ import annotations

import io
import json
from pathlib import Path
from types import SimpleNamespace

import pytest
import segno
from PIL import Image
from sqlalchemy import func, select

from app.core import keyring
from app.core.db import db, transaction
from app.core.errors import StaleVersion
from app.goods.shops.models import Shop
from app.kit import qris
from app.people.accounts.models import WebSession
from app.trade.payments import banks, forms, operations, queries
from app.trade.payments.models import PaymentMeans, PaymentMeansChange
from config import LIMITS
from tests.factories.goods import make_zones
from tests.factories.people import PIN, make_account, sign_in
from tests.factories.trade import make_stall
from tests.support.log import did, log
from tests.support.pages import PageClient
from tests.support.together import at_once

VECTORS = json.loads((Path(qris.__file__).parents[1] / "data" / "qris" / "qris_vectors.json").read_text())
GOOD = {each["name"]: each["payload"] for each in VECTORS["valid"]}
BAD = {each["name"]: each["payload"] for each in VECTORS["invalid"]}
DEMO = GOOD["demo-static"]
WAYS = "/jualan/pembayaran"
ACCOUNT = {"bank": "002", "nomor": "0123-01-004567-53-9", "pemilik": "SARMI BINTI UDIN", "versi": "0"}


@pytest.fixture
def stall(app):
    return make_stall(name="Telur Ibu Sarmi")


@pytest.fixture
def seller(client, stall):
    sign_in(client, stall[0])
    return stall[0]


@pytest.fixture
def shop(stall):
    return stall[1]


def photo(*texts: str) -> io.BytesIO:
    paper = Image.new("RGB", (1200 * max(1, len(texts)), 1600), "white")
    for number, text in enumerate(texts):
        drawn = io.BytesIO()
        segno.make(text, error="m", micro=False).save(drawn, kind="png", scale=16, border=4)
        paper.paste(Image.open(io.BytesIO(drawn.getvalue())).convert("RGB"), (100 + 1200 * number, 300))
    sent = io.BytesIO()
    paper.save(sent, "JPEG")
    sent.seek(0)
    return sent


def send_photo(client, picture, **given):
    data = {"versi": "0", "foto": (picture, "qris.jpg")} | given
    return client.post(f"{WAYS}/qris", data=data, content_type="multipart/form-data")


def paste(client, code=DEMO, versi=0, **given):
    return client.post(f"{WAYS}/qris", data={"kode": code, "versi": str(versi)} | given)


def means(shop, kind="qris") -> PaymentMeans | None:
    db.session.expire_all()
    return queries.find_means(shop.id, kind)


def test_her_shop_leads_to_how_she_is_paid(client, seller):
    assert WAYS in client.get("/jualan/lapak").text

    page = client.get(WAYS).text

    assert "Selalu bisa" in page
    assert "Pasang QRIS" in page
    assert "Pasang rekening" in page


def test_where_she_goes_only_when_paid_first_is_named_until_she_can_be(client, seller, shop):
    zones = make_zones(shop, {shop.kecamatan_code: 3_000, "36.04.12": 8_000}, cod_km=1)
    said = f"Belum ditawarkan ke pembeli: {zones['36.04.12'].name}"

    assert said in client.get("/jualan/antar").text
    paste(client, yakin="1")
    assert said not in client.get("/jualan/antar").text


def test_a_photo_shows_whose_code_it_is_before_anything_is_kept(client, seller, shop):
    page = send_photo(client, photo(DEMO))

    assert page.status_code == 200
    for word in ("LAPAK CONTOH", "SERANG (KAB)", "ID0000000000001", "Rp1.000"):
        assert word in page.text
    assert means(shop) is None


def test_her_yes_keeps_the_code_as_the_bank_wrote_it(client, seller, shop):
    answer = paste(client, yakin="1")

    assert answer.status_code == 303
    assert means(shop).payload == DEMO
    assert queries.offered([shop.id]) == {shop.id: ("qris_seller",)}
    assert "LAPAK CONTOH" in client.get(WAYS).text


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ((), forms.NOT_FOUND),
        ((DEMO, GOOD["qris-static-surau"]), forms.SEVERAL),
        (("https://lapak.example",), forms.REFUSED["not_qris"]),
        ((GOOD["demo-dynamic-25000"],), forms.REFUSED["once"]),
        ((BAD["not-qris-thb"],), forms.REFUSED["country"]),
    ],
)
def test_a_photo_that_will_not_do_says_why(client, seller, shop, texts, said):
    page = send_photo(client, photo(*texts))

    assert page.status_code == 422
    assert str(said) in page.text
    assert "Isi kode QRIS" in page.text
    assert means(shop) is None


def test_another_code_beside_hers_does_no_harm(client, seller):
    assert "LAPAK CONTOH" in send_photo(client, photo("https://wa.me/62812", DEMO)).text


@pytest.mark.parametrize("sent", [b"", b"bukan foto", b"\x89PNG\r\n\x1a\n" + b"0" * 900, b"GIF89a" + b"0" * 99])
def test_what_is_no_picture_is_refused_in_words(client, seller, shop, sent):
    page = send_photo(client, io.BytesIO(sent))

    assert page.status_code == 422
    assert means(shop) is None


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "empty"),
        ("halo", "not_qris"),
        (BAD["bad-crc"], "check"),
        (BAD["bad-length"], "broken"),
        (BAD["missing-crc"], "broken"),
        (BAD["lowercase-crc"], "check"),
        (BAD["not-qris-thb"], "country"),
        (GOOD["qris-dynamic-sintas-1337-fee"], "once"),
        ("\x00\u202e" + "9" * 500, "not_qris"),
    ],
)
def test_a_text_that_is_no_static_qris_says_why(client, seller, shop, typed, reason):
    page = paste(client, typed, yakin="1")

    assert page.status_code == 422
    assert str(forms.REFUSED[reason]) in page.text
    assert means(shop) is None


def test_an_account_is_kept_sealed_and_shown_to_her(client, seller, shop):
    answer = client.post(f"{WAYS}/rekening", data=ACCOUNT)

    kept = means(shop, "transfer")
    assert answer.status_code == 303
    assert "012301004567539" not in kept.number_sealed
    assert queries.account_of(kept) == "012301004567539"
    assert "0123 0100 4567 539" in client.get(WAYS).text
    assert "012301004567539" not in client.get(f"{WAYS}/rekening").text
    assert "payment_means.number_sealed" in [each.name for each in keyring.list_sealed()]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"bank": ""}, "Pilih banknya."),
        ({"bank": "999"}, "Pilih salah satu."),
        ({"nomor": ""}, "Isi nomor rekening."),
        ({"nomor": "12ab34567"}, "hanya angka"),
        ({"nomor": "12"}, "10 sampai 16"),
        ({"nomor": "9" * 60}, "10 sampai 16"),
        ({"pemilik": ""}, "Isi nama pemilik"),
        ({"pemilik": "123"}, "Isi nama dengan huruf"),
        ({"pemilik": "a" * 90}, "Terlalu panjang"),
    ],
)
def test_an_account_that_cannot_be_says_why_and_keeps_the_rest(client, seller, shop, wrong, said):
    page = client.post(f"{WAYS}/rekening", data=ACCOUNT | wrong)

    assert page.status_code == 422
    assert said in page.text
    assert means(shop, "transfer") is None


def test_an_old_page_of_her_account_reads_which_one_is_stored_now(client, seller, shop):
    client.post(f"{WAYS}/rekening", data=ACCOUNT)

    answer = client.post(f"{WAYS}/rekening", data=ACCOUNT | {"versi": "0", "pemilik": "SARMI LAIN"})
    stored = answer.text.partition("Yang tersimpan sekarang")[2].partition("<form")[0]

    assert answer.status_code == 409
    assert ACCOUNT["pemilik"] in stored and banks.name_of(ACCOUNT["bank"]) in stored and "539" in stored
    assert "012301004567539" not in answer.text
    assert 'value="SARMI LAIN"' in answer.text


def forget_the_proof(shop):
    """Let the PIN of the sign-in be long ago."""
    with transaction():
        for row in db.session.scalars(select(WebSession).where(WebSession.account_id == shop.owner_id)):
            row.data = row.data | {"proved_at": 0}


def test_where_her_money_goes_is_hers_to_change_with_her_pin_again(client, seller, shop):
    forget_the_proof(shop)

    assert "PIN sekarang" in client.get(f"{WAYS}/rekening").text
    without = client.post(f"{WAYS}/rekening", data=ACCOUNT)
    wrong = client.post(f"{WAYS}/rekening", data=ACCOUNT | {"pin_sekarang": "000000"})
    assert (without.status_code, wrong.status_code) == (422, 422)
    assert "Bagian ini perlu diisi." in without.text
    assert "Belum cocok" in wrong.text
    assert "SARMI BINTI UDIN" in wrong.text
    assert means(shop, "transfer") is None

    assert client.post(f"{WAYS}/rekening", data=ACCOUNT | {"pin_sekarang": PIN}).status_code == 303

    assert queries.account_of(means(shop, "transfer")) == "012301004567539"
    assert "PIN sekarang" not in client.get(f"{WAYS}/rekening").text


def test_her_code_is_read_first_and_kept_only_with_her_pin_again(client, seller, shop):
    forget_the_proof(shop)

    first = paste(client)
    assert first.status_code == 200
    assert "LAPAK CONTOH" in first.text
    assert "PIN sekarang" in first.text
    assert "perlu diisi" not in first.text
    for sent in ({}, {"pin_sekarang": ""}, {"pin_sekarang": "000000"}, {"pin_sekarang": "\x00" + "9" * 900}):
        refused = paste(client, yakin="1", **sent)
        assert refused.status_code == 422
        assert "LAPAK CONTOH" in refused.text
    assert means(shop) is None

    assert paste(client, yakin="1", pin_sekarang=PIN).status_code == 303

    assert means(shop).payload == DEMO


def test_her_pin_cannot_be_found_here_by_patience(client, seller, shop):
    forget_the_proof(shop)
    for _ in range(LIMITS["own:proof"][0]):
        client.post(f"{WAYS}/rekening", data=ACCOUNT | {"pin_sekarang": "000000"})

    late = client.post(f"{WAYS}/rekening", data=ACCOUNT | {"pin_sekarang": PIN})

    assert late.status_code == 422
    assert "Belum cocok" not in late.text
    assert means(shop, "transfer") is None


@pytest.mark.parametrize("page", ["/jualan/uang", "/jualan/uang?bulan=2026-01", "/saya"])
def test_her_money_and_her_account_lead_to_how_she_is_paid(client, seller, page):
    assert f'href="{WAYS}"' in client.get(page).text


def test_off_and_on_again(client, seller, shop):
    paste(client, yakin="1")
    version = means(shop).version

    client.post(f"{WAYS}/nyala", data={"cara": "qris", "nyala": "0", "versi": version})
    twice = client.post(f"{WAYS}/nyala", data={"cara": "qris", "nyala": "0", "versi": version})

    assert twice.status_code == 303
    assert queries.offered([shop.id]) == {}
    stale = client.post(f"{WAYS}/nyala", data={"cara": "qris", "nyala": "1", "versi": version})
    assert stale.status_code == 409
    client.post(f"{WAYS}/nyala", data={"cara": "qris", "nyala": "1", "versi": means(shop).version})
    assert queries.offered([shop.id]) == {shop.id: ("qris_seller",)}
    changes = [each.act for each in queries.list_changes([means(shop).id])]
    assert changes == ["on", "off", "set"]
    for kind in ("payment.means_set", "payment.means_off", "payment.means_on"):
        assert log(kind) == [did(seller, means(shop), kind="qris")]


@pytest.mark.parametrize("sent", [{}, {"cara": "emas", "nyala": "1"}, {"cara": "qris", "nyala": "2"}])
def test_a_switch_that_no_page_has_changes_nothing(client, seller, sent):
    assert client.post(f"{WAYS}/nyala", data=sent).status_code == 422


def test_a_form_that_was_overtaken_says_so_and_counts_when_sent_again(client, seller, shop):
    paste(client, yakin="1")

    late = paste(client, GOOD["qris-static-surau"], versi=0, yakin="1")

    assert late.status_code == 409
    assert means(shop).payload == DEMO
    again = paste(client, GOOD["qris-static-surau"], versi=means(shop).version, yakin="1")
    assert again.status_code == 303
    assert means(shop).payload == GOOD["qris-static-surau"]


def test_two_phones_at_once_keep_one_code(app, stall):
    # Plain values: rows of one session are no business of two threads.
    shop_id, by = stall[1].id, SimpleNamespace(id=stall[0].id, role="seller")
    codes = [qris.parse_static(DEMO), qris.parse_static(GOOD["qris-static-surau"])]

    def keep(code):
        def act():
            with transaction():
                operations.set_qris(db.session.get(Shop, shop_id), code, version=0, by=by)

        return act

    answers = at_once(app, [keep(code) for code in codes])

    assert sorted(answers) == ["StaleVersion", "ya"]
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(PaymentMeansChange)) == 1


def test_whoever_takes_the_shop_over_is_not_paid_into_the_account_of_the_one_before(client, seller, shop):
    paste(client, yakin="1")
    heir = make_account("seller")
    with transaction():
        db.session.get(type(shop), shop.id).owner_id = heir.id

    assert queries.offered([shop.id]) == {}
    assert means(shop) is None
    with transaction():
        fresh = db.session.get(type(shop), shop.id)
        operations.set_qris(fresh, qris.parse_static(GOOD["qris-static-surau"]), version=0, by=heir)
    assert means(shop).owner_id == heir.id


def test_an_older_version_is_refused_by_the_operation(app, stall):
    owner, shop = stall
    with transaction():
        operations.set_account(shop, bank="002", number="1234567890", holder="Sarmi", version=0, by=owner)

    with pytest.raises(StaleVersion), transaction():
        operations.set_account(shop, bank="008", number="1234567890", holder="Sarmi", version=0, by=owner)


@pytest.mark.parametrize("role", ["pendamping", "curator", "admin"])
def test_nobody_who_helps_her_touches_her_money(client, stall, role):
    sign_in(client, make_account(role))

    assert client.get(WAYS).status_code in (403, 404)
    assert paste(client, yakin="1").status_code in (403, 404)


def test_every_page_reads_well(app, stall):
    pages = PageClient(app)
    sign_in(pages, stall[0])
    paste(pages, yakin="1")
    pages.post(f"{WAYS}/rekening", data=ACCOUNT)

    for path in ("", "/qris", "/rekening"):
        assert pages.get(f"{WAYS}{path}").status_code == 200
    assert paste(pages).status_code == 200
