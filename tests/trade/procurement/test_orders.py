"""Orders of government offices: one line in the book, as strong as its papers, and never changed."""

from __future__ import annotations

import io
import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from app.core import books, jobs, personal
from app.core.clock import today
from app.core.db import db, transaction
from app.core.personal import Whose
from app.core.storage import private_store
from app.kit.rupiah import Rupiah
from app.people.accounts.models import Account
from app.people.accounts.operations import KeyReused
from app.trade.ekatalog.queries import get_case
from app.trade.procurement import operations, queries
from app.trade.procurement.models import GovernmentOrder, GovernmentPaper, GovernmentReturn
from app.trade.procurement.operations import (
    NeverShown,
    NoPaper,
    NothingToConfirm,
    OtherProduct,
    OwnEntry,
    WrongDay,
)
from app.trade.sales import operations as sales
from app.trade.sales import queries as book
from app.trade.sales.models import SaleRecord
from app.trade.sales.operations import TooMuchBack
from tests.factories import ekatalog as rounds
from tests.factories import procurement as made
from tests.factories.goods import make_product, variant_of
from tests.factories.people import make_account, sign_in
from tests.factories.phone_photos import phone_photo
from tests.factories.sales import make_sale
from tests.support.log import did, log

pytestmark = pytest.mark.slow


@pytest.fixture
def case(app):
    """Salted eggs that are seen in the catalogue."""
    return made.shown()


@pytest.fixture
def curator(app):
    return make_account("curator")


def findings():
    """What `flask verify` says about these books."""
    found = dict(books.verify())
    return [str(each) for name in ("pesanan pemerintah", "penjualan", "jumlah penjualan") for each in found[name]]


def government_lines():
    db.session.rollback()
    query = select(SaleRecord).where(SaleRecord.channel == "government").order_by(SaleRecord.id)
    return list(db.session.scalars(query))


def record(case, by, *kinds, key="satu", **given):
    bought = made.bought(case, **({"reference": "027/1"} | given))
    with transaction():
        pictures = {kind: rounds.master() for kind in kinds}
        return operations.record(get_case(case.submission.id), bought, pictures, key=key, by=by).id


def test_an_order_is_one_line_of_the_book(case, curator):
    number = record(case, curator, "order")

    (line,) = government_lines()
    order = db.session.get_one(GovernmentOrder, number)
    assert (line.seller_id, line.qty, line.amount, line.sold_on) == (case.shop.id, 40, Rupiah(600_000), case.day)
    assert (line.source_type, line.source_id, line.entered_by_id) == ("government", order.id, curator.id)
    assert findings() == []


@pytest.mark.parametrize(("kinds", "grade"), [(("order",), "C"), (("handover",), "A"), (("order", "handover"), "A")])
def test_a_signed_handover_is_the_strongest_evidence(case, curator, kinds, grade):
    number = record(case, curator, *kinds)

    assert queries.get_purchase(number).grade == grade


def test_a_handover_that_comes_later_makes_the_evidence_stronger_and_changes_no_line(case, curator):
    purchase = made.order(case, by=curator)
    before = government_lines()[0].grade

    with transaction():
        operations.add_paper(purchase, "handover", rounds.master(), by=curator)

    assert queries.get_purchase(purchase.order.id).grade == "A"
    assert government_lines()[0].grade == before == "C"
    assert log("government.paper_added") == [did(curator, purchase.order, kind="handover")]
    assert findings() == []


def test_the_same_form_twice_is_one_order_and_other_words_under_its_key_are_refused(case, curator):
    assert record(case, curator, "order") == record(case, curator, "order")

    for other in ({"qty": 41}, {"amount": Rupiah(1)}, {"buyer": "SDN Ciomas 2"}):
        with pytest.raises(KeyReused):
            record(case, curator, "order", **other)
    assert len(government_lines()) == 1


