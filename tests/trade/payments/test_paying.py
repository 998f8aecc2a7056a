"""Paying an order: chosen at checkout, paid exactly, told with a picture, answered, set right, and never lost."""

from __future__ import annotations

import html
import io
import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
import zxingcpp
from PIL import Image
from sqlalchemy import func, select

from app.core import books, jobs
from app.core.clock import now
from app.core.db import db, transaction
from app.core.storage import private_store, public_store
from app.kit import qris
from app.kit.rupiah import Rupiah
from app.trade.orders import links, operations, queries
from app.trade.orders.models import MoneyEntry, Order
from app.trade.payments import drawing, money
from app.trade.payments import operations as means
from app.trade.payments import queries as payments
from app.trade.payments.models import PaymentProof
from tests.factories.goods import make_product
from tests.factories.payments import make_means
from tests.factories.people import make_account, sign_in
from tests.factories.trade import accepted_order, brought_order, make_stall, place_order
from tests.support.log import did, log
from tests.support.together import at_once

KEY = "kunci-uji-bayar"


@pytest.fixture
def stall(app):
    owner, shop = make_stall(name="Telur Ibu Sarmi")
    make_means(owner, shop)
    return owner, shop


@pytest.fixture
def eggs(stall):
    return make_product(stall[1], "Telur asin masir", price=38_000, qty=20)


@pytest.fixture
def seller(client, stall):
    sign_in(client, stall[0])
    return stall[0]


def page(client, order, step=""):
    return client.get(f"/pesanan/{order.code}{step}?s={links.link_signature(order.code)}")


def tell(client, order, amount="76000", picture=None, key=KEY, **given):
    data = {"s": links.link_signature(order.code), "kunci": key, "jumlah": amount} | given
    if picture is not None:
        data["foto"] = (picture, "bukti.jpg")
    return client.post(f"/pesanan/{order.code}/bayar", data=data, content_type="multipart/form-data")


def say(client, order, what, **given):
    db.session.expire_all()
    data = {"apa": what, "versi": order.version, "kunci": KEY} | given
    return client.post(f"/jualan/pesanan/{order.code}/uang", data=data)


def status(order):
    db.session.expire_all()
    sheet = queries.sheet(order)
    return sheet.state, sheet.money.status


def entries(order):
    db.session.expire_all()
    return [(each.kind, each.state, each.amount.amount) for each in queries.list_entries(order.id)]


def picture():
    sent = io.BytesIO()
    Image.new("RGB", (900, 1600), "teal").save(sent, "JPEG")
    sent.seek(0)
    return sent


def wrong_rows():
    db.session.expire_all()
    return [str(finding) for _, findings in books.verify() for finding in findings]


def claimed(order):
    return next(each.id for each in queries.list_entries(order.id) if each.state == "claimed")


@pytest.fixture
def order(stall, eggs):
    return accepted_order(eggs, stall[0], 2, method="qris_seller")


def test_before_the_seller_accepts_nobody_is_asked_to_pay(client, eggs):
    shown = page(client, place_order(eggs, 2, method="qris_seller")).text

    assert "Jangan bayar dulu" in shown
    assert "Simpan gambar QRIS" not in shown
    assert "Bayar tunai" not in shown


def test_an_accepted_order_shows_the_exact_amount_and_until_when(client, order):
    shown = page(client, order).text

    assert "Bayar Rp76.000" in shown
    assert "Kode ambil" not in shown
    assert "LAPAK CONTOH" in shown
    assert "Paling lambat" in shown
    assert re.search(r'<svg[^>]* viewBox="0 0 (\d+) \1"', shown)  # it shrinks on a narrow page, and nothing is cut off
    assert "Bayar sebelum" in shown


def scanned(client, order):
    answer = page(client, order, "/qris")
    assert answer.mimetype == "image/png"
    assert "no-store" in answer.headers["Cache-Control"]
    return qris.parse(zxingcpp.read_barcodes(Image.open(io.BytesIO(answer.data)).convert("L"))[0].text)


