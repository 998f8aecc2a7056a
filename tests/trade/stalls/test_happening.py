"""What happens on the days of a bazaar: incidents while it runs, photos for visitors, both in the signed report."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
import time_machine
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select, update

from app.core import books, jobs
from app.core.clock import now
from app.core.db import db, transaction
from app.core.storage import public_store
from app.trade.bazaars.steps import NotNow
from app.trade.stalls import happening, reporting
from app.trade.stalls.happening import EnoughPhotos, Happened, NotThen
from app.trade.stalls.models import BazaarPhoto, Incident
from tests.factories import bazaars, stalls
from tests.factories.people import make_account, sign_in
from tests.factories.phone_photos import phone_jpeg
from tests.support import paper
from tests.support.log import did, log

STORM = "Angin kencang, tenda lapak 3 roboh."
TOLD = {"kunci": "satu", "jenis": "weather", "kejadian": STORM, "tindakan": "Tenda didirikan lagi."}


@pytest.fixture
def desk(client, curator):
    sign_in(client, curator)
    return client


def count(table):
    return db.session.scalar(select(func.count()).select_from(table))


def page_of(bazaar):
    return f"/dinsos/bazar/{bazaar.id}/kejadian"


def hour(minutes=-1):
    """A clock of the bazaar's place, some minutes from now."""
    moment = now() + timedelta(minutes=minutes)
    return bazaars.zone_named(bazaars.ZONE).local(moment).strftime("%H:%M")


def send(desk, bazaar, caption="Pembukaan oleh kepala dinas", key="foto-satu"):
    photo = (io.BytesIO(phone_jpeg((600, 400))), "foto.jpg")
    return desk.post(f"/dinsos/bazar/{bazaar.id}/foto", data={"kunci": key, "foto": photo, "keterangan": caption})


def record(bazaar, by, key="satu", **given):
    told = Happened(**({"kind": "weather", "at": now(), "text": STORM} | given))
    with transaction():
        return happening.record(bazaar, told, key, by=by)


def finished(stand, curator, approver):
    """The day is over, its stall signed, and the report with it."""
    stalls.end_day(stand.bazaar)
    stalls.submit(stand)
    stalls.sign(stand, curator)
    with transaction():
        return reporting.freeze(stand.bazaar, by=approver)


def test_an_incident_is_written_down_once_while_the_bazaar_runs(desk, stand, curator):
    page = page_of(stand.bazaar)
    assert page in desk.get(f"/dinsos/bazar/{stand.bazaar.id}").text

    answers = [desk.post(page, data=TOLD | {"jam": hour()}).status_code for _ in range(2)]
    shown = desk.get(page).text

    assert (answers, count(Incident)) == ([303, 303], 1)
    for words in ("Hujan, angin, atau banjir", STORM, "Yang dilakukan: Tenda didirikan lagi.", curator.name):
        assert words in shown
    incident = db.session.scalars(select(Incident)).one()
    assert log("bazaar.incident") == [did(curator, incident, bazaar=stand.bazaar.id, kind="weather")]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"jenis": ""}, "Pilih salah satu."), ({"jenis": "gempa"}, "Pilih salah satu."),
        ({"jam": ""}, "Isi jam, misalnya"), ({"jam": "25:90"}, "Isi jam, misalnya"), ({"kejadian": " "}, "perlu diisi"),
        ({"kejadian": "x" * 501}, "500"), ({"tindakan": "x" * 501}, "500"),
    ],
)  # fmt: skip
def test_what_is_missing_or_too_long_is_said_beside_its_field(desk, stand, wrong, sentence):
    answer = desk.post(page_of(stand.bazaar), data=TOLD | {"jam": hour()} | wrong)

    assert answer.status_code == 422
    assert sentence in answer.text.partition("Ada yang perlu diperbaiki")[2].partition("</ul>")[0]
    assert count(Incident) == 0


def test_an_incident_lies_between_the_opening_and_now(stand, curator):
    bazaar = stand.bazaar
    for at in (bazaar.starts_at - timedelta(minutes=1), now() + timedelta(minutes=5)):
        with pytest.raises(NotThen):
            record(bazaar, curator, at=at)

    assert record(bazaar, curator, at=bazaar.starts_at).text == STORM


@pytest.mark.parametrize("state", ["published", "closed"])
def test_before_and_after_the_day_nothing_is_written_down(desk, curator, state):
    stand = stalls.make_stand(begun=state == "closed")
    if state == "closed":
        stalls.end_day(stand.bazaar)

    with pytest.raises(NotNow):
        record(stand.bazaar, curator, at=stand.bazaar.starts_at)
    assert "Catat kejadian" not in desk.get(page_of(stand.bazaar)).text


def test_words_of_an_incident_stay_words(desk, stand, curator):
    record(stand.bazaar, curator, text="<script>alert(1)</script> & 7 * 7", kind="other")

    page = desk.get(page_of(stand.bazaar)).text

    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; 7 * 7" in page


def test_others_see_and_write_nothing_of_it(client, stand):
    for role, given in (("pendamping", {}), ("caseworker", {}), ("curator", {"region_code": "36.01"}), ("head", {})):
        sign_in(client, make_account(role, **given))
        assert client.get(page_of(stand.bazaar)).status_code in {403, 404}
        assert client.post(page_of(stand.bazaar), data=TOLD | {"jam": hour()}).status_code in {403, 404}
        assert send(client, stand.bazaar).status_code in {403, 404}
    assert (count(Incident), count(BazaarPhoto)) == (0, 0)


