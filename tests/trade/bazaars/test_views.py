"""The pages: who sees what and when, and that nothing shows before its moment."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from icalendar import Calendar

from app.core.clock import now
from app.core.db import db, transaction
from app.core.i18n import tanggal, tanggal_pendek
from app.goods.products import filling
from app.kit.periods import zone_named
from app.trade.bazaars import changing, ground, judging, rules
from app.trade.bazaars.models import Application
from tests.factories import bazaars
from tests.factories.goods import make_product, make_shop, variant_of
from tests.factories.people import make_account, sign_in, sign_out
from tests.support import paper

ZONE = bazaars.ZONE
ONE = (rules.Pool("total", 1),)


def test_a_seller_applies_with_last_times_answers(client):
    shop = make_shop()
    bazaars.apply_to(bazaars.make_call(), shop, goods="Opak singkong 30 bungkus")
    bazaar = bazaars.make_call(name="Bazar Kedua")
    sign_in(client, shop.owner)
    path = f"/jualan/bazar/{bazaar.id}/daftar"
    page = client.get(path)
    assert "Opak singkong 30 bungkus" in page.text

    answer = client.post(path, data={"kunci": "a", "barang": "Opak 50 bungkus"})

    page = client.get(answer.location).text
    assert "Menunggu dinilai (bukan berarti penuh)" in page
    assert "Opak 50 bungkus" in page
    assert "Bazar Kedua" in client.get("/jualan/bazar").text


def test_a_late_page_says_the_call_is_over(client):
    shop, bazaar = make_shop(), bazaars.make_call()
    with time_machine.travel(bazaar.hard_deadline + timedelta(minutes=1)):
        sign_in(client, shop.owner)

        page = client.post(f"/jualan/bazar/{bazaar.id}/daftar", data={"barang": "Keripik"})

    assert page.status_code == 409
    assert "sudah ditutup" in page.text


def test_a_pendamping_applies_and_both_names_stand(client):
    shop, pendamping, bazaar = make_shop(), make_account("pendamping"), bazaars.make_call()
    sign_in(client, pendamping)
    data = {"bazar": str(bazaar.id), "penjual": str(shop.id), "barang": "Keripik 20 bungkus"}

    answer = client.post("/dampingan/bazar/daftar", data=data)

    application = db.session.query(Application).one()
    assert answer.location == f"/dampingan/bazar/pendaftaran/{application.id}"
    assert (application.entered_by_id, application.on_behalf_of_id) == (pendamping.id, shop.owner_id)
    sign_out(client)
    sign_in(client, shop.owner)
    assert "Pendamping, atas nama Anda" in client.get(f"/jualan/bazar/pendaftaran/{application.id}").text


def test_a_pendamping_applies_for_nobody_elses_seller(client):
    stranger = make_shop(desa_code="36.04.12.2001")
    bazaar = bazaars.make_call()
    sign_in(client, make_account("pendamping"))

    page = client.post(
        "/dampingan/bazar/daftar", data={"bazar": str(bazaar.id), "penjual": str(stranger.id), "barang": "X X X"}
    )

    assert page.status_code == 422
    assert db.session.query(Application).count() == 0


SECRETS = (
    "Alasan rahasia",
    "Ditolak",
    "Belum bisa ikut",
    "akan ditolak",
    "Cadangan",
    "Dapat tempat",
    "9,00",
    "Nilai saya",
)


def pages_before(client, application):
    """Everything that a seller, her pendamping and a visitor can open about a bazaar."""
    bazaar = application.bazaar
    ways = {
        None: ["/bazar", f"/bazar/{bazaar.slug}", "/bazar.ics", "/"],
        application.shop.owner: ["/jualan", "/jualan/bazar", f"/jualan/bazar/pendaftaran/{application.id}"],
        make_account("pendamping"): ["/dampingan/bazar", f"/dampingan/bazar/pendaftaran/{application.id}"],
    }
    for who, paths in ways.items():
        if who is not None:
            sign_in(client, who)
        yield from ((path, client.get(path).text) for path in paths)
        if who is not None:
            sign_out(client)


@pytest.mark.parametrize("which", [0, 1])
def test_nothing_of_a_decision_shows_before_all_are_announced(client, judged, which):
    for path, text in pages_before(client, judged[which]):
        assert not [word for word in SECRETS if word in text], path


@pytest.mark.parametrize("which", [0, 1])
def test_before_the_moment_the_page_of_who_gets_in_looks_like_that_of_who_does_not(client, judged, which):
    application = judged[which]
    sign_in(client, application.shop.owner)

    page = client.get(f"/jualan/bazar/pendaftaran/{application.id}").text

    assert re.findall(r"<h1>([^<]+)", page) == ["Menunggu dinilai (bukan berarti penuh)"]


def test_what_is_shown_too_early_goes_red(client, judged):
    bazaars.publish(judged[0].bazaar)

    shown = [word for _path, text in pages_before(client, judged[1]) for word in SECRETS if word in text]

    assert "Alasan rahasia" in shown


def test_after_the_moment_she_reads_why_and_her_own_points(client, app):
    bazaar, (_first, second) = bazaars.make_published(2, pools=ONE, points=(9, 8))
    sign_in(client, second.shop.owner)

    page = client.get(f"/jualan/bazar/pendaftaran/{second.id}").text

    assert "Cadangan nomor 2" in page
    assert "Kenapa saya belum dapat?" in page
    assert "Yang masih penuh: Seluruh tempat." in page
    assert "Kesiapan produk" in page
    assert bazaar.name in client.get("/jualan/bazar").text


def test_she_answers_an_offer_and_a_late_yes_is_told(client, app):
    _bazaar, (first, _second) = bazaars.make_published(2, pools=ONE)
    path, expires = f"/jualan/bazar/pendaftaran/{first.id}", first.offer_expires_at
    with time_machine.travel(expires):
        sign_in(client, first.shop.owner)
        assert "Waktu menjawab habis" in client.get(path).text

        client.post(path, data={"langkah": "ikut"})

        assert "Waktu menjawab tawaran sudah habis" in client.get(path).text


@pytest.mark.parametrize("who", ["seller", "pendamping"])
def test_new_dates_are_answered_on_the_page_of_an_application(client, curator, who):
    bazaar, (_first, second) = bazaars.make_published(2, pools=ONE)
    home = "jualan" if who == "seller" else "dampingan"
    path = f"/{home}/bazar/pendaftaran/{second.id}"
    with transaction():
        changing.postpone(bazaar, "Jalan ditutup", by=curator)
    sign_in(client, second.shop.owner if who == "seller" else make_account("pendamping"))
    assert "Ya, masih ikut" not in client.get(path).text
    with transaction():
        changing.resume(bazaar, bazaars.days_from(45), None, None, None, by=curator)

    asked, listed = client.get(path).text, client.get(f"/{home}/bazar").text
    client.post(path, data={"langkah": "masih-ikut"})
    answered = client.get(path).text

    assert "Bazar ini punya tanggal baru" in asked
    assert "Cadangan nomor 2" in asked
    assert "Jawab tanggal baru" in listed
    assert "Bazar ini punya tanggal baru" not in answered
    assert "Jawab tanggal baru" not in client.get(f"/{home}/bazar").text


@pytest.mark.parametrize("who", ["seller", "pendamping"])
def test_until_when_new_dates_wait_stands_on_the_page_and_silence_is_told_without_a_job(client, curator, who):
    bazaar, (_first, second) = bazaars.make_published(2, pools=ONE)
    home = "jualan" if who == "seller" else "dampingan"
    path = f"/{home}/bazar/pendaftaran/{second.id}"
    with transaction():
        changing.postpone(bazaar, "Jalan ditutup", by=curator)
    with transaction():
        changing.resume(bazaar, bazaars.days_from(45), None, None, None, by=curator)
    reader = second.shop.owner if who == "seller" else make_account("pendamping")
    sign_in(client, reader)

    asked, listed = client.get(path).text, client.get(f"/{home}/bazar").text
    with time_machine.travel(second.asked_until):
        sign_in(client, reader)
        late = client.get(path).text
        client.post(path, data={"langkah": "masih-ikut"})
        answered = client.get(path).text

    assert f'datetime="{second.asked_until.isoformat(timespec="seconds")}"' in asked
    assert "jawab sebelum" in listed
    assert ("1 penjual belum menjawab tanggal baru." in listed) == (who == "pendamping")
    assert "Waktu menjawab habis" in late
    assert "Ya, masih ikut" not in late
    assert "Waktu menjawab tanggal baru sudah habis." in answered


def test_visitors_see_the_bazaar_its_people_and_its_goods(client, app):
    shop = make_shop()
    make_product(shop, name="Telur asin istimewa")
    bazaar = bazaars.make_call(latitude=-6.12, longitude=106.15, programme="08.00 Bazar dibuka")
    application = bazaars.apply_to(bazaar, shop)
    bazaars.close_call(bazaar)
    bazaars.score(application)
    bazaars.publish(bazaar)
    bazaars.confirmed(application)
    with transaction():
        ground.place(application, 3, by=make_account("curator"))

    page = client.get(f"/bazar/{bazaar.slug}").text

    assert re.findall(r'bazaar-plan__stall--taken">.+?>(\d+)</text>', page) == ["3"]
    assert re.search(rf'bazaar-people__number">3</span>.{{,120}}{shop.name}', page, re.S)
    assert all(words in page for words in (shop.name, "Telur asin istimewa", "Denah lapak", "Bazar dibuka"))
    assert 'aria-label="Titik peta: -6.12, 106.15"' in page
    assert page.count('href="geo:-6.12,106.15"') == 2, "the way there, at the top and under the map"
    assert bazaar.name in client.get("/bazar").text
    assert bazaar.name in client.get("/").text
    assert bazaar.name in client.get(f"/bazar?bulan={bazaar.starts_at:%Y-%m}").text


def test_a_bazaar_of_several_days_stands_on_each_of_them_in_the_calendar(client, app):
    bazaar = bazaars.make_call(many_days=3)
    days = [each.day for each in bazaar.days]
    marked = []

    for month in sorted({day.replace(day=1) for day in days}):
        page = client.get(f"/bazar?bulan={month:%Y-%m}").text
        cells = re.findall(r"<td><span>(\d+)</span>(.*?)</td>", page)
        marked += [month.replace(day=int(day)) for day, held in cells if f'href="/bazar/{bazaar.slug}"' in held]

    assert marked == days


def test_between_the_two_ends_of_a_call_each_page_says_the_second(client, app):
    bazaar, shop = bazaars.make_call(), make_shop()
    ways = {None: f"/bazar/{bazaar.slug}", shop.owner: f"/jualan/bazar/{bazaar.id}/daftar"}
    ways[make_account("pendamping")] = "/dampingan/bazar"
    first, second = (tanggal_pendek(zone_named(ZONE).day(end)) for end in (bazaar.soft_deadline, bazaar.hard_deadline))

    for moment, said in ((now(), first), (bazaar.soft_deadline + timedelta(minutes=1), second)):
        with time_machine.travel(moment):
            for who, path in ways.items():
                if who:
                    sign_in(client, who)
                page = client.get(path).text
                assert re.search(r"[Ss]ampai (?:[A-Z]\w+ )?(\d+ \w{3})", page)[1] == said, path
                assert ("dinilai terakhir" in page) == (path.endswith("daftar") or (who is None and said == second))
                sign_out(client)


def test_a_question_is_read_by_all_once_it_is_answered(client, curator):
    bazaar, shop = bazaars.make_call(by=curator), make_shop()
    sign_in(client, shop.owner)
    client.post(f"/jualan/bazar/{bazaar.id}/tanya", data={"pertanyaan": "Boleh bawa kompor?"})
    sign_out(client)
    public = f"/bazar/{bazaar.slug}"
    assert "Boleh bawa kompor?" not in client.get(public).text

    sign_in(client, curator)
    page = client.get(f"/dinsos/bazar/{bazaar.id}").text
    reply = re.search(r'action="(/dinsos/bazar/tanya/\d+)"', page)[1]
    client.post(reply, data={"jawaban": "Boleh, bawa kain basah."})
    sign_out(client)

    shown = client.get(public).text
    assert "Boleh bawa kompor?" in shown
    assert "Boleh, bawa kain basah." in shown
    assert shop.owner.name not in shown


def test_a_draft_is_nobodys_business(client, app):
    bazaar = bazaars.make_draft()

    assert client.get(f"/bazar/{bazaar.slug}").status_code == 404
    assert bazaar.name not in client.get("/bazar").text
    assert bazaar.slug not in client.get("/bazar.ics").text


@pytest.mark.parametrize(
    "query", ["bulan=2026-13", "bulan=0001-01", "bulan=x", "kecamatan=x&kecamatan=36.04.27", "bulan=9999-12"]
)
def test_odd_months_are_no_trouble(client, app, query):
    assert client.get(f"/bazar?{query}").status_code == 200


def test_the_calendar_carries_the_right_clock(client, app):
    bazaar = bazaars.make_call()

    book = Calendar.from_ical(client.get("/bazar.ics").data)

    (event,) = book.walk("VEVENT")
    assert event["DTSTART"].dt == bazaar.starts_at
    assert event["DTSTART"].params["TZID"] == ZONE
    assert event["DTSTART"].dt.hour == 8


def test_the_poster_is_a_paper(client, app):
    bazaar = bazaars.make_call()

    answer = client.get(f"/bazar/{bazaar.slug}/poster.pdf")

    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF")


def test_the_poster_leads_a_phone_to_the_page_of_its_bazaar(client, app):
    bazaar, other = bazaars.make_call(host_event="Donor darah PMI"), bazaars.make_call(name="Bazar Lain")

    poster = client.get(f"/bazar/{bazaar.slug}/poster.pdf").data

    assert paper.holds_qr(poster, address_of(client, bazaar))
    assert not paper.holds_qr(poster, address_of(client, other))
    words = " ".join(paper.text_of(poster).split())
    assert "Bersama Donor darah PMI" in words
    assert "Bersama" not in paper.text_of(client.get(f"/bazar/{other.slug}/poster.pdf").data)


@pytest.mark.parametrize(("act", "said"), [(changing.postpone, "ditunda"), (changing.call_off, "dibatalkan")])
def test_nobody_is_told_to_come_on_the_day_of_a_bazaar_that_is_off(client, curator, act, said):
    bazaar, _applications = bazaars.make_published()
    page, poster = f"/bazar/{bazaar.slug}", f"/bazar/{bazaar.slug}/poster.pdf"
    day = tanggal(bazaar.days[0].day)
    before = client.get(page).text
    with transaction():
        act(bazaar, "Jalan ditutup", by=curator)
    after, listed = client.get(page).text, client.get("/bazar").text

    for text in ("Cetak poster", "Simpan ke kalender"):
        assert text in before
        assert text not in after
    assert f"<s>{day}</s>" not in before
    assert f"<s>{day}</s>" in after
    assert f"<s>{day}</s>" in listed
    assert f"Bazar ini {said}" in after
    assert "Jalan ditutup" in after
    assert ("Tanggal barunya diumumkan" in after) == (said == "ditunda")
    assert (answer := client.get(poster)).status_code == 303
    assert answer.location.endswith(page)


def test_nobody_is_invited_to_what_is_over(client, app):
    bazaar, _applications = bazaars.make_published()
    page = f"/bazar/{bazaar.slug}"
    assert client.get(f"{page}/poster.pdf").status_code == 200

    with time_machine.travel(bazaar.ends_at + timedelta(minutes=1)):
        after, poster = client.get(page).text, client.get(f"{page}/poster.pdf")

    for text in ("Cetak poster", "Simpan ke kalender", "Petunjuk arah"):
        assert text not in after
    assert (poster.status_code, poster.location.endswith(page)) == (303, True)


def address_of(client, bazaar):
    """The address by which search machines know the page."""
    return re.search(r'rel="canonical" href="([^"]+)"', client.get(f"/bazar/{bazaar.slug}").text)[1]


@pytest.mark.parametrize("who", ["seller", "pendamping"])
@pytest.mark.parametrize("how", ["refused", "removed"])
def test_who_is_turned_away_reads_why_and_how_to_object(client, curator, how, who):
    bazaar, application = turned_away(curator, how)
    home = "jualan" if who == "seller" else "dampingan"
    sign_in(client, application.shop.owner)
    told = client.get("/jualan/bazar").text
    if who == "pendamping":
        sign_in(client, make_account("pendamping"))
    path = f"/{home}/bazar/pendaftaran/{application.id}"

    page = client.get(path).text
    client.post(path, data={"langkah": "keberatan", "keberatan": "Izin saya masih berlaku sampai tahun depan."})
    after = client.get(path).text

    assert f"{bazaar.name}: Izinnya sudah habis Tidak setuju? Kirim keberatan dari halaman pendaftaran." in told
    assert "Izinnya sudah habis" in page
    assert "Tidak setuju? Tulis keberatan" in page
    assert "Dijawab petugas yang tidak ikut menilai." in page
    assert "Izin saya masih berlaku" in after
    assert "Tidak setuju? Tulis keberatan" not in after


def turned_away(curator, how):
    """An application that was refused with all others' results, or taken out after them."""
    bazaar = bazaars.make_call(by=curator)
    application = bazaars.apply_to(bazaar)
    bazaars.close_call(bazaar)
    bazaars.score(application)
    if how == "refused":
        with transaction():
            judging.decide_refusal(application, "Izinnya sudah habis", by=curator)
    bazaars.publish(bazaar)
    if how == "removed":
        with transaction():
            judging.remove(application, "Izinnya sudah habis", by=curator)
    assert application.state == how
    return bazaar, application