def test_the_picture_to_keep_asks_for_exactly_this_amount(client, order):
    code = scanned(client, order)

    assert (code.amount, code.name, code.is_static) == (Rupiah(76_000), "LAPAK CONTOH", False)


def test_the_code_asks_for_the_fee_too_and_for_the_rest_once_part_of_it_came(client, stall, eggs):
    order = brought_order(eggs, 2, fee=5_000, method="qris_seller")
    with transaction():
        operations.accept(order, by=stall[0])
    whole = scanned(client, order)
    assert drawing.on_page(whole) in page(client, order).text
    with transaction():
        operations.receive_payment(order, Rupiah(50_000), by=stall[0], key="some")
    rest = scanned(client, order)

    assert (whole.amount, rest.amount) == (Rupiah(81_000), Rupiah(31_000))
    assert drawing.on_page(rest) in page(client, order).text


@pytest.mark.parametrize("signature", ["", "x", "a" * 60])
def test_without_the_signed_link_there_is_nothing(client, order, signature):
    assert client.get(f"/pesanan/{order.code}/qris?s={signature}").status_code == 404
    assert tell(client, order, s=signature).status_code == 404
    assert entries(order) == []


def test_a_transfer_shows_the_account_and_an_amount_of_its_own(client, stall, eggs):
    first = accepted_order(eggs, stall[0], 1, method="transfer_seller")
    second = accepted_order(eggs, stall[0], 1, method="transfer_seller")

    shown = page(client, first).text

    assert "0123 0100 4567 539" in shown
    assert str(first.total) in shown
    assert "Kode unik" in shown
    assert first.unique_amount != second.unique_amount
    assert first.total == first.subtotal + first.unique_amount
    assert queries.sheet(first).money.rest == first.total


def test_no_two_open_transfers_of_a_shop_ask_for_the_same_few_rupiah(app, stall, monkeypatch):
    monkeypatch.setattr("app.trade.orders.uniques.LARGEST", 4)
    product = make_product(stall[1], qty=9, price=1_000)
    found = [place_order(product, method="transfer_seller").unique_amount.amount for _ in range(4)]

    assert sorted(found) == [1, 2, 3, 4]
    with pytest.raises(operations.NoAmountLeft):
        place_order(product, method="transfer_seller")


def test_an_amount_is_kept_for_money_that_comes_late(app, stall, monkeypatch):
    monkeypatch.setattr("app.trade.orders.uniques.LARGEST", 1)
    product = make_product(stall[1], qty=9, price=1_000)
    unpaid = accepted_order(product, stall[0], method="transfer_seller")
    over = unpaid.pay_by
    with time_machine.travel(over, tick=False), transaction():
        operations.expire_due()
    with time_machine.travel(over + timedelta(days=29), tick=False), pytest.raises(operations.NoAmountLeft):
        place_order(product, method="transfer_seller")
    with time_machine.travel(over + timedelta(days=31), tick=False):
        assert place_order(product, method="transfer_seller").unique_amount == unpaid.unique_amount


def test_saying_that_it_was_paid_waits_for_the_seller_with_its_picture(client, seller, order):
    answer = tell(client, order, picture=picture())

    assert answer.status_code == 303
    assert entries(order) == [("payment", "claimed", 76_000)]
    assert "Penjual sedang memeriksa" in page(client, order).text
    desk = client.get(f"/jualan/pesanan/{order.code}").text
    assert "Pembeli bilang sudah membayar" in desk
    proof = db.session.scalars(select(PaymentProof)).one()
    seen = client.get(f"/jualan/bukti-bayar/{proof.id}")
    assert seen.mimetype == "image/jpeg"
    assert seen.headers["Cache-Control"] == "no-store"


