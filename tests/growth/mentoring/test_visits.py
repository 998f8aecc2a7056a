"""Visits: who is due, what is filled in already, what is kept, and who may read it."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, text, update

from app.core.clock import today
from app.core.db import db, transaction
from app.growth.mentoring import agreed, queries, rules
from app.growth.mentoring.forms import field_of
from app.growth.mentoring.models import AgreedAction, MonitoringVisit
from app.growth.mentoring.operations import BookClosed
from app.kit.rupiah import Rupiah
from app.people.families import operations as families
from app.people.families.queries import list_looks
from tests.factories.capital import make_grant
from tests.factories.families import make_business, make_consent, make_enrollment, make_kpm
from tests.factories.goods import make_photo, make_product, make_shop
from tests.factories.mentoring import make_visit
from tests.factories.people import OTHER_DESA, make_account, sign_in
from tests.factories.phone_photos import phone_photo
from tests.factories.sales import make_sale
from tests.support.queries import count_queries

DAYS = st.dates(min_value=date(2024, 1, 1), max_value=date(2028, 1, 1))


@pytest.fixture
def pendamping(app):
    return make_account("pendamping")


@pytest.fixture
def kpm(app):
    return make_kpm(name="Ibu Sarinah")


@pytest.fixture
def desk(client, pendamping):
    sign_in(client, pendamping)
    return client


def day(offset=0):
    return today("Asia/Jakarta") + timedelta(days=offset)


def fields(**given):
    return {
        "kunci": "k1",
        "tanggal": day().isoformat(),
        "cara": "home",
        "ditemui": "spouse",
        "jalan": "ya",
        "berubah": "Pesanan mulai datang dari kota.",
        "perlu": ["market", "papers"],
        "tanya-meals": "yes",
        "tahu": "seen",
    } | given


def months():
    return rules.last_months(day())


def test_a_visit_keeps_what_was_seen_and_said_and_the_book_stays_as_it_was(desk, kpm, pendamping):
    shop = make_shop()
    make_business(kpm, shop)
    make_consent(kpm)
    make_sale(shop, amount=Rupiah(120_000), sold_on=months()[-1] + timedelta(days=3))

    page = desk.get(f"/dinsos/keluarga/{kpm.id}/kunjungan").text
    assert 'value="120.000"' in page
    told = {field_of(months()[-1]): "200rb"}
    answer = desk.post(f"/dinsos/keluarga/{kpm.id}/kunjungan", data=fields(**told, foto=photo()))

    assert answer.status_code == 303, answer.text
    shown = desk.get(answer.location).text
    for each in (
        "Rp120.000", "Rp200.000", "Pesanan mulai datang", "Tempat jualan, Surat izin", "Makan cukup", "Di rumah",
        "Pasangannya", "Lihat foto kunjungan", pendamping.name,
    ):  # fmt: skip
        assert each in shown
    assert queries.booked_months(kpm.id, day())[months()[-1]] == Rupiah(120_000)
    assert [look.actor_id for look in list_looks(kpm.id)] == [pendamping.id]
    assert desk.get(f"{answer.location}/foto").mimetype == "image/jpeg"
    assert "usaha berjalan" in desk.get(f"/dinsos/keluarga/{kpm.id}").text


def photo():
    return (io.BytesIO(phone_photo("PNG", (400, 300))), "usaha.png")


def test_without_consent_no_sale_is_filled_in_from_that_minute(desk, kpm):
    shop = make_shop()
    make_business(kpm, shop)
    make_sale(shop, amount=Rupiah(77_700), sold_on=months()[-1] + timedelta(days=3))
    assert "77.700" not in desk.get(f"/dinsos/keluarga/{kpm.id}/kunjungan").text

    make_consent(kpm)
    assert "77.700" in desk.get(f"/dinsos/keluarga/{kpm.id}/kunjungan").text

    with transaction():
        families.withdraw_consent(kpm, "graduation_monitoring", by=make_account("caseworker"))
    assert "77.700" not in desk.get(f"/dinsos/keluarga/{kpm.id}/kunjungan").text


def test_figures_of_the_book_that_lay_open_when_she_said_no_are_not_kept(desk, kpm, pendamping):
    shop, address = make_shop(), f"/dinsos/keluarga/{kpm.id}/kunjungan"
    make_business(kpm, shop)
    make_consent(kpm)
    make_sale(shop, amount=Rupiah(77_700), sold_on=months()[-1] + timedelta(days=3))
    lay_open = fields(terisi="1", **{field_of(months()[-1]): "77.700"})
    assert 'name="terisi" type="hidden" value="1"' in desk.get(address).text
    with transaction():
        families.withdraw_consent(kpm, "graduation_monitoring", by=pendamping)

    refused = desk.post(address, data=lay_open)
    kept = db.session.scalars(select(MonitoringVisit)).all()
    told = desk.post(address, data=fields(**{field_of(months()[-1]): "50rb"}))

    assert (refused.status_code, kept) == (409, [])
    assert "sudah mencabut izin" in refused.text
    assert "77.700" not in refused.text
    assert "Pesanan mulai datang dari kota." in refused.text
    assert "data-returned" in refused.text, "or the phone would fill the figures in again"
    assert told.status_code == 303
    assert "Rp77.700" not in desk.get(told.location).text
    assert "Rp50.000" in desk.get(told.location).text


def test_a_no_that_comes_while_a_visit_is_being_sent_holds_too(kpm, pendamping):
    shop = make_shop()
    make_business(kpm, shop)
    make_consent(kpm)
    make_sale(shop, amount=Rupiah(77_700), sold_on=months()[-1] + timedelta(days=3))
    booked = queries.booked_months(kpm.id, day())
    with transaction():
        families.withdraw_consent(kpm, "graduation_monitoring", by=pendamping)

    with pytest.raises(BookClosed):
        make_visit(kpm, booked=booked, told=booked, filled_in=True)
    kept = make_visit(kpm, booked=booked)

    assert [each.booked for each in kept.months] == [None] * len(booked)
    assert db.session.scalar(select(func.count()).select_from(MonitoringVisit)) == 1


def test_what_a_phone_kept_of_a_visit_is_forgotten_once_it_is_here_and_is_nobody_elses(desk, kpm, pendamping):
    address, draft = f"/dinsos/keluarga/{kpm.id}/kunjungan", f"kunjungan-{kpm.id}-{pendamping.id}"

    assert f'data-draft="{draft}"' in desk.get(address).text
    stored = desk.post(address, data=fields())

    assert f'data-draft-done="{draft}"' in desk.get(stored.location).text


def test_a_visit_kept_before_she_said_no_is_found_again_by_its_key(desk, kpm, pendamping):
    address = f"/dinsos/keluarga/{kpm.id}/kunjungan"
    make_consent(kpm)
    sent = fields(terisi="1", **{field_of(each): "0" for each in months()})
    first = desk.post(address, data=sent)
    with transaction():
        families.withdraw_consent(kpm, "graduation_monitoring", by=pendamping)

    assert desk.post(address, data=sent).location == first.location


def test_what_was_said_lies_sealed_in_the_database(desk, kpm):
    desk.post(f"/dinsos/keluarga/{kpm.id}/kunjungan", data=fields(berubah="Suaminya sakit sejak Mei."))

    stored = db.session.execute(text("SELECT said_sealed FROM monitoring_visit")).scalar_one()
    assert "sakit" not in stored
    assert queries.said_of(db.session.scalars(select(MonitoringVisit)).one()) == "Suaminya sakit sejak Mei."


def test_a_double_tap_is_one_visit_and_other_words_are_refused(desk, kpm):
    address = f"/dinsos/keluarga/{kpm.id}/kunjungan"
    assert desk.post(address, data=fields()).location == desk.post(address, data=fields()).location

    other = desk.post(address, data=fields(berubah="Lain sama sekali."))
    assert other.status_code == 409
    assert "Lain sama sekali." in other.text
    for changed in ({field_of(months()[0]): "200rb"}, {"tanya-meals": "no"}, {"cara": "phone"}):
        assert desk.post(address, data=fields(**changed)).status_code == 409
    assert db.session.scalar(select(func.count()).select_from(MonitoringVisit)) == 1


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"jalan": "tidak", "berubah": ""}, "tulis kenapa"),
        ({"tanggal": "2999-01-01"}, "belum terjadi"),
        ({"tanggal": "2019-01-01"}, "lebih dari setahun"),
        ({"cara": ""}, "Pilih salah satu"),
        ({"tanya-meals": "mungkin"}, "Pilih salah satu"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_typed_is_lost(desk, kpm, changed, sentence):
    answer = desk.post(
        f"/dinsos/keluarga/{kpm.id}/kunjungan", data=fields(**{"berubah": "Harga telur naik."} | changed)
    )

    assert answer.status_code == 422
    assert sentence in answer.text
    assert changed.get("berubah", "Harga telur naik.") in answer.text
    assert db.session.scalar(select(func.count()).select_from(MonitoringVisit)) == 0


def test_the_caseload_begins_with_whoever_waits_longest(desk, app):
    make_enrollment(make_kpm(name="Ibu Baru"), ended_on=day(-40), exit_kind="self_reliant", exit_date=day(-40))
    make_enrollment(make_kpm(name="Ibu Lama"), ended_on=day(-120), exit_kind="self_reliant", exit_date=day(-120))
    make_grant(make_kpm(name="Ibu Mixer"), granted_on=day(-120), due_report_on=day(-30))
    make_grant(make_kpm(name="Ibu Seberang", desa_code=OTHER_DESA), granted_on=day(-120), due_report_on=day(-30))

    page, every = desk.get("/dampingan/keluarga").text, desk.get("/dampingan/keluarga?semua=1").text

    assert page.index("Ibu Mixer") < page.index("Ibu Baru")
    assert page.index("Ibu Lama") < page.index("Ibu Baru")
    assert "3 bulan setelah graduasi" in page
    assert "Tiga bulanan bantuan usaha" in page
    assert "Ibu Seberang" not in page + every
    assert "Ibu Lama" in every


def test_a_visit_takes_a_family_off_the_list_until_the_next_is_due(desk, kpm):
    make_enrollment(kpm, ended_on=day(-35), exit_kind="natural", exit_date=day(-35))
    assert "Ibu Sarinah" in desk.get("/dampingan/keluarga").text

    desk.post(f"/dinsos/keluarga/{kpm.id}/kunjungan", data=fields())

    assert "Ibu Sarinah" not in desk.get("/dampingan/keluarga").text
    assert "Ibu Sarinah" in desk.get("/dampingan/keluarga?semua=1").text


def test_the_caseload_asks_as_much_for_thirty_families_as_for_three(app, desk):
    def asked():
        with count_queries(app) as statements:
            assert desk.get("/dampingan/keluarga?semua=1").status_code == 200
        return len(statements)

    for _each in range(3):
        make_kpm()
    few = asked()
    for _each in range(27):
        make_kpm()
    assert asked() == few <= 12


def test_a_stranger_s_family_answers_like_none(client, app, kpm):
    sign_in(client, make_account("pendamping", areas=[OTHER_DESA]))

    missing = client.get("/dinsos/keluarga/999999/kunjungan")
    theirs = client.get(f"/dinsos/keluarga/{kpm.id}/kunjungan")
    assert (theirs.status_code, missing.status_code) == (404, 404)


@given(left=st.none() | DAYS, aided=st.lists(DAYS, max_size=3), visits=st.lists(DAYS, max_size=5), day=DAYS)
def test_a_visit_today_always_settles_what_is_due_today(left, aided, visits, day):
    aided, visits = [each for each in aided if each <= day], [each for each in visits if each <= day]
    left = left if left and left <= day else None
    due = rules.next_visit(since=date(2024, 1, 1), left_on=left, aided_on=aided, visits=visits, today=day)

    after = rules.next_visit(since=date(2024, 1, 1), left_on=left, aided_on=aided, visits=[*visits, day], today=day)
    if due is not None and due.on <= day:
        assert after is None or after.on > day


@given(left=DAYS, day=DAYS)
def test_nobody_is_asked_to_visit_in_a_time_that_a_later_milestone_has_overtaken(left, day):
    due = rules.next_visit(since=left, left_on=left, aided_on=[], visits=[], today=max(day, left))

    assert due is None or max(day, left) < rules.later(left, 27)


def agreed_on(**given):
    """What a form says of one action: a display case, the family's, in ten days."""
    return {"langkah-1": "Menambah etalase", "oleh-1": "family", "batas-1": day(10).isoformat()} | given


