"""The drill 'erase a person': planted words are found nowhere afterwards, sums and chains are as they were."""

from __future__ import annotations

import io
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, inspect, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.core import books, jobs, personal
from app.core.clock import now
from app.core.db import db, transaction
from app.core.pictures import read_upload
from app.core.storage import private_store, public_store
from app.goods.curation.models import Decision
from app.goods.permits.models import Permit
from app.goods.photos import operations as photos
from app.goods.shops import operations as shops
from app.goods.shops.models import SellingRequest
from app.goods.stock import operations as stock
from app.growth.capital.models import AidProposal, Bast, UseReport
from app.growth.mentoring.models import MonitoringVisit
from app.kit.rupiah import Rupiah
from app.office.notices.models import PushAddress
from app.office.requests import operations, queries
from app.office.requests.models import DataRequest
from app.people.accounts.models import Account, WebSession
from app.people.families import operations as families
from app.people.families.models import AccessLog, Enrollment, FamilyConsent, Kpm, KpmIdentity
from app.people.files.models import PreparedFile
from app.trade.bazaars import applying
from app.trade.ekatalog.models import Answer, OutsideStatus, SubmissionPhoto
from app.trade.orders import moving
from app.trade.orders.models import Order, OrderLine
from app.trade.sales import operations as sales
from app.trade.sales.models import SaleRecord
from app.trade.sales.rules import Sale
from tests.factories import bazaars, ekatalog, stalls
from tests.factories.capital import kept_photo, make_proved
from tests.factories.families import make_business, make_consent, make_enrollment, make_kpm
from tests.factories.files import make_file
from tests.factories.goods import make_product, make_revision, make_shop, picture_bytes, revision_of, variant_of
from tests.factories.mentoring import make_visit
from tests.factories.notices import make_mail
from tests.factories.people import make_account, make_device
from tests.factories.requests import erase, make_data_request, propose_erasure
from tests.factories.trade import handed_order, place_order

pytestmark = pytest.mark.slow

MARK = "qvjx"
PHONE, FAMILY_PHONE = "+6281377711122", "+6281377733344"
NIK, KK, NIB = "3604154512790000", "3604154512799999", "9120477712345"
NUMBERS = (PHONE[3:], FAMILY_PHONE[3:], NIK, KK, NIB)


