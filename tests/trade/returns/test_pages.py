"""The pages of complaints: buyer, seller, whoever helps; and who may not."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
import time_machine
from PIL import Image
from sqlalchemy import select

from app.core.audit import AuditEntry
from app.core.clock import now
from app.core.db import db, transaction
from app.trade.orders import links, operations, queries
from app.trade.returns import queries as returns
from tests.factories.goods import make_product, variant_of
from tests.factories.people import OTHER_DESA, make_account, sign_in
from tests.factories.returns import complain, offered, photo, turned_down
from tests.factories.trade import handed_order, make_stall, place_group


@pytest.fixture
def seller(app):
    return make_stall(phone="+6281234500001")


@pytest.fixture
def order(seller):
    return handed_order(make_product(seller[1], "Telur asin", qty=10, price=10_000), seller[0], 3)


def page_of(order):
    return f"/pesanan/{order.code}?s={links.link_signature(order.code)}"


def form_of(order):
    return f"/pesanan/{order.code}/keluhan?s={links.link_signature(order.code)}"


def sent(order, **typed):
    line = queries.list_lines(order.id)[0]
    facts = {"sebab": "damaged", "kalimat": "Dua butir pecah.", f"jumlah-{line.id}": "2"}
    return facts | {"s": links.link_signature(order.code)} | typed


def test_a_buyer_complains_with_a_photo_and_reads_how_it_stands(client, order):
    assert "Sampaikan keluhan" in client.get(page_of(order)).text
    picture = io.BytesIO()
    Image.new("RGB", (90, 160), "maroon").save(picture, "JPEG")
    picture.seek(0)

    answer = client.post(form_of(order), data=sent(order, foto=(picture, "p.jpg")), content_type="multipart/form-data")

    assert (answer.status_code, answer.location) == (303, page_of(order))
    page = client.get(page_of(order)).text
    assert "Keluhan terkirim. Penjual menjawab paling lambat" in page
    assert "2 × Telur asin" in page
    assert "Sampaikan keluhan" not in page
    assert returns.list_of_order(order.id)[0].photo
    again = client.post(form_of(order), data=sent(order))
    assert again.status_code == 303
    assert len(returns.list_of_order(order.id)) == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"sebab": ""}, "Pilih salah satu."),
        ({"sebab": "other"}, "Pilih salah satu."),
        ({"kalimat": ""}, "Ceritakan dengan satu kalimat."),
        ({"kalimat": "x" * 301}, "Terlalu panjang."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_what_was_typed_stays(client, order, typed, said):
    answer = client.post(form_of(order), data=sent(order, **typed))

    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="2"' in answer.text
    assert returns.list_of_order(order.id) == []


@pytest.mark.parametrize("qty", ["0", "4", "-1", "dua", "9" * 30, "1.5", ""])
def test_units_that_she_never_got_are_refused(client, order, qty):
    line = queries.list_lines(order.id)[0]

    answer = client.post(form_of(order), data=sent(order, **{f"jumlah-{line.id}": qty}))

    assert answer.status_code == 422
    assert "paling banyak sebanyak yang diterima" in answer.text


def test_a_wrong_signature_opens_nothing(client, order):
    wrong = "a" * 16
    for answer in (
        client.get(f"/pesanan/{order.code}/keluhan?s={wrong}"),
        client.post(f"/pesanan/{order.code}/keluhan", data=sent(order, s=wrong)),
        client.post(f"/pesanan/{order.code}/keluhan/bantuan", data={"s": wrong, "versi": "1"}),
    ):
        assert answer.status_code == 404
    assert returns.list_of_order(order.id) == []


def test_too_late_there_is_no_form_and_the_office_is_named(client, order):
    with time_machine.travel(now() + timedelta(hours=60), tick=False):
        assert "Sampaikan keluhan" not in client.get(page_of(order)).text
        assert "Kirim keluhan" not in client.get(form_of(order)).text
        answer = client.post(form_of(order), data=sent(order))

    assert answer.status_code == 409
    assert "adukan ke dinas" in answer.text


def test_two_lines_are_named_one_by_one(client, seller):
    goods = [make_product(seller[1], name, qty=5) for name in ("Telur asin", "Keripik pisang")]
    group = place_group(*[(variant_of(each), 2) for each in goods])
    order = queries.list_of_group(group.id)[0]
    page = handed(order, seller[0], client)
    lines = queries.list_lines(order.id)
    assert all(f'id="jumlah-{line.id}" name="jumlah-{line.id}"' in page for line in lines)

    typed = {"sebab": "wrong", "kalimat": "Keripiknya kurang", "s": links.link_signature(order.code)}
    client.post(form_of(order), data=typed | {f"jumlah-{lines[1].id}": "1"})

    assert returns.units_of(returns.list_of_order(order.id)[0].id) == {lines[1].id: 1}


def handed(order, by, client):

    for act in (operations.accept, operations.mark_ready, operations.hand_over):
        with transaction():
            act(order, by=by)
    return client.get(form_of(order)).text


def test_the_seller_offers_settles_and_gives_the_money_back(client, seller, order):
    case = complain(order, qty=2, picture=photo())
    sign_in(client, seller[0])
    desk, own = f"/jualan/pesanan/{order.code}", f"/jualan/pesanan/{order.code}/keluhan"
    assert "Jawab keluhan" in client.get(desk).text
    assert "Dua butir pecah" in client.get(own).text
    assert client.get(f"/jualan/foto-keluhan/{case.id}").mimetype == "image/jpeg"

    client.post(own, data={"versi": "1", "jawaban": "uang", "kalimat": "Maaf ya."})
    assert "Penjual mau mengembalikan Rp20.000" in client.get(page_of(order)).text
    stale = client.post(own, data={"versi": "1", "jawaban": "tidak", "kalimat": "Tidak jadi"})
    assert stale.status_code == 409
    client.post(own + "/selesai", data={"versi": "2", "barang": "rusak"})

    page = client.get(desk).text
    assert "Uangnya lebih. Kembalikan Rp20.000" in page
    assert "Uang dikembalikan" in page
    assert "Rp20.000 dikembalikan." in client.get(page_of(order)).text


def test_a_no_needs_its_reason_and_the_buyer_may_object(client, seller, order):
    case = complain(order)
    sign_in(client, seller[0])
    own = f"/jualan/pesanan/{order.code}/keluhan"
    assert client.post(own, data={"versi": "1", "jawaban": "tidak"}).status_code == 422
    client.post(own, data={"versi": "1", "jawaban": "tidak", "kalimat": "Waktu diambil masih utuh."})
    page = client.get(page_of(order)).text
    assert "Waktu diambil masih utuh." in page

    asked = {"s": links.link_signature(order.code), "versi": "2"}
    answers = [client.post(f"/pesanan/{order.code}/keluhan/bantuan", data=asked).status_code for _twice in range(2)]

    assert answers == [303, 303]
    db.session.refresh(case)
    assert case.state == "escalated"


def test_a_pendamping_decides_and_that_she_looked_at_the_photo_is_noted(client, seller, order):
    case = turned_down(complain(order, picture=photo()), seller[0])
    client.post(
        f"/pesanan/{order.code}/keluhan/bantuan", data={"s": links.link_signature(order.code), "versi": case.version}
    )
    helper = make_account("pendamping")
    sign_in(client, helper)
    assert "1 menunggu putusan" in client.get("/dampingan").text
    assert order.code in client.get("/dampingan/keluhan").text
    page = f"/dampingan/keluhan/{case.id}"
    assert "Simpan putusan" in client.get(page).text
    assert client.get(page + "/foto").status_code == 200
    typed = {"versi": "3", "putusan": "uang", "barang": "tidak", "kalimat": "Fotonya jelas."}
    assert client.post(page, data=typed | {"kalimat": ""}).status_code == 422
    assert client.post(page, data=typed | {"versi": "1"}).status_code == 409

    assert client.post(page, data=typed).status_code == 303

    assert "Putusan pendamping: Rp10.000 dikembalikan." in client.get(page_of(order)).text
    assert "Fotonya jelas." in client.get(page_of(order)).text
    query = select(AuditEntry.action).where(AuditEntry.subject == f"return_case:{case.id}").order_by(AuditEntry.id)
    acts = list(db.session.scalars(query))
    assert acts == ["return.photo_read", "return.closed"]
    assert "Ratna" not in client.get(page).text


def test_before_its_time_nobody_decides_over_the_seller_s_head(client, seller, order):
    case = offered(complain(order), "refund", seller[0])
    sign_in(client, make_account("curator"))
    page = client.get(f"/dampingan/keluhan/{case.id}").text
    assert "Penjual masih punya waktu sampai" in page

    typed = {"versi": case.version, "putusan": "uang", "barang": "tidak", "kalimat": "Cepat."}

    assert client.post(f"/dampingan/keluhan/{case.id}", data=typed).status_code == 409


def test_somebody_else_s_complaint_is_not_there(client, seller, order):
    case = complain(order, picture=photo())
    for other in (make_stall()[0], make_account("pendamping", areas=[OTHER_DESA]), make_account("head")):
        sign_in(client, other)
        for path in (
            f"/jualan/pesanan/{order.code}/keluhan",
            f"/jualan/foto-keluhan/{case.id}",
            f"/dampingan/keluhan/{case.id}",
            f"/dampingan/keluhan/{case.id}/foto",
        ):
            assert client.get(path).status_code in {403, 404}
    sign_in(client, seller[0])
    assert client.get(f"/dampingan/keluhan/{case.id}").status_code in {403, 404}


def test_unsafe_food_stands_on_the_curators_first_page_and_in_the_reports(client, seller, order):
    complain(order, "unsafe")
    sign_in(client, make_account("curator"))

    assert "1 keluhan: makanan tidak aman." in client.get("/dinsos").text
    assert "Telur asin" in client.get("/dinsos/kurasi/laporan").text