def test_a_proof_is_kept_small_without_what_the_camera_wrote_and_for_nobody_else(client, seller, order):
    sent, facts = io.BytesIO(), Image.Exif()
    facts[0x010F], facts[0x8825] = "TELEPON-BU-RATNA", {1: "S", 2: (6.0, 7.0, 8.0)}
    Image.effect_noise((2_250, 3_000), 6).convert("RGB").save(sent, "JPEG", exif=facts, quality=60)
    size = sent.tell()
    sent.seek(0)

    assert tell(client, order, picture=sent).status_code == 303

    proof = db.session.scalars(select(PaymentProof)).one()
    seen = client.get(f"/jualan/bukti-bayar/{proof.id}").data
    with Image.open(io.BytesIO(seen)) as kept:
        assert max(kept.size) == 1_280
        assert not kept.getexif()
    assert len(seen) < size / 2
    assert b"TELEPON" not in seen
    assert not public_store().has(proof.name)
    assert proof.name not in page(client, order).text
    stranger = client.application.test_client()
    assert stranger.get(f"/jualan/bukti-bayar/{proof.id}").status_code == 303


def test_told_twice_is_told_once_and_another_waits_for_the_answer(client, order):
    tell(client, order, picture=picture())
    again = tell(client, order, picture=picture())
    other = tell(client, order, key="kunci-lain-lagi")

    assert again.status_code == 303
    assert other.status_code == 409
    assert "masih memeriksa" in other.text
    assert entries(order) == [("payment", "claimed", 76_000)]
    assert db.session.scalar(select(func.count()).select_from(PaymentProof)) == 1


@pytest.mark.parametrize("amount", ["", "0", "-5", "abc", "1,5", "9" * 40, "\x00", "=1+1"])
def test_an_amount_that_is_none_says_so_and_keeps_nothing(client, order, amount):
    answer = tell(client, order, amount)

    assert answer.status_code == 422
    said = re.search(r'<p class="field__error" id="jumlah-[^"]*">(.*?)</p>', answer.text, re.DOTALL)[1]
    assert re.search("Isi (?:jumlah|lebih)|Jumlah uang harus angka", said)
    assert entries(order) == []


@pytest.mark.parametrize("sent", [b"bukan foto", b"\x89PNG" + b"0" * 500, b"%PDF-1.4"])
def test_a_proof_that_is_no_picture_says_so_and_keeps_nothing(client, order, sent):
    answer = tell(client, order, picture=io.BytesIO(sent))

    assert answer.status_code == 422
    assert "Saya sudah bayar" in answer.text
    assert entries(order) == []


def test_a_form_without_its_key_is_shown_again(client, order):
    answer = tell(client, order, key="")

    assert answer.status_code == 422
    assert re.search(r'name="kunci"[^>]*value="[\w-]{10,}"', answer.text)


def test_one_order_takes_only_so_many_pictures(client, order):
    answers = [tell(client, order, picture=io.BytesIO(b"x")).text for _ in range(13)]

    assert "Terlalu banyak percobaan" not in answers[11]
    assert "Terlalu banyak percobaan" in answers[12]


def test_confirmed_it_can_be_made_ready_and_handed_over(client, seller, order):
    tell(client, order)
    assert say(client, order, "masuk", entri=claimed(order)).status_code == 303
    again = say(client, order, "masuk", entri=queries.list_entries(order.id)[0].id)

    assert again.status_code == 303
    assert status(order) == ("accepted", "settled")
    assert "Sudah dibayar Rp76.000" in page(client, order).text
    client.post(f"/jualan/pesanan/{order.code}/siap", data={"versi": order.version})
    shown = client.get(f"/jualan/pesanan/{order.code}").text
    assert "Sudah dibayar. Tinggal serahkan barangnya." in shown
    db.session.expire_all()
    client.post(f"/jualan/pesanan/{order.code}/serah", data={"versi": order.version})
    assert status(order) == ("handed_over", "settled")
    assert entries(order) == [("payment", "confirmed", 76_000)]
    assert wrong_rows() == []