class Person:
    """A seller with a family, whose every word and number is planted."""

    def __init__(self) -> None:
        """Plant."""
        self.others = {*private_store().list_names(), *public_store().list_names()}
        self.curator = make_account("curator")
        self.account = make_account(name="Qvjx Kanaria", phone=PHONE)
        self.shop = make_shop(self.account, name="Telur Qvjx", slug="telur-qvjx", pickup_place="Gang qvjx 7")
        with transaction():
            shops.describe(
                self.shop, story="Cerita qvjx", pickup_place="Gang qvjx 7", pickup_hours="Sore qvjx", phone=PHONE,
                version=self.shop.version, by=self.account,
            )  # fmt: skip
        self._goods()
        self._trade()
        self._bazaar()
        self._papers()
        self._way_in()
        self._family()

    def _goods(self) -> None:
        self.product = make_product(self.shop, "Telur qvjx asap", qty=40, slug="telur-qvjx-asap")
        self.hidden = make_revision(self.product, name="Telur qvjx pedas", description="Resep qvjx")
        with transaction():
            self.photo = photos.keep(read_upload(io.BytesIO(picture_bytes())), self.shop.id)
            self.hidden.photo_id = self.photo.id
            stock.restock(variant_of(self.product).id, 5, by=self.account, note="kulakan qvjx")
            db.session.add(
                Decision(
                    revision_id=revision_of(self.product).id, kind="return", sentence="Bu qvjx", by_id=self.curator.id
                )
            )
        jobs.run_due()
        with transaction():
            shops.close_for_days(self.shop, date(2099, 1, 1), "Hajatan qvjx", by=self.account)
            shops.open_again(self.shop, by=self.account)

    def _trade(self) -> None:
        self.order = handed_order(self.product, self.account, name="Pembeli Lain", phone="+6281200000009")
        self.bought = place_order(make_product(make_shop()), name="Qvjx Kanaria", phone=PHONE, note="rumah qvjx")
        refused = place_order(self.product)
        with transaction():
            step = moving.take(refused, "refuse")
            moving.make(refused, step, moving.Act("refuse", "seller", self.account.id, "habis", "maaf qvjx"))
            sales.record([self._sale()], by_id=self.account.id)

    def _sale(self) -> Sale:
        return Sale(
            key="manual-1", shop_id=self.shop.id, regency_code=self.shop.regency_code, free_text="titip qvjx", qty=2,
            amount=Rupiah(30_000), sold_on=date(2026, 11, 20), channel="manual", grade="D", reason="catatan sendiri",
            source=("notebook", None),
        )  # fmt: skip

    def _bazaar(self) -> None:
        bazaar = bazaars.make_call()
        self.application = bazaars.apply_to(bazaar, self.shop, goods="Telur qvjx", note="dekat qvjx")
        with transaction():
            applying.ask(bazaar, "Apakah qvjx boleh?", by=self.account)
        self._stall()

    def _stall(self) -> None:
        """A day at a stall, told, signed and reported; a helper stood there."""
        place = stalls.make_place(self.shop, self.curator)
        stand = stalls.Stand(place.bazaar, place, self.shop, self.product, variant_of(self.product))
        with transaction():
            stalls.passes.issue(stand.bazaar, "Bantuan qvjx", [place.id], by=self.curator)
        basket = stalls.Basket("k" * 16, "cash", (stalls.Line(stand.variant.id, "Telur qvjx asap", Rupiah(19_000), 1),))
        with transaction():
            stalls.operations.sell(place, basket, by=stand.hand)
        stalls.tally(stand, 1)
        stalls.end_day(stand.bazaar)
        stalls.submit(
            stand, reason="Sisa qvjx", choices={key.key: "till" for key in stalls.settling.list_conflicts(place)}
        )
        stalls.sign(stand, self.curator)
        with transaction():
            stalls.reporting.freeze(stand.bazaar, by=make_account("approver"))

    def _papers(self) -> None:
        goods = ekatalog.make_goods(self.account)
        case, *_numbers = ekatalog.begun(goods)
        self.proofs = [
            *db.session.scalars(select(SubmissionPhoto.name)),
            *db.session.scalars(select(Permit.scan)),
            *db.session.scalars(select(OutsideStatus.proof)),
        ]
        case_id = case.submission.id
        with transaction() as session:
            session.add(Answer(submission_id=case_id, key="A1", value={"isi": "qvjx"}, by_id=self.account.id))
            session.execute(update(Permit).values(note="surat qvjx", number=NIB))

    def _way_in(self) -> None:
        device = make_device(self.account, label="HP qvjx")
        make_mail(self.account, "qvjx@contoh.id")
        with transaction() as session:
            session.add(
                PushAddress(
                    account_id=self.account.id, endpoint_hash="p" * 64, endpoint="https://qvjx.push.apple.com/1",
                    point="qvjx", auth="qvjx",
                )
            )  # fmt: skip
            session.add(
                WebSession(
                    token_hash="t" * 64, account_id=self.account.id, device_id=device.id, label="qvjx", idle_seconds=900
                )
            )
            session.add(
                SellingRequest(
                    key="wish", name="Qvjx", phone=PHONE, desa_code=self.shop.desa_code,
                    regency_code=self.shop.regency_code, makes="kue qvjx",
                )
            )  # fmt: skip
        self.file = make_file(self.account, b"berkas qvjx")

    def _family(self) -> None:
        caseworker = make_account("caseworker")
        self.kpm = make_kpm(
            caseworker, nik=NIK, kk=KK, name="Qvjx Keluarga", phone=FAMILY_PHONE, address="Kampung qvjx",
            makes="telur qvjx", wants_to_sell=True,
        )  # fmt: skip
        self.enrollment = make_enrollment(self.kpm)
        private_store().put("ab/letter.pdf", b"surat qvjx")
        make_consent(self.kpm, "publicity")
        make_business(self.kpm, self.shop, nib=NIB)
        make_visit(self.kpm, said="Kata qvjx", photo=kept_photo())
        make_proved(self.kpm)
        with transaction() as session:
            session.execute(update(AidProposal).values(items_asked="Loyang qvjx"))
            session.execute(update(UseReport).values(note="Dipakai qvjx"))
            families.give_consent(
                self.kpm, "ekatalog", wording_version="1", method="spoken", witness="Saksi Qvjx", by=caseworker
            )
            families.note_look(self.kpm, "nik", "other:anak bu qvjx", by=caseworker)
            session.execute(update(Enrollment).values(letter_file="ab/letter.pdf"))

    def ask(self) -> DataRequest:
        """She asks to be forgotten, her family too."""
        return make_data_request("erase", self.account, kpm=self.kpm, words="Hapus qvjx")


@pytest.fixture
def person(app) -> Person:
    return Person()


