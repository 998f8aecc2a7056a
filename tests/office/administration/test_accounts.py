"""People of the office: made, changed and shut out by an administrator, who never touches the own account."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from app.core.db import db, transaction
from app.people.accounts import operations as accounts
from app.people.accounts.models import Account, WebSession
from app.people.accounts.operations import OwnAccount
from app.people.accounts.queries import get_account
from tests.factories.people import DESA, PASSWORD, make_account, sign_in
from tests.support.log import did, log
from tests.support.together import at_once

NEW = {
    "kunci": "kunci-akun-baru",
    "nama": "Siti Aminah",
    "nama_pengguna": "siti.aminah",
    "peran": "pendamping",
    "daerah": "36.04",
    "wilayah": [DESA],
}


@pytest.fixture
def admin(app):
    return make_account("admin")


@pytest.fixture
def desk(client, admin):
    sign_in(client, admin)
    return client


def send(desk, path, **fields):
    return desk.post(path, data=fields)


def named(username):
    return db.session.scalar(select(Account).where(Account.username == username))


def alive(account):
    query = select(func.count()).select_from(WebSession)
    return db.session.scalar(query.where(WebSession.account_id == account.id, WebSession.ended_at.is_(None)))


def first_password(page):
    return re.search(r'<strong class="number">([^<]+)</strong>', page.text)[1]


def test_a_new_pendamping_gets_villages_and_enters_with_the_first_password(desk, app, admin):
    answer = send(desk, "/dinsos/akun/baru", **NEW)

    made = named("siti.aminah")
    assert answer.location.endswith(f"/dinsos/akun/{made.id}")
    assert (made.role, made.areas, made.region_code) == ("pendamping", [DESA], "36.04")
    assert log("account.registered") == [did(admin, made, role="pendamping")]
    password = first_password(desk.get(answer.location))
    door = app.test_client().post("/masuk/petugas", data={"nama_pengguna": "siti.aminah", "kata_sandi": password})
    assert door.location == "/masuk/pasang-kode"


def test_the_same_form_twice_makes_one_account_and_another_keeps_its_name(desk):
    assert send(desk, "/dinsos/akun/baru", **NEW).location == send(desk, "/dinsos/akun/baru", **NEW).location

    other = send(desk, "/dinsos/akun/baru", **(NEW | {"kunci": "lain", "nama": "Siti Lain"}))

    assert other.status_code == 409
    assert "sudah dipakai" in other.text
    assert "Siti Lain" in other.text
    query = select(func.count()).select_from(Account).where(Account.username == "siti.aminah")
    assert db.session.scalar(query) == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"nama_pengguna": "Siti Aminah"}, "Huruf kecil dan angka"),
        ({"wilayah": []}, "Pilih paling sedikit satu desa"),
        ({"wilayah": ["36.01.01.2001"]}, "Isian ini belum benar"),
        ({"peran": "seller"}, "Pilih salah satu"),
        ({"daerah": "36.01"}, "Pilih salah satu"),
        ({"nama": ""}, "perlu diisi"),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field(desk, fields, sentence):
    answer = send(desk, "/dinsos/akun/baru", **(NEW | fields))

    assert answer.status_code in {400, 422}
    assert sentence in answer.text
    assert named("siti.aminah") is None


def test_another_task_signs_out_and_a_stale_page_changes_nothing(desk, admin):
    person = make_account("curator")
    with transaction() as session:
        session.add(WebSession(token_hash="x" * 64, account_id=person.id, label="", idle_seconds=900))
    address = f"/dinsos/akun/{person.id}/tugas"
    version = person.version

    assert send(desk, address, peran="caseworker", versi=version).status_code == 303
    changed = db.session.get(Account, person.id)
    assert (changed.role, alive(changed)) == ("caseworker", 0)
    told = did(admin, person, before="curator", after="caseworker", areas=[])
    assert log("account.work_changed") == [told]

    stale = send(desk, address, peran="head", versi=version)
    assert stale.status_code == 409
    assert "sudah diubah dari tempat lain" in stale.text
    assert db.session.get(Account, person.id).role == "caseworker"
    assert log("account.work_changed") == [told]


def test_new_access_needs_the_own_password_and_forgets_the_second_factor(desk, admin):
    person = make_account("curator")
    address = f"/dinsos/akun/{person.id}/akses-baru"

    wrong = send(desk, address, sandi="bukan sandi saya", yakin="1")
    assert wrong.status_code == 422
    assert db.session.get(Account, person.id).totp_sealed is not None

    answer = send(desk, address, sandi=PASSWORD, yakin="1")
    assert answer.status_code == 303
    assert db.session.get(Account, person.id).totp_sealed is None
    assert first_password(desk.get(answer.location))
    assert log("account.access_renewed") == [did(admin, person)]


def test_an_account_is_shut_and_opened_again(desk, admin):
    person = make_account("curator")

    send(desk, f"/dinsos/akun/{person.id}/nonaktif")
    assert db.session.get(Account, person.id).state == "disabled"
    send(desk, f"/dinsos/akun/{person.id}/aktif")
    assert db.session.get(Account, person.id).state == "active"
    assert log("account.disabled") == log("account.enabled") == [did(admin, person)]


def test_nobody_administers_the_own_account_not_even_past_the_page(desk, admin):
    for way in ("tugas", "nonaktif", "akses-baru"):
        assert send(desk, f"/dinsos/akun/{admin.id}/{way}", peran="head").status_code == 404
    assert "Minta pengurus lain" in desk.get(f"/dinsos/akun/{admin.id}").text

    with pytest.raises(OwnAccount), transaction():
        accounts.change_work(admin, role="head", areas=[], version=admin.version, by=admin)
    with pytest.raises(OwnAccount), transaction():
        accounts.renew_access(admin, "hash", by=admin)


def test_sellers_and_other_regions_are_not_hers_to_change(desk):
    for other in (make_account(), make_account("curator", region_code="36.01")):
        assert desk.get(f"/dinsos/akun/{other.id}").status_code == 404
        assert send(desk, f"/dinsos/akun/{other.id}/nonaktif").status_code == 404
    assert make_account("curator", region_code="36.01", name="Orang Jauh").name not in desk.get("/dinsos/akun").text


def test_the_list_is_searched_and_kept_to_a_task(desk):
    make_account("curator", name="Budi Kurator")
    make_account("head", name="Ibu Kepala")

    assert "Budi Kurator" in desk.get("/dinsos/akun?q=budi").text
    assert "Ibu Kepala" not in desk.get("/dinsos/akun?q=budi").text
    assert "Budi Kurator" not in desk.get("/dinsos/akun?peran=head").text
    assert "Tidak ada akun yang cocok" in desk.get("/dinsos/akun?q=%25").text


@pytest.mark.parametrize("role", ["curator", "caseworker", "approver", "head", "steward", "pendamping", "seller"])
def test_the_desk_is_closed_to_every_other_role(client, app, role):
    sign_in(client, make_account(role))

    for address in ("/dinsos/akun", "/dinsos/akun/baru", "/dinsos/pengaturan", "/dinsos/pengaturan/dinas"):
        assert client.get(address).status_code in {403, 404}


def test_of_two_administrators_who_save_at_once_one_is_told_that_the_other_was_quicker(app, admin):
    person, other = make_account("curator"), make_account("admin")
    number, version = person.id, person.version

    def give(role, by):
        def act():
            with transaction():
                accounts.change_work(get_account(number), role=role, areas=[], version=version, by=get_account(by))

        return act

    assert sorted(at_once(app, [give("head", admin.id), give("steward", other.id)])) == ["StaleVersion", "ya"]


def shut_each_other_out(app, one, other):
    """Let two administrators disable, and change, each other at the same moment; return who is still one."""

    def shut(number, by):
        def act():
            with transaction():
                accounts.disable(get_account(number), by=get_account(by))

        return act

    answers = at_once(app, [shut(one.id, other.id), shut(other.id, one.id)])
    left = select(Account.id).where(Account.role == "admin", Account.state == "active")
    return sorted(answers), db.session.scalars(left).all()


@pytest.mark.race
def test_two_administrators_who_shut_each_other_out_at_once_leave_one(app, admin):
    answers, left = shut_each_other_out(app, admin, make_account("admin"))

    assert answers == ["LastAdmin", "ya"]
    assert len(left) == 1


@pytest.mark.race
def test_twin_where_nobody_counts_no_administrator_is_left(app, admin, monkeypatch):
    monkeypatch.setattr(accounts, "_leave_an_admin", lambda account: None)

    assert shut_each_other_out(app, admin, make_account("admin")) == (["ya", "ya"], [])


@pytest.mark.parametrize("where", ["36.01", "36.04.27"])
def test_the_last_administrator_of_a_region_keeps_the_task(app, admin, where):
    make_account("admin", region_code=where)
    other = make_account("admin")
    with transaction():
        accounts.disable(other, by=admin)

    for act in (
        lambda: accounts.disable(admin, by=other),
        lambda: accounts.end(admin, by=other),
        lambda: accounts.change_work(admin, role="head", areas=[], version=admin.version, by=other),
    ):
        with pytest.raises(accounts.LastAdmin), transaction():
            act()
    assert db.session.get(Account, admin.id).state == "active"


def test_an_administrator_of_the_province_is_enough(app, admin):
    province = make_account("admin", region_code="36")

    with transaction():
        accounts.disable(admin, by=province)

    assert db.session.get(Account, admin.id).state == "disabled"


def test_a_page_that_comes_too_late_is_told_in_words(desk, admin, monkeypatch):
    other = make_account("admin")
    monkeypatch.setattr(accounts.queries, "count_other_admins", lambda account: 0)

    answer = desk.get(send(desk, f"/dinsos/akun/{other.id}/nonaktif").location)
    work = send(desk, f"/dinsos/akun/{other.id}/tugas", peran="head", versi=other.version)

    assert "pengurus terakhir" in answer.text
    assert (work.status_code, "pengurus terakhir" in work.text) == (409, True)
    assert db.session.get(Account, other.id).state == "active"