def test_not_ready_before_the_money_is_right(client, seller, order):
    shown = client.get(f"/jualan/pesanan/{order.code}").text
    answer = client.post(f"/jualan/pesanan/{order.code}/siap", data={"versi": order.version})

    assert "Bisa ditandai siap setelah uangnya pas." in shown
    assert answer.status_code == 409
    assert "Uangnya belum pas" in answer.text


def test_turned_down_the_clock_runs_again_and_the_buyer_reads_why(client, seller, order):
    tell(client, order)
    say(client, order, "belum", entri=claimed(order))

    assert status(order) == ("accepted", "none")
    db.session.expire_all()
    assert order.pay_by is not None
    assert "Penjual belum menemukan uangnya" in page(client, order).text
    late = say(client, order, "masuk", entri=queries.list_entries(order.id)[0].id)
    assert late.status_code == 409
    assert "sudah dijawab" in late.text


def test_another_amount_stands_beside_what_was_told(client, seller, order):
    tell(client, order)
    say(client, order, "masuk", entri=claimed(order), jumlah="70.000")
    say(client, order, "masuk", entri=queries.list_entries(order.id)[0].id, jumlah="70.000")

    assert entries(order) == [("payment", "rejected", 76_000), ("payment", "confirmed", 70_000)]
    assert status(order) == ("accepted", "partial")
    shown = page(client, order).text
    assert "Kurang Rp6.000" in shown
    assert "Bayar Rp6.000" in shown


def test_the_rest_in_cash_when_it_is_collected(client, seller, order):
    say(client, order, "terima", jumlah="70.000")
    say(client, order, "tunai")

    db.session.expire_all()
    assert order.method == "cash_pickup"
    client.post(f"/jualan/pesanan/{order.code}/siap")
    assert "Terima dulu uangnya: Rp6.000" in client.get(f"/jualan/pesanan/{order.code}").text
    client.post(f"/jualan/pesanan/{order.code}/serah", data={})
    assert status(order) == ("handed_over", "settled")
    assert wrong_rows() == []


def test_the_rest_asked_for_and_never_paid_goes_back(client, seller, order):
    say(client, order, "terima", jumlah="70.000")
    assert say(client, order, "minta").status_code == 303
    with time_machine.travel(now() + timedelta(hours=60)):
        assert status(order) == ("cancelled_seller", "refund_due")
        assert "Penjual mengembalikan Rp70.000" in page(client, order).text
        sign_in(client, seller)
        too_much = say(client, order, "kembali", jumlah="70.001")
        assert too_much.status_code in (409, 422)
        assert say(client, order, "kembali", jumlah="70.000").status_code == 303
        assert status(order) == ("cancelled_seller", "refunded")
    assert wrong_rows() == []


def test_too_much_goes_back_before_it_is_ready(client, seller, order):
    say(client, order, "terima", jumlah="80.000")
    assert status(order) == ("accepted", "over")
    assert "Penjual mengembalikan Rp4.000" in page(client, order).text

    more = say(client, order, "kembali", jumlah="4001", kunci="more-than-hers")
    assert (more.status_code, len(entries(order))) == (422, 1)
    assert "Jumlah uangnya tidak cocok dengan pesanan ini." in more.text
    assert 'name="apa" value="kembali"' in manage(client, order)
    first = say(client, order, "kembali", jumlah="4000")
    again = say(client, order, "kembali", jumlah="4000", versi=1)

    assert (first.status_code, again.status_code) == (303, 303)
    assert entries(order)[1:] == [("refund", "confirmed", 4_000)]
    assert status(order) == ("accepted", "settled")


def test_another_amount_from_a_page_that_was_sent_already_is_not_taken_for_noted(client, seller, order):
    say(client, order, "terima", jumlah="70.000")

    other = say(client, order, "terima", jumlah="76.000")
    again = say(client, order, "terima", jumlah="70.000", versi=1)

    assert (other.status_code, again.status_code) == (409, 303)
    assert "lebih dulu: Rp70.000. Yang dikirim kali ini tidak tercatat: Rp76.000." in other.text
    assert entries(order) == [("payment", "confirmed", 70_000)]


