"""What a kabupaten sets: read by the public at once, refused where it contradicts itself, never overwritten unseen."""

from __future__ import annotations

import pytest

from app.office.administration.adjustable import GROUPS
from app.office.administration.forms import field_name
from app.people.places.queries import settings_of
from app.people.places.rules import DEFAULTS
from tests.factories.people import make_account, sign_in
from tests.support.log import did, log

OFFICE = "/dinsos/pengaturan/dinas"
CLOCKS = "/dinsos/pengaturan/waktu-pesanan"


@pytest.fixture
def admin(app):
    return make_account("admin")


@pytest.fixture
def desk(client, admin):
    sign_in(client, admin)
    return client


def fields(desk, address, **changed):
    page = desk.get(address).text
    slug = address.rpartition("/")[2]
    group = next(each for each in GROUPS if each.slug == slug)
    given = {field_name(each.key): DEFAULTS[each.key] for each in group.settings}
    token = page.partition('name="versi"')[2].partition('value="')[2].partition('"')[0]
    return given | {"versi": token} | {field_name(key): value for key, value in changed.items()}


def test_a_new_phone_of_the_office_stands_on_the_public_page_at_once(desk):
    sent = fields(desk, OFFICE, **{"office.phone": "(0254) 201-122", "office.name": "Dinsos Serang"})

    assert desk.post(OFFICE, data=sent).status_code == 303

    help_page = desk.get("/bantuan").text
    assert "Dinsos Serang" in help_page
    assert "+62254201122" in help_page


def test_only_what_changed_is_written_down_with_what_it_was(desk, admin):
    for hours in ("12", "36"):
        desk.post(CLOCKS, data=fields(desk, CLOCKS, **{"clock.accept_hours": hours}))

    assert settings_of("36.04").get("clock.accept_hours") == 36
    told = [{"key": "clock.accept_hours", "was": was, "becomes": becomes} for was, becomes in ((24, 12), (12, 36))]
    assert log("setting.changed") == [did(admin, "region:36.04", **each) for each in told]


def test_words_that_may_name_a_person_are_not_repeated_in_the_log(desk, admin):
    desk.post(OFFICE, data=fields(desk, OFFICE, **{"office.privacy_officer": "Ibu Ratna"}))

    assert log("setting.changed") == [did(admin, "region:36.04", key="office.privacy_officer")]


def test_another_kabupaten_keeps_its_own(client, app):
    sign_in(client, make_account("admin", region_code="36.01"))

    client.post(CLOCKS, data=fields(client, CLOCKS, **{"clock.accept_hours": "12"}))

    assert settings_of("36.01").get("clock.accept_hours") == 12
    assert settings_of("36.04").get("clock.accept_hours") == DEFAULTS["clock.accept_hours"] != 12


@pytest.mark.parametrize(
    ("address", "key", "typed", "sentence"),
    [
        (CLOCKS, "clock.accept_hours", "0", "Isi antara 1 dan 1440"),
        (CLOCKS, "clock.accept_hours", "besok", "Isi dengan angka bulat"),
        (CLOCKS, "clock.night_until", "21", "tidak boleh sama"),
        (OFFICE, "office.email", "dinsos di serang", "Alamat surel belum benar"),
        (OFFICE, "office.phone", "123", "Nomor telepon belum benar"),
        (OFFICE, "office.name", "", "perlu diisi"),
    ],
)
def test_a_value_that_cannot_be_is_refused_beside_its_field(desk, address, key, typed, sentence):
    answer = desk.post(address, data=fields(desk, address, **{key: typed}))

    assert answer.status_code == 422
    assert sentence in answer.text
    assert settings_of("36.04").get(key) == DEFAULTS[key]


def test_a_stale_page_overwrites_nothing_and_shows_what_stands(desk):
    old = fields(desk, OFFICE, **{"office.name": "Nama kedua"})
    desk.post(OFFICE, data=fields(desk, OFFICE, **{"office.name": "Nama pertama"}))

    answer = desk.post(OFFICE, data=old)

    assert answer.status_code == 409
    assert "Nama pertama" in answer.text
    assert "Nama kedua" in answer.text
    assert settings_of("36.04").get("office.name") == "Nama pertama"


def test_every_adjustable_setting_has_a_default_and_no_two_groups_share_one():
    keys = [each.key for group in GROUPS for each in group.settings]

    assert set(keys) <= set(DEFAULTS)
    assert len(keys) == len(set(keys))
    assert len({group.slug for group in GROUPS}) == len(GROUPS)


def test_sums_of_money_are_told_with_their_dots(desk):
    page = desk.get("/dinsos/pengaturan").text

    assert "5.000.000 rupiah" in page
    assert "5000000" not in page


def test_an_hour_of_the_clock_is_told_as_one(desk):
    page = desk.get("/dinsos/pengaturan").text

    assert f"<dt>Malam mulai</dt><dd>{DEFAULTS['clock.night_from']}.00 " in page
    assert ">.00</span>" in desk.get(CLOCKS).text