def test_two_taps_at_once_are_one_order(app, case, curator):
    number, by_id, gate = case.submission.id, curator.id, threading.Barrier(2)
    made_ids: list[int] = []

    def tap() -> None:
        with app.app_context():
            by = db.session.get_one(Account, by_id)
            here = get_case(number)
            bought = made.bought(here, reference="027/1")
            gate.wait()
            with transaction():
                pictures = {"order": rounds.master()}
                made_ids.append(operations.record(here, bought, pictures, key="satu", by=by).id)
            db.session.remove()

    db.session.rollback()
    threads = [threading.Thread(target=tap) for _each in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert len(made_ids) == 2
    assert len(set(made_ids)) == 1
    assert len(government_lines()) == 1


def test_what_cannot_be_is_refused_and_nothing_is_kept(case, curator):
    other = variant_of(make_product(case.shop, "Opak"))
    tomorrow, before = case.day + timedelta(days=1), case.day - timedelta(days=1)
    for refusal, given, kinds in (
        (WrongDay, {"sold_on": tomorrow}, ("order",)),
        (WrongDay, {"sold_on": before}, ("order",)),
        (OtherProduct, {"variant_id": other.id}, ("order",)),
        (NoPaper, {}, ()),
    ):
        with pytest.raises(refusal):
            record(case, curator, *kinds, **given)
    sent = rounds.seen(rounds.exported(rounds.approved(rounds.sent(rounds.make_goods()))), "sent_outside")
    with pytest.raises(NeverShown):
        record(sent, curator, "order")

    assert government_lines() == []
    assert db.session.scalar(select(func.count()).select_from(GovernmentOrder)) == 0


def test_units_are_taken_back_in_parts_and_the_order_stays_as_it_was(case, curator):
    purchase = made.order(case, by=curator)

    for key, qty in (("a", 15), ("a", 15), ("b", 25)):
        with transaction():
            operations.take_back(purchase, qty, "Pecah di jalan", key=key, by=curator)
    with pytest.raises(TooMuchBack), transaction():
        operations.take_back(purchase, 1, "Masih ada?", key="c", by=curator)

    now = queries.get_purchase(purchase.order.id)
    assert (now.left, now.worth, now.order.qty) == (0, Rupiah(0), 40)
    assert [line.qty for line in government_lines()] == [40, -15, -25]
    assert {line.sold_on for line in government_lines()} == {case.day}
    assert findings() == []


def test_a_key_takes_back_one_number_only(case, curator):
    purchase = made.order(case, by=curator)
    with transaction():
        operations.take_back(purchase, 5, "Pecah di jalan", key="a", by=curator)

    with pytest.raises(KeyReused), transaction():
        operations.take_back(purchase, 6, "Pecah di jalan", key="a", by=curator)


def test_an_order_far_above_the_usual_waits_for_another_pair_of_eyes(case, curator):
    for _each in range(5):
        make_sale(case.shop)
    purchase = made.order(case, "order", "handover", by=curator, amount=Rupiah(9_000_000))
    assert purchase.grade == "D"

    with pytest.raises(OwnEntry), transaction():
        operations.confirm(purchase, by=curator)
    approver = make_account("approver")
    with transaction():
        operations.confirm(purchase, by=approver)

    assert queries.get_purchase(purchase.order.id).grade == "A"
    assert log("government.confirmed") == [did(approver, purchase.order, grade="A")]
    with pytest.raises(NothingToConfirm), transaction():
        operations.confirm(purchase, by=make_account("approver"))


def test_a_later_handover_does_not_lift_the_mark_of_a_look(case, curator):
    for _each in range(5):
        make_sale(case.shop)
    purchase = made.order(case, by=curator, amount=Rupiah(9_000_000))

    with transaction():
        operations.add_paper(purchase, "handover", rounds.master(), by=curator)

    assert queries.get_purchase(purchase.order.id).grade == "D"


@pytest.mark.parametrize("table", ["government_order", "government_paper", "government_return"])
def test_orders_papers_and_returns_are_appended_only(case, curator, table):
    purchase = made.order(case, by=curator)
    with transaction():
        operations.take_back(purchase, 1, "Pecah di jalan", key="a", by=curator)

    for act in (f"UPDATE {table} SET id = id + 100", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError, match="append-only"), transaction() as session:
            session.execute(text(act))


def test_verify_names_an_order_that_the_book_does_not_know_and_a_line_without_its_order(case, curator):
    with transaction() as session:
        session.add(
            GovernmentOrder(
                key="k", submission_id=case.submission.id, shop_id=case.shop.id, regency_code=case.shop.regency_code,
                variant_id=queries.list_variants(case.submission.product_id)[0].id, buyer="x", reference="y", qty=1,
                amount=Rupiah(1), sold_on=case.day, entered_by_id=curator.id,
            )
        )  # fmt: skip
    make_sale(case.shop, channel="government", source=("note", None))

    said = " ".join(findings())

    assert "the sales book does not say the same" in said
    assert "without a paper" in said
    assert "a government sale without its order" in said


def test_verify_names_a_line_taken_back_behind_the_order(case, curator):
    purchase = made.order(case, by=curator)
    with transaction():
        sales.reverse(purchase.sale, 2, by=curator, key="hand")

    assert findings() == [f"government_order {purchase.order.id}: what was taken back is not what the sales book says"]


def test_the_head_and_the_seller_see_the_channel(client, case, curator):
    made.order(case, "handover", by=curator)
    day = today("Asia/Jakarta")
    cells = {cell.key: cell.amount for cell in book.list_region_cells(case.shop.regency_code, day, day)}
    assert cells["government"] == Rupiah(600_000)
    assert cells["A"] == Rupiah(600_000)

    sign_in(client, make_account("head"))
    assert "Pemerintah (e-Katalog)" in client.get("/dinsos/ringkasan").text
    sign_in(client, db.session.get_one(Account, case.shop.owner_id))
    assert "Kantor pemerintah" in client.get(f"/jualan/uang?bulan={day:%Y-%m}").text


def photo():
    return (io.BytesIO(phone_photo("PNG", (400, 300))), "surat.png")


def fields(case, **given):
    variant = queries.list_variants(case.submission.product_id)[0].id
    return {
        "kunci": "form-1", "varian": str(variant), "pembeli": "Kecamatan Ciomas", "nomor": "027/9/SP",
        "tanggal": case.day.isoformat(), "jumlah": "40", "nilai": "600rb",
    } | given  # fmt: skip


def test_a_curator_records_adds_a_paper_and_takes_back_on_the_screen(client, case, curator):
    sign_in(client, curator)
    address = f"/dinsos/ekatalog/{case.submission.id}/pesanan"
    assert "Catat pesanan kantor" in client.get(f"/dinsos/ekatalog/{case.submission.id}").text
    assert client.get(address).status_code == 200

    sent = client.post(address, data=fields(case) | {"surat": photo()})
    again = client.post(address, data=fields(case) | {"surat": photo()})
    assert (sent.status_code, sent.location) == (303, again.location)
    page = client.get(sent.location).text
    assert "Kecamatan Ciomas" in page and "Rp600.000" in page
    late = client.post(f"{sent.location}/surat", data={"jenis": "handover", "berkas": photo()})
    back = client.post(f"{sent.location}/tarik", data={"kunci": "t", "jumlah": "10", "alasan": "Pecah di jalan"})

    assert (late.status_code, back.status_code) == (303, 303)
    page = client.get(sent.location).text
    assert "Pecah di jalan" in page and "Rp450.000" in page
    paper = db.session.scalars(select(GovernmentPaper.id).order_by(GovernmentPaper.id)).first()
    shown = client.get(f"/dinsos/ekatalog/pesanan/surat/{paper}")
    assert (shown.mimetype, shown.headers["Cache-Control"]) == ("image/jpeg", "no-store")
    assert "Kecamatan Ciomas" in client.get("/dinsos/ekatalog/pesanan").text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"pembeli": ""}, "Tulis nama kantornya"),
        ({"nomor": ""}, "Tulis nomor suratnya"),
        ({"jumlah": "0"}, "Isi antara"),
        ({"nilai": "0"}, "Isi antara"),
        ({"nilai": "9 miliar"}, "Isi antara"),
        ({"nilai": "banyak"}, "Isi uangnya dengan angka"),
        ({"tanggal": "2020-01-01"}, "Tanggalnya harus antara"),
        ({"tanggal": "besok"}, "Isi tanggal"),
        ({"varian": "999999"}, "Pilih salah satu"),
        ({}, "Lampirkan surat pesanan"),
    ],
)
def test_what_cannot_be_stands_beside_its_field_and_nothing_typed_is_lost(client, case, curator, given, said):
    sign_in(client, curator)
    files = {} if not given else {"surat": photo()}

    answer = client.post(f"/dinsos/ekatalog/{case.submission.id}/pesanan", data=fields(case, **given) | files)

    assert answer.status_code == 422
    assert said in answer.text
    assert "027/9/SP" in answer.text or "nomor" in given
    assert government_lines() == []