def hits(person: Person) -> list[str]:
    """Name every place where something planted stands: rows, the database's own file, media, private files."""
    db.session.rollback()
    wanted, others = (MARK, *NUMBERS), person.others
    found = [f"{where}: {word}" for where, content in _contents(others) for word in wanted if word in content]
    return sorted(set(found))


def _contents(others):
    with db.engine.connect() as connection:
        for table in inspect(connection).get_table_names():
            for row in connection.execute(text(f'SELECT * FROM "{table}"')):
                yield table, repr(tuple(row)).lower()
    if db.engine.dialect.name == "sqlite":
        for end in ("", "-wal"):
            file = Path(f"{db.engine.url.database}{end}")
            if file.exists():
                yield f"the file itself{end}", file.read_bytes().decode("latin-1").lower()
    for label, store in (("media", public_store()), ("private", private_store())):
        for name in set(store.list_names()) - others:
            yield f"{label}/{name}", f"{name} {store.read(name).decode('latin-1')}".lower()


def sums() -> list[object]:
    """Return what must stay: each sale with its seller and grade, each order with its amounts, dates and state."""
    db.session.rollback()
    lines = select(SaleRecord.id, SaleRecord.seller_id, SaleRecord.amount, SaleRecord.qty, SaleRecord.sold_on)
    orders = select(Order.id, Order.seller_id, Order.total, Order.state, Order.created_at, Order.code)
    goods = select(OrderLine.id, OrderLine.price, OrderLine.qty_handed, OrderLine.product_id)
    graded = select(SaleRecord.id, SaleRecord.grade, SaleRecord.channel)
    count = select(func.count()).select_from(Enrollment)
    return [db.session.execute(each.order_by(text("1"))).all() for each in (lines, orders, goods, graded)] + [
        db.session.scalar(count)
    ]


def findings() -> list[str]:
    db.session.rollback()
    return [f"{name}: {each}" for name, found in books.verify() for each in found]


def test_nothing_planted_is_found_anywhere_after_an_erasure_and_every_sum_stands(person):
    planted, before = hits(person), sums()
    places = {each.split(":")[0] for each in planted}
    assert {"account", "shop", "revision", "order", "order_event", "sale_record", "stock_movement"} <= places
    assert {"permit", "ekatalog_answer"} <= places
    assert {"mail_address", "push_address"} <= places
    assert {"stall_line", "stall_settlement", "helper_pass"} <= places
    assert {"bazaar_application", "bazaar_question", "selling_request", "access_log", "business"} <= places

    erase(person.ask())
    jobs.run_due()

    assert hits(person) == []
    assert sums() == before
    assert findings() == []


def test_twin_a_part_that_erases_nothing_leaves_its_words(person, monkeypatch):
    kept = personal._keepings["shops"]
    monkeypatch.setitem(personal._keepings, "shops", personal.Keeping(**(vars(kept) | {"erase": None})))

    erase(person.ask())
    jobs.run_due()

    assert any(each.startswith("shop:") for each in hits(person))


def test_nobody_enters_any_more_and_the_shop_is_gone(person, client):
    erase(person.ask())

    account = db.session.get(Account, person.account.id)
    assert (account.state, account.phone, account.pin_hash) == ("ended", None, None)
    assert client.get("/lapak/telur-qvjx").status_code == 404
    assert client.get("/produk/telur-qvjx-asap").status_code == 404
    assert "Telur qvjx" not in client.get("/produk").text


def test_pictures_and_private_files_go_with_her(person):
    assert len(set(private_store().list_names()) - person.others) > 6
    names, kept = [f"{person.photo.stem}.jpg", f"{person.photo.stem}-320.webp"], person.file.stored
    assert all(public_store().has(name) for name in names)

    erase(person.ask())
    jobs.run_due()

    assert not any(public_store().has(name) for name in names)
    assert not private_store().has(kept)
    assert not private_store().has("ab/letter.pdf")
    assert set(private_store().list_names()) <= person.others
    assert db.session.scalars(select(Bast.witnesses_sealed)).all() == [""]
    assert db.session.scalars(select(MonitoringVisit.said_sealed)).all() == [""]
    assert len(person.proofs) == 3
    assert not any(private_store().has(name) for name in person.proofs)


def test_copies_of_her_that_an_officer_had_made_go_with_her(person):
    steward = make_account("steward")
    with transaction():
        operations.order_copy(make_data_request("copy", person.account), "json", by=steward)
        operations.order_copy(make_data_request("copy", kpm=person.kpm), "json", by=steward)
    jobs.run_due()
    made = db.session.scalars(select(PreparedFile.stored).where(PreparedFile.owner_id == steward.id)).all()
    assert len([name for name in made if private_store().has(name)]) == 2

    erase(person.ask())
    jobs.run_due()

    assert not any(private_store().has(name) for name in made)
    assert db.session.scalars(select(PreparedFile)).all() == []