@pytest.mark.parametrize("typed", ["tujuh puluh", "-5", "0", "1e6", "🥚"])
def test_an_amount_that_cannot_be_comes_back_beside_its_field(client, seller, order, typed):
    answer = say(client, order, "terima", jumlah=typed)

    assert (answer.status_code, entries(order)) == (422, [])
    assert re.search(rf'<input[^>]*id="jumlah"[^>]*value="{re.escape(typed)}"', answer.text)
    assert 'aria-invalid="true"' in answer.text
    assert "<details open>" in answer.text


def test_more_back_than_is_hers_comes_back_as_it_was_typed(client, seller, order):
    say(client, order, "terima", jumlah="80.000")

    answer = say(client, order, "kembali", jumlah="9.999", kunci="more-than-hers")

    assert answer.status_code == 422
    assert 'value="9.999"' in answer.text


def written(client, order):
    """What the seller's page offers to write to her buyer about the money, and to whom."""
    found = re.search(
        r'href="(https://wa\.me/[^"]+)"[^>]*><svg.*?</svg>Kabari pembeli soal uang', manage(client, order)
    )
    parts = urlsplit(html.unescape(found[1])) if found else None
    return (parts.path.strip("/"), parse_qs(parts.query)["text"][0]) if parts else None


def manage(client, order):
    return client.get(f"/jualan/pesanan/{order.code}").text


def test_after_each_act_she_can_write_to_her_buyer_how_it_stands_and_her_page_says_the_same(client, seller, order):
    assert written(client, order) is None
    tell(client, order)
    assert written(client, order) is None  # it is hers to answer first

    say(client, order, "belum", entri=claimed(order))
    missing = written(client, order)[1]
    say(client, order, "terima", jumlah="70.000")
    less = written(client, order)[1]
    assert "Kurang Rp6.000" in page(client, order).text
    say(client, order, "tunai")
    cash = written(client, order)[1]
    assert "Bayar saat ambil" in page(client, order).text

    assert missing == f"Uang untuk pesanan {order.code} belum saya temukan. Mohon periksa jumlah dan tujuannya, ya."
    assert less == (f"Uang untuk pesanan {order.code} baru masuk Rp70.000 dari Rp76.000. Mohon bayar sisanya Rp6.000.")
    assert cash == (
        f"Uang untuk pesanan {order.code} masuk Rp70.000. Sisanya Rp6.000 dibayar tunai saat barang diterima, ya."
    )


def test_what_she_writes_of_money_that_is_there_or_goes_back(client, seller, order):
    say(client, order, "terima", jumlah="80.000")
    over = written(client, order)
    say(client, order, "kembali", jumlah="4000")
    settled = written(client, order)
    with transaction():
        operations.cancel_by_seller(order, "habis", by=seller)
    due = written(client, order)
    first = re.findall(r'class="button button--(\w+)"[^>]*>Sudah saya kembalikan', manage(client, order))
    say(client, order, "kembali", jumlah="76000", kunci=KEY + "2")
    back = written(client, order)

    assert first == ["action"]  # the order is off: the money is all that is left to do
    texts = [text for _number, text in (over, settled, due, back)]
    assert texts == [
        f"Uang untuk pesanan {order.code} lebih Rp4.000. Saya kembalikan. Kirim ke mana?",
        f"Uang untuk pesanan {order.code} sudah masuk, Rp76.000. Terima kasih.",
        f"Pesanan {order.code} tidak jadi. Uangnya Rp76.000 saya kembalikan. Kirim ke mana?",
        f"Uang pesanan {order.code} sudah saya kembalikan. Mohon diperiksa, ya.",
    ]
    group = queries.get_group_of(order)
    assert {number for number, _text in (over, settled, due, back)} == {group.buyer_phone.removeprefix("+")}
    assert not any(word in text for text in texts for word in (group.buyer_name, group.buyer_phone[3:], seller.name))


