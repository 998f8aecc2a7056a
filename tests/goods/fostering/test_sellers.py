"""Officers and sellers: registered once, given cards, helped through life's events."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from app.core import optional
from app.core.audit import AuditEntry
from app.core.db import db, transaction
from app.goods.fostering import operations
from app.goods.shops import queries
from app.goods.shops.models import SellingRequest, Shop
from app.people.accounts.models import Account, Consent, LoginCard
from tests.factories.goods import make_request, make_shop
from tests.factories.people import DESA, OTHER_DESA, make_account, make_card, make_device, sign_in
from tests.support.log import did, log

FORM = {
    "kunci": "a-key-of-this-form",
    "nama": "Ibu Nurhayati",
    "telepon": "0812 7777 8888",
    "desa": DESA,
    "jenis": "telur-asin",
    "lapak": "Telur Asin Bu Nur",
    "setuju": "y",
}
CODE = re.compile(r'class="login-card__code">([0-9A-Z-]+)<')


@pytest.fixture
def pendamping(app):
    return make_account("pendamping", areas=[DESA])


@pytest.fixture
def at_work(client, pendamping):
    sign_in(client, pendamping)
    return client


@pytest.fixture
def shop(app):
    return make_shop(make_account(phone="+6281234567890"))


def register(client, **changes):
    return client.post("/dampingan/penjual/baru", data=FORM | changes)


def count(table):
    return db.session.scalar(select(func.count()).select_from(table))


def live_cards(account_id):
    query = select(LoginCard).where(LoginCard.account_id == account_id, LoginCard.ended_at.is_(None))
    return list(db.session.scalars(query))


def test_a_seller_is_registered_on_the_spot(at_work, pendamping):
    answer = register(at_work)
    page = at_work.get(answer.location)

    shop = db.session.scalars(select(Shop)).one()
    account = db.session.get(Account, shop.owner_id)
    consent = db.session.scalars(select(Consent)).one()
    assert answer.status_code == 303
    assert (shop.slug, shop.desa_code, shop.kecamatan_code, shop.regency_code) == (
        "telur-asin-bu-nur",
        "36.04.27.2001",
        "36.04.27",
        "36.04",
    )
    assert (account.role, account.phone, account.pin_hash) == ("seller", "+6281277778888", None)
    assert (consent.purpose, consent.wording_version, consent.recorded_by_id) == ("publish", "2026-11", pendamping.id)
    assert CODE.search(page.text)
    assert "<svg" in page.text


def test_the_printed_code_opens_the_door(at_work, app):
    code = CODE.search(at_work.get(register(at_work).location).text)[1]
    phone = app.test_client()

    step = phone.post("/masuk", data={"telepon": "081277778888", "kode_kartu": code})

    assert step.location == "/masuk/hp"


def test_nobody_registers_a_seller_outside_their_desa_whatever_a_form_offered(app, pendamping):
    facts = {
        "name": "Ibu Jauh",
        "phone": "+6281277778888",
        "shop_name": "Lapak Jauh",
        "business_type_slug": "telur-asin",
    }

    with pytest.raises(operations.NotYourArea), transaction():
        operations.register(key="far", desa_code=OTHER_DESA, wording_version="2026-11", by=pendamping, **facts)

    assert (count(Shop), count(Consent), count(LoginCard)) == (0, 0, 0)


def test_a_double_tap_makes_one_seller(at_work):
    first, second = register(at_work), register(at_work)

    assert first.location == second.location
    assert (count(Shop), count(LoginCard), count(Consent)) == (1, 1, 1)


def test_the_key_with_other_contents_is_refused(at_work):
    register(at_work)

    assert register(at_work, nama="Ibu Lain").status_code == 409
    assert register(at_work, lapak="Lapak Lain").status_code == 409
    assert count(Shop) == 1


@pytest.mark.race
def test_two_registrations_at_the_same_moment_make_one_seller(app, pendamping):
    clients = [app.test_client() for _each in range(4)]
    for client in clients:
        sign_in(client, pendamping)

    def send(client):
        with app.app_context():
            return register(client).status_code

    with ThreadPoolExecutor(4) as together:
        answers = list(together.map(send, clients))

    db.session.rollback()
    assert answers == [303] * 4
    assert (count(Shop), count(LoginCard)) == (1, 1)


def test_the_same_name_gets_another_address(at_work):
    register(at_work)
    register(at_work, kunci="second", telepon="081277770001")
    register(at_work, kunci="third", telepon="081277770002")

    slugs = list(db.session.scalars(select(Shop.slug).order_by(Shop.id)))
    assert slugs[:2] == ["telur-asin-bu-nur", "telur-asin-bu-nur-ciomas"]
    assert slugs[2].startswith("telur-asin-bu-nur-")
    assert len(set(slugs)) == 3


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"setuju": ""}, "setuju"),
        ({"nama": ""}, "perlu diisi"),
        ({"nama": "🌶🌶"}, "huruf"),
        ({"nama": "x" * 70_000}, "Terlalu panjang"),
        ({"telepon": "021-5551234"}, "Nomor HP belum benar"),
        ({"desa": OTHER_DESA}, "Pilih salah satu"),
        ({"desa": ""}, "Pilih desa"),
        ({"jenis": "tidak-ada"}, "Pilih salah satu"),
        ({"lapak": "\u202e\u200b"}, "perlu diisi"),
        ({"nama": "\x00"}, "perlu diisi"),
        ({"lapak": "Jamu Penyembuh"}, "menyembuhkan"),
        ({"lapak": "\ud800"}, ""),
        ({"kunci": "k" * 70_000}, ""),
    ],
)
def test_a_poor_form_comes_back_with_words_and_everything_typed(at_work, changes, sentence):
    answer = register(at_work, **{name: value.encode("utf-8", "replace") for name, value in changes.items()})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Telur Asin Bu Nur" in answer.text or "lapak" in changes
    assert count(Shop) == 0


def test_hostile_words_are_only_words(at_work):
    register(at_work, nama="<script>alert(1)</script>", lapak="=HYPERLINK('x') & <b>Bu</b>")

    page = at_work.get("/dampingan/penjual")

    assert "<script>alert" not in page.text
    assert "&lt;script&gt;" in page.text


def test_a_form_without_the_token_of_the_page_changes_nothing(at_work):
    at_work.environ_base.pop("HTTP_X_CSRFTOKEN")

    assert register(at_work).status_code == 400
    assert count(Shop) == 0


def test_the_code_is_shown_to_whoever_issued_it_and_only_for_a_while(at_work, app, monkeypatch):
    location = register(at_work).location
    colleague = app.test_client()
    sign_in(colleague, make_account("curator"))

    assert CODE.search(at_work.get(location).text)
    assert not CODE.search(colleague.get(location).text)
    monkeypatch.setattr("app.core.briefly.KEEP_SECONDS", -1)
    assert not CODE.search(at_work.get(location).text)


def test_the_code_is_stored_nowhere_in_the_open(at_work):
    code = CODE.search(at_work.get(register(at_work).location).text)[1].replace("-", "")
    stored = []
    for table in db.metadata.sorted_tables:
        stored.append(str(db.session.execute(table.select()).all()))

    assert code not in "".join(stored)


def test_the_card_comes_as_a_file_too(at_work):
    location = register(at_work).location

    answer = at_work.get(f"{location}.pdf")

    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")


def test_without_the_drawing_library_the_page_is_offered(at_work, monkeypatch):
    location = register(at_work).location

    def missing(name):
        raise optional.Unavailable(name)

    monkeypatch.setattr("app.core.papers.optional.load", missing)
    answer = at_work.get(f"{location}.pdf")

    assert answer.location == location
    assert CODE.search(at_work.get(location).text)


def test_a_new_card_kills_the_old(at_work, app, shop):
    old = make_card(shop.owner)
    answer = at_work.post(f"/dampingan/penjual/{shop.id}/kartu")
    new = CODE.search(at_work.get(answer.location).text)[1]
    phone = app.test_client()

    assert phone.post("/masuk", data={"telepon": "081234567890", "kode_kartu": old}).status_code == 422
    assert phone.post("/masuk", data={"telepon": "081234567890", "kode_kartu": new}).status_code == 303
    assert len(live_cards(shop.owner_id)) == 1


@pytest.mark.parametrize(("act", "pin_stays"), [("hp-hilang", True), ("lupa-pin", False)])
def test_lost_phone_and_forgotten_pin_shut_every_phone(at_work, app, shop, act, pin_stays):
    phone = app.test_client()
    sign_in(phone, shop.owner)
    device = make_device(shop.owner)

    at_work.post(f"/dampingan/penjual/{shop.id}/{act}")

    db.session.refresh(device)
    assert phone.get("/saya").status_code == 303
    assert device.ended_at is not None
    assert (db.session.get(Account, shop.owner_id).pin_hash is not None) is pin_stays
    assert len(live_cards(shop.owner_id)) == 1


def test_a_changed_number_needs_the_new_card(at_work, app, shop):
    with transaction():
        db.session.get(Shop, shop.id).phone = "+6281234567890"
    phone, old_card, device = app.test_client(), make_card(shop.owner), make_device(shop.owner)
    sign_in(phone, shop.owner)
    answer = at_work.post(f"/dampingan/penjual/{shop.id}/nomor", data={"versi": "1", "telepon": "0813-1111-2222"})
    code = CODE.search(at_work.get(answer.location).text)[1]

    step = app.test_client().post("/masuk", data={"telepon": "081311112222", "kode_kartu": code})

    assert step.status_code == 303
    assert db.session.get(Shop, shop.id).phone == "+6281311112222"
    db.session.refresh(device)
    assert (phone.get("/saya").status_code, device.ended_at is None) == (303, False)
    late = {"telepon": "081311112222", "kode_kartu": old_card}
    assert app.test_client().post("/masuk", data=late).status_code == 422


def test_pausing_and_opening(at_work, shop):
    at_work.post(f"/dampingan/penjual/{shop.id}/jeda")
    paused = db.session.get(Shop, shop.id).state
    db.session.rollback()
    at_work.post(f"/dampingan/penjual/{shop.id}/buka")

    assert (paused, db.session.get(Shop, shop.id).state) == ("paused", "open")


def test_shutting_an_account_out_and_letting_it_in(at_work, app, shop):
    phone = app.test_client()
    sign_in(phone, shop.owner)
    at_work.post(f"/dampingan/penjual/{shop.id}/nonaktif")
    shut = phone.get("/saya").status_code
    at_work.post(f"/dampingan/penjual/{shop.id}/aktif")

    assert shut == 303
    assert db.session.get(Account, shop.owner_id).state == "active"
    assert db.session.get(Shop, shop.id).state == "paused"


def test_a_new_name_keeps_the_address(at_work, shop):
    slug = shop.slug
    at_work.post(f"/dampingan/penjual/{shop.id}/nama", data={"versi": "1", "lapak": "Telur Asin Jaya"})

    renamed = db.session.get(Shop, shop.id)
    assert (renamed.name, renamed.slug) == ("Telur Asin Jaya", slug)


def test_a_move_takes_the_shop_to_another_pendamping(at_work, app, shop):
    answer = at_work.post(f"/dampingan/penjual/{shop.id}/pindah", data={"versi": "1", "desa": OTHER_DESA})
    there = app.test_client()
    sign_in(there, make_account("pendamping", areas=[OTHER_DESA]))

    assert answer.location == "/dampingan/penjual"
    assert at_work.get(f"/dampingan/penjual/{shop.id}").status_code == 404
    assert there.get(f"/dampingan/penjual/{shop.id}").status_code == 200
    assert db.session.get(Shop, shop.id).kecamatan_code == "36.04.12"


def test_a_family_member_takes_over(at_work, app, shop):
    with transaction():
        shop.phone = shop.owner.phone
    before = shop.owner_id
    phone = app.test_client()
    sign_in(phone, shop.owner)
    heir = {"versi": "1", "kunci": "heir-key", "nama": "Ani Anaknya", "telepon": "081355556666", "setuju": "y"}

    answer = at_work.post(f"/dampingan/penjual/{shop.id}/alihkan", data=heir)
    again = at_work.post(f"/dampingan/penjual/{shop.id}/alihkan", data=heir)

    after = db.session.get(Shop, shop.id)
    assert answer.location == again.location
    assert after.owner.name == "Ani Anaknya"
    assert after.phone is None, "the number of who gave it up"
    assert db.session.get(Account, before).state == "ended"
    assert phone.get("/saya").status_code == 303
    assert len(live_cards(after.owner_id)) == 1
    assert count(Account) == 3
    hers = db.session.scalars(select(Consent).where(Consent.account_id == after.owner_id)).one()
    assert (hers.purpose, hers.wording_version) == ("publish", "2026-11")


def test_the_end_asks_first_and_keeps_the_history(at_work, shop):
    asked = at_work.post(f"/dampingan/penjual/{shop.id}/akhiri", data={})
    at_work.post(f"/dampingan/penjual/{shop.id}/akhiri", data={"versi": "1", "yakin": "y"})
    late = at_work.post(f"/dampingan/penjual/{shop.id}/buka")

    assert asked.status_code == 422
    assert db.session.get(Shop, shop.id).state == "ended"
    assert late.status_code == 409


@pytest.mark.parametrize("way", ["/aktif", "/nonaktif", "/kartu", "/hp-hilang", "/lupa-pin"])
def test_no_act_brings_an_ended_account_back(at_work, shop, way):
    """The page offers none of these any more; a form sent by hand must not either."""
    at_work.post(f"/dampingan/penjual/{shop.id}/akhiri", data={"versi": "1", "yakin": "y"})

    answer = at_work.post(f"/dampingan/penjual/{shop.id}{way}")

    assert answer.status_code == 409
    assert db.session.get(Account, shop.owner_id).state == "ended"
    assert live_cards(shop.owner_id) == []


SHUT = {"account.phones_forgotten"}
# What an officer may do to a seller, what is typed for it, and what the log says afterwards.
ACTS = {
    "/kartu": ({}, {"card.issued"}),
    "/hp-hilang": ({}, SHUT | {"card.issued"}),
    "/lupa-pin": ({}, SHUT | {"account.pin_reset", "card.issued"}),
    "/nomor": ({"telepon": "0813 7777 8888", "versi": "1"}, SHUT | {"account.phone_changed", "card.issued"}),
    "/nama": ({"lapak": "Lapak Lain", "versi": "1"}, {"shop.renamed"}),
    "/pindah": ({"desa": OTHER_DESA, "versi": "1"}, {"shop.moved"}),
    "/alihkan": (
        {"kunci": "a-key-of-this-form", "nama": "Siti", "telepon": "0813 7777 8888", "setuju": "y", "versi": "1"},
        SHUT | {"account.registered", "account.ended", "consent.given", "shop.handed_on", "card.issued"},
    ),
    "/akhiri": ({"versi": "1", "yakin": "y"}, SHUT | {"account.ended", "shop.ended"}),
    "/jeda": ({}, {"shop.paused"}),
    "/buka": ({}, {"shop.opened_again"}),
    "/nonaktif": ({}, SHUT | {"account.disabled", "shop.paused"}),
    "/aktif": ({}, {"account.enabled"}),
}


@pytest.mark.parametrize("way", ACTS)
def test_every_act_stands_in_the_audit_log_without_names(at_work, pendamping, shop, way):
    name, (typed, told) = shop.owner.name, ACTS[way]
    assert at_work.post(f"/dampingan/penjual/{shop.id}{way}", data=typed).status_code == 303

    rows = list(db.session.scalars(select(AuditEntry)))
    assert {row.action for row in rows} == told
    assert {row.actor_id for row in rows} == {pendamping.id}
    said = str([row.facts for row in rows])
    assert [each for each in (name, "81234567890", "81377778888", "Siti", "Lapak Lain") if each in said] == []


def test_a_registration_stands_in_the_audit_log_without_names(at_work, pendamping):
    register(at_work)

    rows = list(db.session.scalars(select(AuditEntry)))
    assert {row.action for row in rows} == {"account.registered", "shop.opened", "consent.given", "card.issued"}
    assert {row.actor_id for row in rows} == {pendamping.id}
    said = str([row.facts for row in rows])
    assert [each for each in ("Nurhayati", "77778888", "Telur Asin") if each in said] == []


GETS = ["", "/kartu", "/kartu.pdf", "/nomor", "/nama", "/pindah", "/alihkan", "/akhiri"]


@pytest.mark.parametrize(
    ("role", "given"),
    [
        ("pendamping", {"areas": [OTHER_DESA]}),
        ("pendamping", {"areas": []}),
        ("curator", {"region_code": "36.02"}),
        ("seller", {}),
        ("head", {}),
    ],
)
def test_somebody_elses_seller_does_not_exist(client, shop, role, given):
    sign_in(client, make_account(role, **given))

    answers = [client.get(f"/dampingan/penjual/{shop.id}{path}").status_code for path in GETS]
    answers += [client.post(f"/dampingan/penjual/{shop.id}{path}").status_code for path in ACTS]

    assert set(answers) == {404}
    assert live_cards(shop.owner_id) == []


def test_a_curator_helps_in_the_whole_region(client, shop):
    sign_in(client, make_account("curator"))

    assert {client.get(f"/dampingan/penjual/{shop.id}{path}").status_code for path in GETS} == {200, 303}


def test_the_list_shows_the_own_areas_only(client, app, shop):
    far = make_shop(desa_code=OTHER_DESA, name="Lapak Jauh")
    sign_in(client, make_account("pendamping", areas=[DESA]))

    page = client.get("/dampingan/penjual")

    assert shop.name in page.text
    assert far.name not in page.text


@pytest.mark.parametrize("role", ["seller", "head", "steward", "admin", "caseworker"])
def test_others_have_no_list(client, role):
    sign_in(client, make_account(role))

    assert client.get("/dampingan/penjual").status_code == 403
    assert client.get("/dampingan/permintaan").status_code == 403
    assert register(client).status_code == 403


@pytest.mark.parametrize("words", ["", "lapak", "%", "_", "\\", "'", "😀", "x" * 3000])
@pytest.mark.parametrize("after", ["", "0", "-1", "abc", "9" * 30])
def test_any_search_is_answered(at_work, shop, words, after):
    assert at_work.get("/dampingan/penjual", query_string={"q": words, "setelah": after}).status_code == 200


def test_a_search_finds_by_name_whatever_the_case(at_work, shop):
    other = make_shop(name="Keripik Pisang Manis")

    page = at_work.get("/dampingan/penjual?q=PISANG").text

    assert other.name in page
    assert shop.name not in page


def test_long_lists_have_a_next_part(at_work):
    owner = make_account()
    for number in range(23):
        make_shop(owner, name=f"Lapak nomor {number}")
    first = at_work.get("/dampingan/penjual").text
    more = re.search(r'href="(\?setelah=\d+)"', first)[1]

    second = at_work.get(f"/dampingan/penjual{more}").text

    assert "Lapak nomor 22" in first
    assert "Lapak nomor 0<" not in first
    assert "Lapak nomor 0<" in second


def test_a_wish_becomes_a_seller(at_work, pendamping):
    wish = make_request(name="Ibu Ratna", phone="+6281399990000")
    page = at_work.get(f"/dampingan/penjual/baru?permintaan={wish.id}")

    register(at_work, permintaan=str(wish.id), nama="Ibu Ratna", telepon="081399990000")

    assert "Ibu Ratna" in page.text
    assert db.session.get(SellingRequest, wish.id).state == "done"
    assert log("wish.done") == [did(pendamping, wish)]


def test_a_pendamping_counts_the_wishes_of_her_desa_and_the_curator_those_of_his_kabupaten(at_work, pendamping):
    make_request(name="Ibu Dekat", desa_code=DESA)
    make_request(name="Ibu Jauh", desa_code=OTHER_DESA)
    make_request(name="Ibu Terjawab", desa_code=DESA, state="done")

    assert queries.count_requests(pendamping) == 1
    assert queries.count_requests(make_account("curator")) == 2


def test_a_wish_from_elsewhere_fills_nothing_in(at_work):
    wish = make_request(name="Ibu Jauh", desa_code=OTHER_DESA)

    assert "Ibu Jauh" not in at_work.get(f"/dampingan/penjual/baru?permintaan={wish.id}").text
    assert "Ibu Jauh" not in at_work.get("/dampingan/permintaan").text
    assert at_work.post(f"/dampingan/permintaan/{wish.id}/selesai").status_code == 404
    assert at_work.post(f"/dampingan/permintaan/{wish.id}/tolak", data={"alasan": "x"}).status_code == 404


def test_a_wish_is_answered_once(at_work, pendamping):
    wish = make_request()
    at_work.post(f"/dampingan/permintaan/{wish.id}/tolak", data={"alasan": "Di luar kabupaten"})

    late = at_work.post(f"/dampingan/permintaan/{wish.id}/selesai")

    assert late.status_code == 409
    assert db.session.get(SellingRequest, wish.id).state == "declined"
    assert log("wish.declined") == [did(pendamping, wish)]
    assert "Di luar kabupaten" in at_work.get("/dampingan/permintaan?lihat=dijawab").text