def test_a_photo_is_drawn_anew_and_shown_to_visitors_and_in_the_report(desk, stand, curator, approver):
    first, second = send(desk, stand.bazaar), send(desk, stand.bazaar)
    photo = db.session.scalars(select(BazaarPhoto)).one()
    jobs.run_due()

    visitors = desk.get(f"/bazar/{stand.bazaar.slug}").text
    report = finished(stand, curator, approver)
    page = desk.get(f"/dinsos/bazar/{stand.bazaar.id}/laporan").text
    drawn = desk.get(f"/dinsos/bazar/laporan/{report.id}.pdf").data

    assert (first.status_code, second.status_code) == (303, 303)
    assert (photo.ready, (photo.width, photo.height) != (0, 0)) == (True, True)
    assert b"Exif" not in public_store().read(f"{photo.stem}.jpg")
    for shown in (visitors, page):
        assert f"{photo.stem}-640.webp" in shown
        assert 'alt="Pembukaan oleh kepala dinas"' in shown
    assert desk.get(public_store().url(f"{photo.stem}-320.webp")).status_code == 200
    assert "Pembukaan oleh kepala dinas" in " ".join(paper.text_of(drawn).split())
    assert b"/Subtype /Image" in drawn or b"/Subtype/Image" in drawn
    assert "Tidak ada kejadian yang dicatat." in page


def test_a_photo_goes_whenever_somebody_on_it_asks_and_its_files_with_it(desk, stand, curator, approver):
    send(desk, stand.bazaar)
    photo = db.session.scalars(select(BazaarPhoto)).one()
    stem, here = photo.stem, f"/dinsos/bazar/foto/{photo.id}/hapus"
    jobs.run_due()
    report = finished(stand, curator, approver)
    assert send(desk, stand.bazaar, key="nanti").status_code == 409, "nothing is added to what is signed"

    gone = [desk.post(here).status_code for _ in range(2)]
    jobs.run_due()

    assert gone == [303, 404]
    assert not any(name.startswith(stem) for name in public_store().list_names())
    assert stem not in desk.get(f"/bazar/{stand.bazaar.slug}").text
    assert desk.get(f"/dinsos/bazar/laporan/{report.id}.pdf").data.startswith(b"%PDF")
    assert wrong() == []


@pytest.mark.parametrize("data", [b"%PDF-1.4 <script>", b"<svg onload=alert(1)>", b""])
def test_what_is_no_photo_is_refused_in_words(desk, stand, data):
    sent = {"kunci": "k", "foto": (io.BytesIO(data), "foto.jpg")}

    answer = desk.post(f"/dinsos/bazar/{stand.bazaar.id}/foto", data=sent)

    assert 400 <= answer.status_code < 500
    assert re.search(r'class="field__error"[^>]*>.*?<span>[A-Z][^<]{9,}</span>', answer.text, re.S)
    assert count(BazaarPhoto) == 0


def test_there_are_as_many_photos_as_anybody_looks_at(desk, stand, curator):
    with transaction() as session:
        session.add_all(
            BazaarPhoto(key=f"{n}", bazaar_id=stand.bazaar.id, stem=f"aa/bb/{n}", width=4, height=3, by_id=curator.id)
            for n in range(happening.MOST_PHOTOS)
        )

    with pytest.raises(EnoughPhotos), transaction():
        happening.add_photo(stand.bazaar, small_photo(), "", "lebih", by=curator)


def small_photo():
    return happening.Master(phone_jpeg((60, 40)), 60, 40)


def test_a_report_shows_what_happened_and_its_seal_holds_it(desk, stand, curator, approver):
    record(stand.bazaar, curator, done="Tenda didirikan lagi.")
    report = finished(stand, curator, approver)

    page = desk.get(f"/dinsos/bazar/{stand.bazaar.id}/laporan").text
    drawn = " ".join(paper.text_of(desk.get(f"/dinsos/bazar/laporan/{report.id}.pdf").data).split())
    book = CalamineWorkbook.from_filelike(io.BytesIO(desk.get(f"/dinsos/bazar/laporan/{report.id}.xlsx").data))

    assert STORM in page
    assert STORM in drawn
    (row,) = book.get_sheet_by_name("Kejadian").to_python()[1:]
    assert row[1:] == ["Hujan, angin, atau banjir", STORM, "Tenda didirikan lagi."]
    assert [each["kind"] for each in report.figures["incidents"]] == ["weather"]
    assert wrong() == []
    with transaction() as session:
        session.execute(update(Incident).values(kind="other"))
    assert wrong() == [f"bazaar_report {report.id}: its incidents are others"]


def test_a_report_from_before_there_were_incidents_is_whole(desk, stand, curator, approver):
    with time_machine.travel(now(), tick=False):
        report = finished(stand, curator, approver)
    figures = {name: value for name, value in report.figures.items() if name != "incidents"}

    told = reporting.told(stand.bazaar.id, figures)

    assert told["incidents"] == []


def wrong():
    return [str(finding) for _, findings in books.verify() for finding in findings]