def test_nobody_is_written_to_whose_number_was_deleted(client, seller, order):
    say(client, order, "terima", jumlah="76.000")
    with transaction():
        queries.get_group_of(order).buyer_phone = None

    assert written(client, order) is None


def test_an_older_page_changes_nothing(client, seller, order):
    for what in ("terima", "tunai", "minta", "kembali"):
        answer = say(client, order, what, jumlah="500", versi=order.version - 1)
        assert answer.status_code == 409
    assert entries(order) == []


@pytest.mark.parametrize("sent", [{"apa": ""}, {"apa": "emas"}, {"apa": "terima"}, {"apa": "terima", "jumlah": "x"}])
def test_what_no_page_asks_is_refused_in_words(client, seller, order, sent):
    answer = client.post(f"/jualan/pesanan/{order.code}/uang", data={"versi": order.version, "kunci": KEY} | sent)

    assert answer.status_code == 422
    assert entries(order) == []


def test_late_money_brings_the_order_back_while_its_goods_are_there(client, seller, order):
    with time_machine.travel(now() + timedelta(hours=60)):
        assert status(order)[0] == "expired_unpaid"
        shown = page(client, order).text
        assert "Jangan bayar lagi" in shown
        assert page(client, order, "/qris").status_code == 404
        assert tell(client, order).status_code == 303
        assert status(order) == ("expired_unpaid", "refund_check")
        sign_in(client, seller)
        say(client, order, "masuk", entri=claimed(order))
        assert status(order) == ("accepted", "settled")
    assert wrong_rows() == []


def test_late_money_without_goods_goes_back(client, stall, seller, eggs, order):
    with time_machine.travel(now() + timedelta(hours=60)):
        with transaction():
            operations.expire_due()
        place_order(eggs, 20)
        tell(client, order)
        sign_in(client, seller)
        say(client, order, "masuk", entri=claimed(order))
        assert status(order) == ("expired_unpaid", "refund_due")
    assert wrong_rows() == []


def test_a_claim_outlives_an_order_that_the_buyer_calls_off(client, seller, order):
    tell(client, order)
    client.post(f"/pesanan/{order.code}/batal", data={"s": links.link_signature(order.code)})

    assert status(order) == ("cancelled_buyer", "refund_check")
    assert "Penjual memeriksa uangnya" in page(client, order).text
    say(client, order, "belum", entri=claimed(order))
    assert status(order) == ("cancelled_buyer", "none")


def test_what_was_switched_off_can_still_be_paid_for_open_orders(client, stall, order):
    with transaction():
        kept = payments.find_means(stall[1].id, "qris")
        means.switch(stall[1], "qris", on=False, version=kept.version, by=stall[0])

    assert "Simpan gambar QRIS" in page(client, order).text


def test_nobody_else_sees_or_answers(client, app, order):
    tell(client, order, picture=picture())
    proof = db.session.scalars(select(PaymentProof)).one()
    rival, _shop = make_stall()
    for account in (
        rival,
        make_account("pendamping"),
        make_account("steward"),
        make_account("curator", region_code="36.01"),
    ):
        other = app.test_client()
        sign_in(other, account)
        assert other.get(f"/jualan/bukti-bayar/{proof.id}").status_code in (403, 404)
        assert other.get(f"/dinsos/bukti-bayar/{proof.id}").status_code in (403, 404)
        assert other.post(f"/jualan/pesanan/{order.code}/uang", data={"apa": "masuk"}).status_code in (403, 404)
    assert app.test_client().get(f"/dinsos/bukti-bayar/{proof.id}").status_code in (302, 303)


def test_the_officer_who_may_end_it_looks_and_that_is_written_down(app, client, order):
    tell(client, order, picture=picture())
    proof = db.session.scalars(select(PaymentProof)).one()
    office, curator = app.test_client(), make_account("curator")
    sign_in(office, curator)

    shown = office.get(f"/dinsos/pesanan/{order.code}").text
    seen = office.get(f"/dinsos/bukti-bayar/{proof.id}")

    assert "Pembeli bilang sudah membayar" in shown
    assert seen.status_code == 200
    assert log("payment.proof_read") == [did(curator, proof)]
    assert office.get(f"/dinsos/bukti-bayar/{proof.id + 1}").status_code == 404


