"""Rules on the screen: drafted, tried, put in force, and read by everybody."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from app.core.clock import now
from app.growth.graduation import queries
from app.people.families import queries as families
from tests.factories.growth import TODAY, make_case, make_draft, make_family, make_sale, make_tried
from tests.factories.people import make_account, sign_in


@pytest.fixture
def officer(client):
    """A caseworker of the kabupaten."""
    return make_account("caseworker")


TYPED = {
    "batas-I5": "9", "batas-I6": "60", "batas-I8": "30", "batas-I10": "60", "batas-I18": "100",
    "batas-income_sources": "2", "tanda-I8": "10", "tanda-I7": "40", "tanda-I5": "6", "paling-sedikit": "1",
    "catatan": "Bulan aktif dinaikkan jadi sembilan.",
} | {f"pakai-{code}": "y" for code in ("I5", "I8", "meals")}  # fmt: skip
RULES = "/dinsos/perkembangan/aturan"
TOMORROW = {"mulai": (TODAY + timedelta(days=1)).isoformat()}


def quiet_family():
    """A family whose only sale was twenty days ago: one sign under rules that are drafted, none today."""
    kpm, shop = make_family()
    make_case(kpm)
    make_sale(shop, TODAY - timedelta(days=20))
    return families.name_of(families.get_kpm(kpm.id))


def drafted(client):
    """Rules drafted on the screen, their trial over."""
    made = client.post(f"{RULES}/baru", data=TYPED)
    make_tried(queries.get_rule_set(int(made.location.rpartition("/")[2])))
    return made.location


def test_other_rules_are_drafted_by_one_and_hold_by_another_from_a_day_to_come(client, officer):
    sign_in(client, officer)
    bad = [
        client.post(f"{RULES}/baru", data=TYPED | wrong).text
        for wrong in (
            {"batas-I5": "banyak"}, {"batas-I5": "13"}, {"batas-I8": ""}, {"paling-sedikit": "9"}, {"catatan": "ya"},
        )
    ]  # fmt: skip
    none = client.post(f"{RULES}/baru", data={name: told for name, told in TYPED.items() if "pakai" not in name})
    made = client.post(f"{RULES}/baru", data=TYPED)
    waits = client.get(made.location)
    mine = client.post(f"{made.location}/berlaku", data=TOMORROW)
    sign_in(client, make_account("approver"))
    early = client.post(f"{made.location}/berlaku", data=TOMORROW)
    make_tried(queries.get_rule_set(int(made.location.rpartition("/")[2])))
    today = client.post(f"{made.location}/berlaku", data={"mulai": TODAY.isoformat()})
    good = client.post(f"{made.location}/berlaku", data=TOMORROW)

    assert all("Ada yang perlu diperbaiki" in page for page in bad)
    assert "Isi antara 0 dan 12." in bad[1]
    assert "Pakai paling sedikit satu syarat." in none.text
    assert "Uji coba sedang dihitung" in waits.text
    assert waits.headers["Refresh"] == "3"
    assert (mine.status_code, early.status_code, today.status_code, good.status_code) == (404, 409, 200, 303)
    held = queries.rules_for("36.04", TODAY + timedelta(days=1))
    assert [(each["code"], each["threshold"]) for each in held.criteria] == [("I5", 9), ("I8", 30), ("meals", 1)]
    assert {each["code"]: each["threshold"] for each in held.flags["signs"]} == {
        "I8": 10,
        "I7": -400,
        "I5": 6,
        "shock": 1,
    }
    assert "9 bulan" in client.get(made.location).text
    assert queries.rules_for("36.04", TODAY).regency_code is None


def test_a_family_is_read_by_the_rules_that_hold_where_it_lives_on_that_day(client, officer):
    kpm, shop = make_family()
    make_case(kpm)
    make_sale(shop, TODAY - timedelta(days=20))
    sign_in(client, officer)
    at = drafted(client)
    sign_in(client, make_account("approver"))
    client.post(f"{at}/berlaku", data=TOMORROW)
    page = f"/dinsos/keluarga/{kpm.id}/perkembangan"

    before = client.get(page).text
    with time_machine.travel(now() + timedelta(days=1)):
        sign_in(client, officer)
        after = client.get(page).text

    theirs = queries.get_rule_set(int(at.rpartition("/")[2]))
    own = f"Aturan {theirs.version}."
    said = ("Aturan v0.", own, "20 hari. Syarat: paling banyak 45 hari", "21 hari. Syarat: paling banyak 30 hari",
            "paling sedikit 9 bulan", "Punya tabungan", "Sejak jualan terakhir: 21 hari (di atas 10 hari)")  # fmt: skip
    assert [each in before for each in said] == [True, False, True, False, False, True, False]
    assert [each in after for each in said] == [False, True, False, True, True, False, True]


def test_a_trial_names_who_would_change_to_those_who_see_families_and_is_counted_again_when_asked(client, officer):
    names = [quiet_family() for _ in range(5)]
    sign_in(client, officer)
    at = drafted(client)

    page = client.get(at)

    assert "Refresh" not in page.headers
    assert all(name in page.text for name in names)
    assert '<td class="table__number" data-label="Baru">5</td>' in page.text
    late = quiet_family()
    assert client.post(f"{at}/uji").status_code == 303
    assert "Uji coba sedang dihitung" in client.get(at).text
    make_tried(queries.get_rule_set(int(at.rpartition("/")[2])))
    assert late in client.get(at).text


def test_the_head_reads_what_would_change_in_numbers_and_none_where_they_are_few(client, officer):
    names = [quiet_family() for _ in range(4)]
    sign_in(client, officer)
    at = drafted(client)
    sign_in(client, make_account("head"))

    few = client.get(at).text
    names.append(quiet_family())
    make_tried(queries.get_rule_set(int(at.rpartition("/")[2])))
    many = client.get(at).text

    assert "jadi angkanya ditutup" in few
    assert '<span class="stat__value">4</span>' not in few
    assert '<span class="stat__label">Baru ditandai</span><span class="stat__value">5</span>' in many
    assert not any(name in few + many for name in names)


def test_everybody_reads_the_rules_that_hold_and_held_and_nobody_a_draft(client, officer):
    sign_in(client, officer)
    at = drafted(client)
    number = at.rpartition("/")[2]
    sign_in(client, make_account("approver"))
    stranger = client.application.test_client()
    hidden = stranger.get(f"/aturan-perkembangan/{number}")
    before = stranger.get("/aturan-perkembangan").text
    client.post(f"{at}/berlaku", data=TOMORROW)

    after, coming = (stranger.get(f"/aturan-perkembangan{rest}").text for rest in ("", f"/{number}"))

    assert hidden.status_code == 404
    assert "Tidak ada nilai dan tidak ada peringkat" in before
    assert "Bulan aktif dinaikkan" not in before
    assert "paling sedikit 8 bulan" in after
    assert "paling sedikit 9 bulan" not in after
    assert f'href="/aturan-perkembangan/{number}"' in after
    assert "Akan berlaku" in coming
    assert "paling sedikit 9 bulan" in coming
    assert "turun lebih dari 40 %" in coming
    assert officer.name not in coming
    assert all(
        "/aturan-perkembangan" in stranger.get(page).text for page in ("/tentang", "/privasi", "/peta-situs/halaman")
    )


def test_rules_of_another_kabupaten_may_be_read_and_not_put_in_force(client):
    draft = make_draft("36.01")
    sign_in(client, make_account("approver"))

    read = client.get(f"/dinsos/perkembangan/aturan/{draft.id}")
    acted = client.post(f"/dinsos/perkembangan/aturan/{draft.id}/berlaku", data={"mulai": "2030-01-01"})

    assert (read.status_code, acted.status_code) == (200, 404)