def test_what_is_agreed_is_followed_from_the_visit_over_the_caseload_until_it_is_done(desk, kpm, pendamping):
    answer = desk.post(f"/dinsos/keluarga/{kpm.id}/kunjungan", data=fields(**agreed_on()))
    (action,) = agreed.list_of_family(kpm.id)
    page, family = desk.get(answer.location).text, desk.get(f"/dinsos/keluarga/{kpm.id}").text
    cases = desk.get("/dampingan/keluarga?semua=1").text
    again = desk.get(f"/dinsos/keluarga/{kpm.id}/kunjungan").text

    for shown in (page, family, again):
        assert "Menambah etalase" in shown
    assert "1 kesepakatan belum selesai" in cases
    assert "0 kesepakatan selesai" in cases
    closed = desk.post(f"/dinsos/kunjungan/langkah/{action.id}", data={"hasil": "done"})

    assert closed.status_code == 303
    assert (action.outcome, action.closed_on, action.closed_by_id) == ("done", day(), pendamping.id)
    cases = desk.get("/dampingan/keluarga?semua=1").text
    assert "kesepakatan belum selesai" not in cases
    assert "1 kunjungan, 1 usaha ditengok, 1 kesepakatan selesai" in cases
    assert "Menambah etalase" not in desk.get(f"/dinsos/keluarga/{kpm.id}/kunjungan").text
    stored = db.session.execute(text("SELECT what_sealed FROM agreed_action")).scalar_one()
    assert "etalase" not in stored