def test_a_product_never_shown_leads_back_with_a_sentence(client, app, curator):
    sent = rounds.exported(rounds.approved(rounds.sent(rounds.make_goods())))
    sign_in(client, curator)

    answer = client.get(f"/dinsos/ekatalog/{sent.submission.id}/pesanan")
    page = client.get(answer.location).text

    assert answer.status_code == 303
    assert "belum pernah tercatat tampil" in page
    assert "Pesanan kantor pemerintah" not in page


def test_the_seller_and_her_pendamping_see_what_was_bought_and_strangers_do_not(client, case, curator):
    purchase = made.order(case, "handover", by=curator)
    paper = purchase.papers[0].id
    sign_in(client, db.session.get_one(Account, case.shop.owner_id))
    assert "SDN Ciomas 1" in client.get(f"/jualan/ekatalog/{case.submission.id}").text
    assert client.get(f"/jualan/ekatalog/pesanan/surat/{paper}").status_code == 200
    assert client.get(f"/dinsos/ekatalog/pesanan/{purchase.order.id}").status_code in {403, 404}
    sign_in(client, make_account("pendamping"))
    assert "SDN Ciomas 1" in client.get(f"/dampingan/ekatalog/{case.submission.id}").text

    sign_in(client, made.shown().shop.owner)
    assert client.get(f"/jualan/ekatalog/pesanan/surat/{paper}").status_code == 404
    sign_in(client, make_account("curator", region_code="36.01"))
    for address in (f"/dinsos/ekatalog/pesanan/{purchase.order.id}", f"/dinsos/ekatalog/pesanan/surat/{paper}"):
        assert client.get(address).status_code == 404
    assert "SDN Ciomas 1" not in client.get("/dinsos/ekatalog/pesanan").text