def test_proofs_go_half_a_year_after_the_end_and_not_before(client, seller, order):
    tell(client, order, picture=picture())
    say(client, order, "belum", entri=claimed(order))
    client.post(f"/pesanan/{order.code}/batal", data={"s": links.link_signature(order.code)})
    name = db.session.scalars(select(PaymentProof.name)).one()
    for days, gone in ((179, 0), (181, 1), (182, 0)):
        with time_machine.travel(now() + timedelta(days=days)), transaction():
            assert money.forget_old() == gone
    assert private_store().has(name)
    with time_machine.travel(now() + timedelta(days=183)):
        while jobs.run_due():
            pass
    assert not private_store().has(name)


def test_a_proof_stays_while_nobody_has_answered_it(client, order):
    tell(client, order, picture=picture())
    client.post(f"/pesanan/{order.code}/batal", data={"s": links.link_signature(order.code)})

    with time_machine.travel(now() + timedelta(days=400)), transaction():
        assert money.forget_old() == 0


def test_money_owed_for_a_week_stops_new_orders_ahead(client, stall, seller, order):
    say(client, order, "terima", jumlah="76.000")
    with transaction():
        operations.cancel_by_seller(order, "rusak", by=seller)
    assert payments.offered([stall[1].id])[stall[1].id] == ("qris_seller", "transfer_seller")

    with time_machine.travel(now() + timedelta(days=8)):
        assert payments.offered([stall[1].id]) == {}
        sign_in(client, seller)
        assert "sudah lama belum dikembalikan" in client.get("/jualan/pembayaran").text
        say(client, order, "kembali", jumlah="76.000")
        assert payments.offered([stall[1].id])[stall[1].id] == ("qris_seller", "transfer_seller")


def fresh(order_id):
    return db.session.get(Order, order_id)


def race(app, order, *acts):
    order_id = order.id

    def each(act):
        def run():
            with transaction():
                act(fresh(order_id))

        return run

    answers = at_once(app, [each(act) for act in acts])
    db.session.rollback()
    return sorted(answers)


def test_two_at_once_tell_once(app, order):
    same = race(app, order, *[lambda o: money.claim(o, Rupiah(76_000), None, key=KEY) and None] * 2)

    assert same == ["ya", "ya"]
    assert entries(order) == [("payment", "claimed", 76_000)]
    other = race(
        app, order, *[lambda o, n=n: money.claim(o, Rupiah(5), None, key=f"{KEY}{n}") and None for n in (1, 2)]
    )
    assert other == ["ClaimOpen", "ClaimOpen"]


def test_two_at_once_answer_once(app, stall, order):
    tell_id = 0
    with transaction():
        tell_id = money.claim(order, Rupiah(76_000), None, key=KEY).id
    by = make_account("seller")
    number = by.id

    class Her:
        id = number

    answers = race(
        app,
        order,
        lambda o: money.answer(o, tell_id, Rupiah(76_000), by=Her),
        lambda o: money.answer(o, tell_id, None, by=Her),
    )

    assert answers == ["AnsweredAlready", "ya"]
    assert len(entries(order)) == 1


def test_two_at_once_give_back_once(app, stall, order):
    class Her:
        id = stall[0].id

    with transaction():
        money.receive(order, Rupiah(80_000), key=KEY, version=order.version, by=Her)
    version = order.version
    same = race(app, order, *[lambda o: money.give_back(o, Rupiah(4_000), key=KEY, version=version, by=Her)] * 2)

    assert same == ["ya", "ya"]
    assert entries(order)[1:] == [("refund", "confirmed", 4_000)]
    assert db.session.scalar(select(func.count()).select_from(MoneyEntry)) == 2
    assert wrong_rows() == []