def test_what_is_late_brings_a_family_back_on_the_list(desk, kpm):
    desk.post(f"/dinsos/keluarga/{kpm.id}/kunjungan", data=fields(**agreed_on()))
    assert "Ibu Sarinah" not in desk.get("/dampingan/keluarga").text

    with transaction() as session:
        session.execute(update(AgreedAction).values(due_on=day(-1)))

    page = desk.get("/dampingan/keluarga").text
    assert "Ibu Sarinah" in page
    assert "1 kesepakatan belum selesai, 1 lewat waktu" in page
    assert "Lewat waktu" in desk.get(f"/dinsos/keluarga/{kpm.id}").text


def test_an_action_is_closed_once_and_by_whoever_visits_the_family(desk, client, kpm):
    desk.post(f"/dinsos/keluarga/{kpm.id}/kunjungan", data=fields(**agreed_on()))
    (action,) = agreed.list_of_family(kpm.id)
    here = f"/dinsos/kunjungan/langkah/{action.id}"
    sign_in(client, make_account("pendamping", areas=[OTHER_DESA]))
    assert client.post(here).status_code == client.post("/dinsos/kunjungan/langkah/99999").status_code == 404
    sign_in(client, make_account("caseworker"))

    assert client.post(here, data={"hasil": "dropped"}).status_code == 303
    assert client.post(here, data={"hasil": "done"}).status_code == 409
    assert action.outcome == "dropped"