def test_goods_of_who_said_yes_can_be_collected_at_the_bazaar(client, app):
    shop, other = make_shop(), make_shop()
    goods, others = make_product(shop, slug="telur-bazar"), make_product(other, slug="telur-lain")
    stays = make_product(shop, slug="telur-rumah")
    with transaction():
        filling.can_be_had(stays, pickup=True, delivered=True, at_bazaars=False, seen=stays.places_seen, by=shop.owner)
    bazaar = bazaars.make_call()
    application = bazaars.apply_to(bazaar, shop)
    bazaars.close_call(bazaar)
    bazaars.score(application)
    bazaars.publish(bazaar)
    assert "Bisa diambil di bazar" not in client.get("/produk/telur-bazar").text

    bazaars.confirmed(application)

    assert "Bisa diambil di bazar" in client.get("/produk/telur-bazar").text
    assert "Bisa diambil di bazar" not in client.get("/produk/telur-lain").text
    assert "Bisa diambil di bazar" not in client.get("/produk/telur-rumah").text, "she does not bring it along"
    client.post("/keranjang", data={"varian": variant_of(goods).id, "jumlah": 1})
    client.post("/keranjang", data={"varian": variant_of(others).id, "jumlah": 1})
    assert client.get("/keranjang").text.count("Bisa diambil di bazar") == 1
    with time_machine.travel(bazaar.ends_at + timedelta(minutes=1)):
        assert "Bisa diambil di bazar" not in client.get("/produk/telur-bazar").text