def test_without_the_family_the_family_stays_and_cannot_be_found_from_the_name_of_the_shop(person):
    erase(make_data_request("erase", person.account))

    assert db.session.get(KpmIdentity, person.kpm.id) is not None
    assert db.session.get(Account, person.account.id).state == "ended"


def test_a_family_alone_is_erased_and_its_shop_goes_on(person, client):
    erase(make_data_request("erase", kpm=person.kpm, source="paper", by=make_account("caseworker")))

    kpm = db.session.get(Kpm, person.kpm.id)
    assert (kpm.state, kpm.identity) == ("erased", None)
    assert db.session.get(KpmIdentity, kpm.id) is None
    assert client.get("/lapak/telur-qvjx").status_code == 200
    assert db.session.scalars(select(FamilyConsent.witness_sealed)).all() == [None, None]
    assert db.session.scalars(select(AccessLog.purpose).where(AccessLog.what == "nik")).all() == [""]


def test_with_open_orders_nothing_is_erased(person):
    place_order(person.product)
    request = person.ask()

    with pytest.raises(operations.OrdersGoOn):
        erase(request)

    assert db.session.get(Account, person.account.id).name == "Qvjx Kanaria"
    assert queries.get_request(request.id).state == "proposed"


def test_whoever_proposed_does_not_confirm_in_code(app):
    both, request = make_account("steward"), make_data_request("erase")
    propose_erasure(request, both)
    with transaction():
        db.session.get(Account, both.id).role = "approver"

    with pytest.raises(operations.SameHands), transaction():
        operations.confirm(request, by=both)

    assert queries.get_request(request.id).state == "proposed"


def test_and_where_no_code_asks_the_database_refuses_one_hand_under_both(app):
    both, request = make_account("approver"), make_data_request("erase")
    propose_erasure(request, both)
    signed = update(DataRequest).where(DataRequest.id == request.id)

    with pytest.raises(IntegrityError), transaction() as session:
        session.execute(signed.values(state="done", confirmed_by_id=both.id, closed_at=now(), closed_by_id=both.id))
    with pytest.raises(IntegrityError), transaction() as session:
        session.execute(signed.values(state="done", closed_at=now(), closed_by_id=both.id))


def test_an_erasure_that_was_done_is_not_done_twice(app):
    request = make_data_request("erase")
    erase(request)

    with pytest.raises(operations.AlreadyAnswered), transaction():
        operations.confirm(request, by=make_account("approver"))


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("stock_movement", "note"),
        ("sale_record", "free_text"),
        ("order_event", "note"),
        ("access_log", "purpose"),
        ("bazaar_event", "reason"),
        ("ekatalog_answer", "value"),
        ("ekatalog_move", "note"),
    ],
)
def test_beside_an_appended_fact_only_the_words_can_go_and_nothing_can_come(person, table, words):
    columns = [each["name"] for each in inspect(db.engine).get_columns(table) if each["name"] not in {words, "id"}]
    row = db.session.execute(text(f"SELECT * FROM {table} ORDER BY id DESC LIMIT 1")).mappings().one()
    db.session.rollback()
    bare, other = ("{}", '{"a": 1}') if words == "value" else ("", "lain")
    this = f"WHERE id = {row['id']}"
    statements = [f"UPDATE {table} SET {words} = '{other}' {this}", f"DELETE FROM {table} {this}"]
    statements += [f"UPDATE {table} SET id = 999999, {words} = '{bare}' {this}"]
    for name in columns:
        if db.engine.dialect.name == "sqlite" or row[name] is not None:
            value = "1" if row[name] is None else "NULL"
            statements.append(f"UPDATE {table} SET {words} = '{bare}', \"{name}\" = {value} {this}")

    for statement in statements:
        with pytest.raises(DBAPIError, match="append-only"), db.engine.begin() as connection:
            connection.exec_driver_sql(statement)
    with db.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE {table} SET {words} = '{bare}' {this}")


def test_a_withdrawal_in_the_past_of_a_family_is_not_lost_by_an_erasure(person):
    with transaction():
        families.withdraw_consent(person.kpm, "publicity", by=person.account)
    erase(person.ask())

    withdrawn = select(FamilyConsent.withdrawn_at).where(FamilyConsent.purpose == "publicity")
    assert db.session.scalars(withdrawn).one() < now() + timedelta(seconds=1)
