"""The desk: what a curator sets and an approver signs, and what is refused with its reason."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
import time_machine
from icalendar import Calendar

from app.core.clock import now, today
from app.core.db import db, transaction
from app.core.i18n import tanggal
from app.kit.periods import WIB
from app.people.accounts.models import Account
from app.people.places import queries as places
from app.trade.bazaars import applying, changing, operations, rules
from app.trade.bazaars.models import Bazaar, Proposal, Review
from tests.factories import bazaars
from tests.factories.people import KECAMATAN, make_account, sign_in, sign_out
from tests.support.pages import words_of

ZONE = bazaars.ZONE
ONE = (rules.Pool("total", 1),)


def filled(**given):
    day = today(ZONE)
    facts = {
        "kunci": "k1",
        "nama": "Bazar Alun-Alun",
        "tempat": "Alun-alun kecamatan",
        "kontak": "0812-3456-7890",
        "mulai": day + timedelta(days=35),
        "selesai": day + timedelta(days=35),
        "buka": "08:00",
        "tutup": "15:00",
        "lapak": 10,
        "peserta": 12,
        "simpan": "",
        "daftar": day + timedelta(days=10),
        "terakhir": day + timedelta(days=12),
        "umum": day + timedelta(days=16),
        "keberatan": 3,
    }
    return {name: str(value) for name, value in (facts | given).items()}


def in_days(days):
    return today(ZONE) + timedelta(days=days)


@pytest.fixture
def office(client, curator):
    sign_in(client, curator)
    return client


def test_an_empty_form_begins_with_a_saturday_and_with_place_and_size_of_last_time(office, curator):
    assert 'value="Alun-alun Ciruas"' not in office.get("/dinsos/bazar/baru").text
    bazaars.make_draft(curator, place="Alun-alun Ciruas", stall_count=24, name="Bazar Lebaran")

    page = office.get("/dinsos/bazar/baru").text

    shown = dict(re.findall(r'name="(\w+)"[^>]* value="([^"]*)"', page))
    assert (shown["tempat"], shown["lapak"], shown["nama"]) == ("Alun-alun Ciruas", "24", "")
    assert date.fromisoformat(shown["mulai"]).weekday() == 5
    assert date.fromisoformat(shown["mulai"]) > date.fromisoformat(shown["umum"])


def test_what_was_typed_stays_and_what_is_folded_away_opens_where_it_is_wrong(office):
    page = office.post("/dinsos/bazar/baru", data=filled(lintang="utara", pertama="99", lapak="banyak"))

    assert page.status_code == 422
    assert 'value="utara"' in page.text
    assert 'value="banyak"' in page.text
    assert page.text.count('<details class="bazaar-step" open>') == 2
    assert office.get("/dinsos/bazar/baru").text.count('<details class="bazaar-step" open>') == 0


def test_a_curator_writes_a_bazaar_down_and_asks_for_it(office, client, approver):
    answer = office.post("/dinsos/bazar/baru", data=filled(batas1="category:lauk-olahan", jumlah1="4"))
    assert answer.status_code == 303
    bazaar = db.session.query(Bazaar).one()
    assert {pool.key: pool.capacity for pool in bazaar.pools} == {"total": 12, "category:lauk-olahan": 4}

    office.post(f"{answer.location}/langkah", data={"langkah": "minta-buka"})
    proposal = db.session.query(Proposal).one()
    sign_out(client)
    sign_in(client, approver)
    assert "Bazar Alun-Alun" in client.get("/dinsos/bazar").text
    client.post(f"/dinsos/bazar/tanda-tangan/{proposal.id}", data={"langkah": "setuju"})

    db.session.refresh(bazaar)
    assert bazaar.state == "open_call"


def test_a_form_sent_again_with_other_contents_is_refused_in_words_and_loses_nothing(office):
    sent = filled(lintang="-6.1234", bujur="106.15", batas1="category:lauk-olahan", jumlah1="4")
    first, again = office.post("/dinsos/bazar/baru", data=sent), office.post("/dinsos/bazar/baru", data=sent)
    assert (first.status_code, first.location) == (303, again.location)

    other = office.post("/dinsos/bazar/baru", data=sent | {"nama": "Bazar Lain"})

    assert other.status_code == 409
    assert "sudah pernah dikirim dengan isi lain" in other.text
    assert 'value="Bazar Lain"' in other.text
    assert 'name="kunci" type="hidden" value="k1"' not in other.text
    assert db.session.query(Bazaar).count() == 1


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"umum": "2099-01-01"}, "Pengumuman harus sebelum hari bazar."),
        ({"peserta": "40"}, "Peserta paling banyak dua kali jumlah lapak."),
        ({"pertama": "4"}, "Isi sampai kapan tempat pendatang baru disimpan."),
        ({"tutup": "07:00"}, "Hari dan jam belum benar"),
        ({"mulai": "0001-01-01"}, "Hari dan jam belum benar"),
        ({"selesai": "9999-12-31"}, "Hari dan jam belum benar"),
        ({"lapak": "-3"}, "Isi antara 1 dan 500."),
        ({"kontak": "abc"}, "Nomor HP belum benar"),
        ({"daftar": "31-31-31"}, "Isi tanggal"),
        ({"lintang": "nan"}, "Isi antara -11 dan 6."),
        ({"daftar": in_days(-1)}, "Batas pendaftaran sudah lewat."),
        ({"terakhir": in_days(9)}, "Batas terakhir tidak boleh sebelum batas pendaftaran."),
        ({"umum": in_days(11)}, "Pengumuman tidak boleh sebelum pendaftaran ditutup."),
        ({"umum": in_days(34)}, "Masa keberatan belum habis saat bazar mulai."),
        ({"mulai": in_days(-1), "selesai": in_days(-1)}, "Hari bazar sudah lewat."),
        ({"pertama": "4", "simpan": in_days(40)}, "Tempat disimpan paling lama sampai hari bazar."),
        ({"pertama": "13", "simpan": in_days(30)}, "Tempat yang disimpan melebihi seluruh tempat."),
        ({"lintang": "-6.12"}, "Isi lintang dan bujur, atau kosongkan keduanya."),
        ({"bujur": "106.15"}, "Isi lintang dan bujur, atau kosongkan keduanya."),
        ({"simpan": in_days(30)}, "Isi berapa tempat yang disimpan, atau kosongkan tanggalnya."),
        ({"batas1": "category:lauk-olahan"}, "Isi jumlah paling banyak."),
        ({"jumlah2": "4"}, "Pilih untuk siapa batas ini."),
        (
            {"batas1": "category:lauk-olahan", "jumlah1": "4", "batas3": "category:lauk-olahan", "jumlah3": "5"},
            "Sudah dipilih di batas lain.",
        ),
        ({"batas1": "category:lauk-olahan", "jumlah1": "13"}, "Melebihi seluruh tempat."),
    ],
)
def test_impossible_settings_are_refused_beside_their_field(office, given, sentence):
    page = office.post("/dinsos/bazar/baru", data=filled(**given))

    assert page.status_code == 422
    assert any(sentence in said for said in re.findall(r'class="field__error".*?<span>(.*?)</span>', page.text, re.S))
    assert db.session.query(Bazaar).count() == 0


def test_what_a_curator_sets_is_what_the_signer_and_visitors_read(office, client, approver):
    sent = {
        "acara": "Donor darah PMI", "lintang": "-6.1201", "bujur": "106.1503", "kecamatan": "36.04.27",
        "selesai": in_days(36), "buka": "09:00", "tutup": "16:30", "pertama": "3", "simpan": in_days(30),
        "batas1": "kecamatan:36.04.27", "jumlah1": "6",
    }  # fmt: skip
    office.post("/dinsos/bazar/baru", data=filled(**sent))
    bazaar = db.session.query(Bazaar).one()
    with transaction():
        operations.ask_to_open(bazaar, by=db.session.get_one(Account, bazaar.created_by_id))
    sign_in(client, approver)

    read = plain(client.get(f"/dinsos/bazar/{bazaar.id}").text)

    for said in (
        f"{tanggal(in_days(35))}, 09.00–16.30 {tanggal(in_days(36))}, 09.00–16.30",
        "Tempat Alun-alun kecamatan, Kecamatan Ciomas",
        "Titik peta -6.1201, 106.1503", "Menumpang acara Donor darah PMI",
        "Jumlah lapak 10", f"Pendaftaran sampai {tanggal(in_days(10))}",
        f"Pendaftaran terlambat sampai {tanggal(in_days(12))}", f"Diumumkan {tanggal(in_days(16))}",
        "Masa keberatan 3 hari", "Nomor WhatsApp panitia 0812", "Kecamatan Ciomas 0 6", "Seluruh tempat 0 12",
    ):  # fmt: skip
        assert said in read, said
    assert re.search(r"yang pertama kali ikut disimpan sampai .+? 0 3", read)
    with transaction():
        operations.answer(db.session.query(Proposal).one(), "signed", "", by=approver)
    sign_out(client)
    shown = plain(client.get(f"/bazar/{bazaar.slug}").text)
    for said in (tanggal(in_days(35)), tanggal(in_days(36)), "09.00–16.30", "Alun-alun kecamatan", "10 lapak"):
        assert said in shown, said
    days = Calendar.from_ical(client.get("/bazar.ics").data).walk("VEVENT")
    hours = [(each["DTSTART"].dt.strftime("%H.%M"), each["DTEND"].dt.strftime("%H.%M")) for each in days]
    assert hours == [("09.00", "16.30")] * 2
    assert [each["DTSTART"].dt.date() for each in days] == [in_days(35), in_days(36)]
    assert days[0]["GEO"].to_ical() == "-6.1201;106.1503"


def plain(page):
    """What the main part of a page says, without tags."""
    return words_of(page.split("<main")[1])


def test_what_waits_for_a_signature_is_neither_asked_again_nor_changed(office, curator):
    bazaar = bazaars.make_draft(curator)
    page = f"/dinsos/bazar/{bazaar.id}"
    assert "Minta buka pendaftaran" in (before := office.get(page).text)
    assert f'href="{page}/ubah"' in before

    office.post(f"{page}/langkah", data={"langkah": "minta-buka"})
    asked = office.get(page).text

    assert "Menunggu tanda tangan orang lain." in asked
    assert "Minta buka pendaftaran" not in asked
    assert f'href="{page}/ubah"' not in asked


@pytest.mark.parametrize("who", ["asks", "signs"])
def test_a_draft_that_lay_too_long_is_refused_with_each_reason(office, client, curator, who):
    bazaar, signer = bazaars.make_draft(curator), make_account("approver")
    if who == "signs":
        with transaction():
            proposal = operations.ask_to_open(bazaar, by=curator)
    page = f"/dinsos/bazar/{bazaar.id}"
    with time_machine.travel(bazaar.starts_at + timedelta(days=1)):
        sign_in(client, signer if who == "signs" else curator)
        step = {"langkah": "setuju" if who == "signs" else "minta-buka"}
        client.post(f"/dinsos/bazar/tanda-tangan/{proposal.id}" if who == "signs" else f"{page}/langkah", data=step)
        said = client.get(page).text

    assert "belum bisa dipakai. Hari bazar sudah lewat. Batas pendaftaran sudah lewat." in said
    db.session.refresh(bazaar)
    assert bazaar.state == "draft"


def test_more_places_than_the_ground_holds_are_refused_in_words(office, curator):
    bazaar = bazaars.make_call(by=curator, stall_count=3, pools=(rules.Pool("total", 5),))
    step = {"langkah": "tambah-tempat", "kuota": "total", "jumlah": "7", "alasan": ""}
    page = f"/dinsos/bazar/{bazaar.id}"

    office.post(f"{page}/langkah", data=step)

    assert "Peserta paling banyak dua kali jumlah lapak." in office.get(page).text
    assert db.session.query(Proposal).filter_by(kind="capacity").count() == 0


def test_more_time_asks_for_the_dates_of_the_call_alone(noon, office, curator):
    bazaar = bazaars.make_call(by=curator)
    path, day = f"/dinsos/bazar/{bazaar.id}/tanggal", bazaar.days[0].day
    page = office.get(path).text
    assert 'name="daftar"' in page
    assert 'name="mulai"' not in page
    hard = WIB.day(bazaar.hard_deadline)
    with time_machine.travel(bazaar.soft_deadline + timedelta(hours=1)):
        sign_in(office, curator)
        page = office.get(path).text
        dates = dict(re.findall(r'name="(daftar|terakhir|umum|versi)"[^>]*value="([^"]+)"', page))
        later = date.fromisoformat(dates["terakhir"]) + timedelta(days=2)

        answer = office.post(path, data=dates | {"terakhir": later, "mulai": day + timedelta(days=9)})

        stale = office.post(path, data=dates | {"terakhir": later + timedelta(days=1)})

    assert answer.status_code == 303
    assert stale.status_code == 409
    assert f"<dt>Pendaftaran terlambat sampai</dt><dd>{tanggal(later)}</dd>" in stale.text
    db.session.refresh(bazaar)
    assert WIB.day(bazaar.hard_deadline) == hard + timedelta(days=2)
    assert [each.day for each in bazaar.days] == [day]


@pytest.mark.parametrize(
    ("days", "sentence"),
    [({"umum": 34}, "Masa keberatan belum habis saat bazar mulai."), ({"terakhir": 30}, "sebelum pendaftaran ditutup")],
)
def test_dates_of_a_call_that_cannot_be_are_refused_beside_their_field(office, curator, days, sentence):
    bazaar = bazaars.make_call(by=curator, days_ahead=35)
    given = {"daftar": 20, "terakhir": 21, "umum": 22, **days}

    page = office.post(
        f"/dinsos/bazar/{bazaar.id}/tanggal",
        data={"versi": bazaar.version} | {name: in_days(each) for name, each in given.items()},
    )

    assert page.status_code == 422
    assert re.search(rf'id="umum-error-1">.{{,200}}?{sentence}', page.text, re.S)
    assert "Pengaturan bazar ini belum bisa dipakai." in page.text


def test_who_was_refused_is_said_to_be_so_once_all_know_it(office, judged):
    page = f"/dinsos/bazar/{judged[0].bazaar_id}"
    assert "akan ditolak" in office.get(page).text

    bazaars.publish(judged[0].bazaar)

    after = office.get(page).text
    assert "Belum bisa ikut kali ini" in after
    assert "akan ditolak" not in after


def test_a_draft_is_changed_and_a_stale_page_is_refused(office, curator):
    bazaar = bazaars.make_draft(curator)
    path = f"/dinsos/bazar/{bazaar.id}/ubah"
    assert office.post(path, data=filled(versi="1")).status_code == 303

    page = office.post(path, data=filled(versi="1", nama="Bazar Kedua", buka="09:30", lapak=12, cerita="Ada musik"))

    assert page.status_code == 409
    assert "sudah diubah dari tempat lain" in page.text
    stored = dict(re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)</dd>", page.text))
    assert stored == {  # what differs, and no more
        "Nama bazar": "Bazar Alun-Alun",
        "Jam buka": "08.00",
        "Jumlah lapak": "10",
        "Cerita untuk pengunjung": "kosong",
    }
    assert 'value="Bazar Kedua"' in page.text
    again = filled(versi="2", nama="Bazar Kedua")
    assert office.post(path, data=again).status_code == 303


def test_a_stale_draft_names_its_days_places_and_numbers_in_words(office, curator):
    path = f"/dinsos/bazar/{bazaars.make_draft(curator).id}/ubah"
    day = today(ZONE) + timedelta(days=35)
    limit = {"kecamatan": KECAMATAN, "batas1": "kecamatan:" + KECAMATAN, "jumlah1": 4}
    assert office.post(path, data=filled(versi="1", **limit)).status_code == 303

    later = dict.fromkeys(limit, "") | {
        "mulai": day + timedelta(days=1),
        "selesai": day + timedelta(days=1),
        "kontak": "0812-9999-0000",
    }
    page = office.post(path, data=filled(versi="1", **later))

    name = places.get_region(KECAMATAN).name
    stored = dict(re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)</dd>", page.text))
    assert stored == {
        "Kecamatan": name,
        "Nomor WhatsApp panitia": "0812-3456-7890",
        "Hari pertama": tanggal(day),
        "Hari terakhir": tanggal(day),
        "Batas 1: untuk siapa": f"Kecamatan {name}",
        "Batas 1: paling banyak": "4",
    }


def test_the_desk_sees_who_has_not_answered_the_new_dates(client, curator):
    bazaar = bazaars.make_call(by=curator)
    first, _second = bazaars.apply_to(bazaar), bazaars.apply_to(bazaar)
    moment = now()
    with transaction():
        changing.postpone(bazaar, "Jalan ditutup", by=curator)
    with transaction():
        changing.resume(
            bazaar, bazaars.days_from(45), *(moment + timedelta(days=each) for each in (8, 11, 15)), by=curator
        )
        applying.stay(first, by=first.shop.owner)
    sign_in(client, curator)

    page = client.get(f"/dinsos/bazar/{bazaar.id}").text

    assert "1 pendaftar belum menjawab tanggal baru." in page
    assert page.count("· belum menjawab tanggal baru") == 1


def test_a_reviewer_scores_on_the_page_and_another_kabupatens_does_not(client, curator):
    application = bazaars.apply_to(bazaars.make_call())
    path = f"/dinsos/bazar/pendaftaran/{application.id}"
    points = {f"nilai-{key}": str(most) for key, most in rules.RUBRIC}
    sign_in(client, make_account("curator", region_code="36.01"))
    assert client.post(path, data={"langkah": "nilai", **points}).status_code == 404
    sign_out(client)
    sign_in(client, curator)

    client.post(path, data={"langkah": "nilai", **points})

    assert db.session.query(Review).one().total == 10


@pytest.mark.parametrize("value", ["", "x", "99999999999999999999", "-1"])
def test_odd_points_are_refused_in_words(client, curator, value):
    application = bazaars.apply_to(bazaars.make_call())
    sign_in(client, curator)
    path = f"/dinsos/bazar/pendaftaran/{application.id}"
    points = {f"nilai-{key}": str(most) for key, most in rules.RUBRIC} | {"nilai-papers": value}

    client.post(path, data={"langkah": "nilai", **points})

    assert "Nilai tiap bagian harus diisi" in client.get(path).text
    assert db.session.query(Review).count() == 0


def test_an_event_that_takes_a_bazaar_along_is_named_to_visitors_and_stays_when_it_is_edited(office, client, approver):
    answer = office.post("/dinsos/bazar/baru", data=filled(acara="Khitanan massal", lintang="-6.1201", bujur="106.15"))
    bazaar = db.session.query(Bazaar).one()

    page = office.get(f"{answer.location}/ubah").text
    bazaars.open_call(bazaar, approver=approver)
    shown = client.get(f"/bazar/{bazaar.slug}").text

    assert (bazaar.host_event, bazaar.latitude, bazaar.longitude) == ("Khitanan massal", -6.1201, 106.15)
    assert 'value="Khitanan massal"' in page
    assert "Bersama Khitanan massal" in shown
    assert "Bersama" not in client.get(f"/bazar/{bazaars.make_call().slug}").text