def test_a_confirmation_of_ones_own_entry_is_not_offered(client, case, curator):
    for _each in range(5):
        make_sale(case.shop)
    purchase = made.order(case, by=curator, amount=Rupiah(9_000_000))
    address = f"/dinsos/ekatalog/pesanan/{purchase.order.id}"

    sign_in(client, curator)
    assert "Sudah cocok" not in client.get(address).text
    assert client.post(f"{address}/cocok").status_code == 404
    sign_in(client, make_account("approver"))
    assert "Sudah cocok" in client.get(address).text
    assert client.post(f"{address}/cocok").status_code == 303
    assert client.post(f"{address}/cocok").status_code == 409


def test_papers_and_reasons_go_with_the_seller_and_the_sums_stay(case, curator):
    purchase = made.order(case, "order", "handover", by=curator)
    with transaction():
        operations.take_back(purchase, 1, "Titip ke Ibu Sarinah", key="a", by=curator)
    hers, sums = {paper.file for paper in purchase.papers}, [line.amount for line in government_lines()]
    assert hers <= set(private_store().list_names())

    with transaction():
        personal.erase(Whose(case.shop.owner_id, (case.shop.id,)), by=make_account("steward"))
    jobs.run_due()

    assert not hers & set(private_store().list_names())
    assert db.session.scalars(select(GovernmentReturn.reason)).all() == [""]
    assert [line.amount for line in government_lines()] == sums
    assert findings() == []