def test_an_action_without_a_day_to_come_is_refused_and_nothing_typed_is_lost(desk, kpm):
    for wrong in ("", day(-1).isoformat(), day(500).isoformat()):
        answer = desk.post(f"/dinsos/keluarga/{kpm.id}/kunjungan", data=fields(**agreed_on(**{"batas-1": wrong})))
        assert answer.status_code == 422
        assert "Pilih hari antara hari ini dan setahun lagi." in answer.text
        assert 'value="Menambah etalase"' in answer.text
    assert agreed.list_of_family(kpm.id) == []


def test_the_same_visit_with_another_action_under_its_key_is_refused(desk, kpm):
    address = f"/dinsos/keluarga/{kpm.id}/kunjungan"
    desk.post(address, data=fields(**agreed_on()))

    assert desk.post(address, data=fields(**agreed_on())).status_code == 303
    assert desk.post(address, data=fields(**agreed_on(**{"langkah-1": "Yang lain"}))).status_code == 409
    assert len(agreed.list_of_family(kpm.id)) == 1


def test_a_family_says_on_a_visit_that_it_wishes_to_stand_alone(desk, kpm):
    answer = desk.post(f"/dinsos/keluarga/{kpm.id}/kunjungan", data=fields(mandiri="yes"))

    assert "Ya, ingin" in desk.get(answer.location).text
    assert "Keluarga ini sendiri yang mengatakannya" in desk.get(f"/dinsos/keluarga/{kpm.id}").text
    assert "Ingin mandiri" in desk.get("/dampingan/keluarga?semua=1").text
    desk.post(f"/dinsos/keluarga/{kpm.id}/kunjungan", data=fields(kunci="k2", mandiri="no"))
    assert "Ingin mandiri" not in desk.get("/dampingan/keluarga?semua=1").text


def test_a_shop_without_a_photo_is_named_on_the_caseload_until_it_has_one(desk, kpm):
    shop = make_shop()
    make_business(kpm, shop)
    assert "Lapaknya belum punya foto produk" in desk.get("/dampingan/keluarga?semua=1").text
    make_product(shop, photo=None)
    assert "Lapaknya belum punya foto produk" in desk.get("/dampingan/keluarga?semua=1").text

    make_product(shop, photo=make_photo(shop))

    assert "Lapaknya belum punya foto produk" not in desk.get("/dampingan/keluarga?semua=1").text


def test_months_without_aid_and_whether_the_business_still_ran_stand_on_the_family_s_page(desk, kpm):
    left = rules.later(day(), -14)
    make_enrollment(kpm, "pkh", started_on=left - timedelta(days=900), ended_on=left, exit_kind="self_reliant")
    page = desk.get(f"/dinsos/keluarga/{kpm.id}").text
    assert "Sudah 14 bulan tanpa bantuan" in page
    assert "12 bulan setelah graduasi: belum ditengok" in page

    make_visit(kpm, visited_on=rules.later(left, 12) + timedelta(days=3))

    assert "12 bulan setelah graduasi: usaha berjalan" in desk.get(f"/dinsos/keluarga/{kpm.id}").text


def test_a_family_in_a_programme_is_not_said_to_be_without_aid(desk, kpm):
    make_enrollment(kpm, "pkh")

    assert "tanpa bantuan, sejak" not in desk.get(f"/dinsos/keluarga/{kpm.id}").text
