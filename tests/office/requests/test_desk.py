"""The desk of requests: who sees which, how each is answered, and the second signature under an erasure."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.core import jobs
from app.core.clock import now
from app.core.db import db, transaction
from app.office.requests import operations, queries
from app.office.requests.models import DataRequest
from app.office.requests.queries import About
from app.people.accounts.models import Account
from app.people.families.models import AccessLog
from tests.factories.families import make_business, make_kpm
from tests.factories.goods import make_shop
from tests.factories.people import make_account
from tests.factories.requests import REASON, make_data_request, propose_erasure
from tests.support.log import did, log

DESK = "/dinsos/permintaan-data"


@pytest.fixture
def seller(app):
    return make_account(name="Nurhayati", phone="+6281290001234")


@pytest.fixture
def shop(seller):
    return make_shop(seller, name="Telur Asin Bu Nur")


@pytest.fixture
def steward(browser_of):
    return browser_of(make_account("steward"))


def again(asked: DataRequest) -> DataRequest:
    db.session.rollback()
    return queries.get_request(asked.id)


def test_the_nearest_due_stands_first_and_a_late_one_is_marked(steward, browser_of):
    with time_machine.travel(now() - timedelta(days=4)):
        late = make_data_request("withdraw", words="publish", source="withdrawal")
    fresh = make_data_request("copy")

    page = steward.get(DESK).text

    assert page.index(f"{DESK}/{late.id}") < page.index(f"{DESK}/{fresh.id}")
    assert page.count("terlambat") == 1
    assert "badge--error" in page


def test_requests_of_another_kabupaten_are_not_hers(steward, browser_of):
    far = make_data_request("copy", make_account(region_code="36.01", name="Orang Jauh"))

    assert "Orang Jauh" not in steward.get(DESK).text
    assert steward.get(f"{DESK}/{far.id}").status_code == 404
    assert steward.post(f"{DESK}/{far.id}/buka").status_code == 404


def test_others_see_only_what_was_handed_to_them(browser_of, seller, shop):
    asked = make_data_request("correct", seller, words="Desa salah")
    people = {role: browser_of(make_account(role)) for role in ("pendamping", "curator", "caseworker", "approver")}
    stranger = browser_of(make_account("pendamping", areas=["36.04.12.2001"]))
    for client in people.values():
        assert client.get(f"{DESK}/{asked.id}").status_code == 404

    with transaction():
        operations.hand_to(asked, "pendamping", by=make_account("steward"))

    for role in ("pendamping", "curator"):  # both keep shops of this desa
        assert people[role].get(f"{DESK}/{asked.id}").status_code == 200
    for client in (stranger, people["caseworker"], people["approver"]):
        assert client.get(f"{DESK}/{asked.id}").status_code == 404


def test_a_correction_is_handed_on_and_closed_with_a_sentence_that_she_reads(steward, browser_of, seller, shop):
    asked = make_data_request("correct", seller, words="Desa salah")
    steward.post(f"{DESK}/{asked.id}/teruskan", data={"kepada": "curator"})
    curator = browser_of(make_account("curator"))

    assert curator.post(f"{DESK}/{asked.id}/jawab", data={"kalimat": ""}).status_code == 422
    assert curator.post(f"{DESK}/{asked.id}/jawab", data={"kalimat": "Desa sudah dibetulkan."}).status_code == 303

    assert (again(asked).state, again(asked).answer) == ("done", "Desa sudah dibetulkan.")
    assert "Desa sudah dibetulkan." in browser_of(seller).get("/saya/data").text
    assert steward.post(f"{DESK}/{asked.id}/jawab", data={"kalimat": "Sekali lagi."}).status_code == 409


def test_a_curator_cannot_decline_what_was_handed_to_her(browser_of, seller, shop):
    asked = make_data_request("correct", seller, words="Desa salah")
    with transaction():
        operations.hand_to(asked, "curator", by=make_account("steward"))

    answer = browser_of(make_account("curator")).post(f"{DESK}/{asked.id}/tolak", data={"kalimat": "Tidak jadi."})

    assert answer.status_code == 404


def test_a_request_is_declined_with_a_sentence_that_she_reads(browser_of, seller):
    asked, by = make_data_request("copy", seller), make_account("steward")

    answer = browser_of(by).post(f"{DESK}/{asked.id}/tolak", data={"kalimat": "Sudah pernah diberikan."})

    assert answer.status_code == 303
    assert (again(asked).state, again(asked).answer) == ("declined", "Sudah pernah diberikan.")
    assert "Sudah pernah diberikan." in browser_of(seller).get("/saya/data").text
    assert log("request.declined") == [did(by, asked)]


def test_a_copy_for_somebody_without_a_phone_is_a_look_that_the_family_sees(browser_of, app):
    kpm, by = make_kpm(), make_account("steward")
    steward = browser_of(by)
    asked = make_data_request("copy", kpm=kpm, source="paper", by=make_account("caseworker"))

    answer = steward.post(f"{DESK}/{asked.id}/berkas", data={"bentuk": "pdf"})
    jobs.run_due()

    assert steward.get(f"{answer.location}/unduh").data.startswith(b"%PDF")
    assert db.session.scalars(select(AccessLog.what).where(AccessLog.kpm_id == kpm.id)).all() == ["copy"]
    assert log("request.copy_ordered") == [did(by, asked, form="pdf")]


@pytest.mark.parametrize("words", ["0812 9000 1234", "telur asin bu nur", "+62 812-9000-1234"])
def test_a_request_on_paper_finds_its_person_by_number_or_shop(steward, seller, shop, words):
    found = steward.post(f"{DESK}/baru", data={"orang": words})
    assert "Nurhayati" in found.text

    fields = {"orang": words, "siapa": f"akun-{seller.id}", "jenis": "correct", "kata": "Desa salah"}
    assert steward.post(f"{DESK}/baru", data=fields).status_code == 422
    assert steward.post(f"{DESK}/baru", data=fields | {"surat": "y"}).status_code == 303
    assert queries.find_open("correct", About(seller.id)).source == "paper"


def test_a_request_on_paper_finds_a_family_by_our_number_and_never_shows_its_name(steward, browser_of):
    kpm = make_kpm(name="Keluarga Rahasia")
    caseworker = browser_of(make_account("caseworker"))

    page = caseworker.post(f"{DESK}/baru", data={"orang": kpm.pseudonym}).text
    assert kpm.pseudonym in page
    answer = caseworker.post(
        f"{DESK}/baru",
        data={"orang": kpm.pseudonym, "siapa": f"keluarga-{kpm.id}", "jenis": "erase", "surat": "y"},
    )

    assert "Keluarga Rahasia" not in page + caseworker.get(answer.location).text + steward.get(answer.location).text
    assert queries.find_open("erase", About(kpm_id=kpm.id)).source == "paper"


def test_nobody_is_found_in_another_kabupaten_or_by_a_guess(steward):
    far = make_account(region_code="36.01", phone="+6281290009999")
    make_shop(far, regency_code="36.01", kecamatan_code="36.01.01", desa_code="36.01.01.2001", name="Lapak Jauh")

    for words in ("0812 9000 9999", "Lapak Jauh", "Lapak", "%", "a" * 80):
        assert "Belum ketemu" in steward.post(f"{DESK}/baru", data={"orang": words}).text
    fields = {"orang": "Lapak Jauh", "siapa": f"akun-{far.id}", "jenis": "copy", "surat": "y"}
    assert steward.post(f"{DESK}/baru", data=fields).status_code != 303


def test_an_erasure_is_proposed_by_the_steward_and_decided_by_an_approver(steward, browser_of, seller, shop):
    asked, by = make_data_request("erase", seller), make_account("approver")
    approver = browser_of(by)
    assert approver.get(f"{DESK}/hapus/{asked.id}").status_code == 404
    assert steward.post(f"{DESK}/{asked.id}/usulkan", data={"alasan": "pendek"}).status_code == 422
    assert steward.post(f"{DESK}/{asked.id}/usulkan", data={"alasan": REASON}).status_code == 303
    assert steward.post(f"{DESK}/hapus/{asked.id}/setuju", data={"yakin": "y"}).status_code == 404

    page = approver.get(f"{DESK}/hapus/{asked.id}").text
    assert "Tidak bisa dikembalikan" in page
    assert approver.post(f"{DESK}/hapus/{asked.id}/setuju", data={}).status_code == 422
    assert approver.post(f"{DESK}/hapus/{asked.id}/setuju", data={"yakin": "y"}).status_code == 303

    assert again(asked).state == "done"
    assert db.session.get(Account, seller.id).name == "Akun terhapus"
    assert log("request.erased") == [did(by, asked, account=seller.id, kpm=None)]


def test_an_approver_gives_a_proposal_back_with_a_reason(steward, browser_of, seller):
    asked = make_data_request("erase", seller)
    propose_erasure(asked, make_account("steward"))
    approver = browser_of(make_account("approver"))

    approver.post(f"{DESK}/hapus/{asked.id}/kembalikan", data={"kalimat": "Bicara dulu dengan orangnya."})

    assert (again(asked).state, again(asked).proposed_by_id) == ("open", None)
    assert "Bicara dulu" in steward.get(f"{DESK}/{asked.id}").text
    assert approver.get(f"{DESK}/hapus/{asked.id}").status_code == 404


def test_whoever_proposed_is_told_that_another_decides(browser_of, seller):
    both = make_account("steward")
    asked = make_data_request("erase", seller)
    propose_erasure(asked, both)
    with transaction():
        db.session.get(Account, both.id).role = "approver"
    client = browser_of(both)

    assert "Anda yang mengusulkan" in client.get(f"{DESK}/hapus/{asked.id}").text
    assert client.post(f"{DESK}/hapus/{asked.id}/setuju", data={"yakin": "y"}).status_code == 403


def test_the_family_of_a_seller_stands_by_its_number_alone(steward, seller, shop):
    kpm = make_kpm(name="Keluarga Rahasia")
    make_business(kpm, shop)
    asked = make_data_request("erase", seller, kpm=kpm)

    for page in (steward.get(DESK).text, steward.get(f"{DESK}/{asked.id}").text):
        assert kpm.pseudonym in page
        assert "Keluarga Rahasia" not in page
