"""Families are written down once, sealed, corrected without overwriting, asked, looked at and erased."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from app.core import vault
from app.core.audit import AuditEntry
from app.core.clock import now, today
from app.core.db import db, transaction
from app.core.errors import StaleVersion
from app.people.accounts.models import Account
from app.people.accounts.queries import get_account
from app.people.families import operations, queries
from app.people.families.models import AccessLog, DesilRecord, FamilyConsent, Kpm, KpmIdentity
from app.people.families.verify import check_families
from tests.factories.families import facts, kk_number, make_consent, make_enrollment, make_kpm, nik_number
from tests.factories.people import OTHER_DESA, make_account
from tests.support.log import did, log
from tests.support.together import at_once


@pytest.fixture
def officer(app):
    """A caseworker of Kabupaten Serang."""
    return make_account("caseworker")


def test_nothing_of_a_family_stands_open_in_the_database(officer):
    told = facts(name="Sukaesih binti Karta", phone="+6281290007001", address="Kampung Pasir 02/01", kk=kk_number())
    make_kpm(officer, **{name: getattr(told, name) for name in ("nik", "name", "phone", "address", "kk")})

    stored = repr([tuple(row) for row in db.session.execute(select(KpmIdentity.__table__))])

    for open_value in (told.nik, told.kk, told.name, told.phone, told.address):
        assert open_value not in stored


def test_the_index_of_a_number_is_made_with_a_key_that_is_not_in_the_database(officer, monkeypatch):
    kpm = make_kpm(officer, nik=(nik := nik_number()), kk=(kk := kk_number()))
    kept = kpm.identity.nik_blind, kpm.identity.kk_blind
    known = vault.settings()

    monkeypatch.setattr(vault, "settings", lambda: replace(known, secret_key=b"of another house"))

    assert queries.nik_blind(nik) != kept[0]
    assert queries.kk_blind(kk) != kept[1]


def test_a_family_opens_again_with_masked_numbers(officer):
    kpm = make_kpm(officer, nik="3604274101800000", name="Ibu Sarinah", phone="+6281290007001")

    person = queries.person_of(kpm)

    assert person.name == "Ibu Sarinah"
    assert person.nik_masked == "3604**********00"
    assert person.phone == "+6281290007001"
    assert person.kk_masked is None


def test_an_identity_moved_to_another_family_does_not_open(officer):
    one, other = make_kpm(officer), make_kpm(officer)
    with transaction() as session:
        stolen = session.get(KpmIdentity, one.id).name_sealed
        session.get(KpmIdentity, other.id).name_sealed = stolen

    with pytest.raises(vault.Tampered):
        queries.person_of(queries.get_kpm(other.id))
    assert [finding.row for finding in check_families()] == [other.id]


def test_one_nik_belongs_to_one_family_in_the_whole_country(officer):
    kpm = make_kpm(officer)
    nik = queries.open_field(kpm.identity, "nik")
    far = make_account("caseworker", region_code="36.01")

    with pytest.raises(operations.NikTaken), transaction():
        operations.register(facts(nik=nik, desa_code="36.01.01.2001"), by=far)


def test_one_family_card_belongs_to_one_family(officer):
    kk = kk_number()
    make_kpm(officer, kk=kk)

    with pytest.raises(operations.KkTaken), transaction():
        operations.register(facts(kk=kk), by=officer)


def test_a_caseworker_writes_down_families_of_the_region_only(officer):
    with pytest.raises(operations.NotYourRegion), transaction():
        operations.register(facts(desa_code="36.01.01.2001"), by=officer)


def test_a_correction_names_what_changed_and_never_the_values(officer):
    kpm = make_kpm(officer, name="Ibu Sarinah")
    told = operations.facts_of(kpm, kpm.identity)

    with transaction():
        operations.correct(
            kpm, facts(nik=told.nik, name="Ibu Sarinem", desa_code=OTHER_DESA), version=kpm.version, by=officer
        )

    assert log("kpm.corrected") == [did(officer, kpm, fields=["name", "desa_code"])]
    assert queries.name_of(queries.get_kpm(kpm.id)) == "Ibu Sarinem"
    assert queries.get_kpm(kpm.id).kecamatan_code == "36.04.12"


def test_a_stale_correction_changes_nothing(officer):
    kpm = make_kpm(officer, name="Ibu Sarinah")
    told = operations.facts_of(kpm, kpm.identity)
    with transaction():
        operations.correct(kpm, facts(nik=told.nik, name="Ibu Sarinem"), version=1, by=officer)

    with pytest.raises(StaleVersion), transaction():
        operations.correct(kpm, facts(nik=told.nik, name="Ibu Lain"), version=1, by=officer)

    assert queries.name_of(queries.get_kpm(kpm.id)) == "Ibu Sarinem"


def test_the_same_enrolment_again_changes_nothing(officer):
    kpm = make_kpm(officer)
    first = make_enrollment(kpm, "pkh", officer)

    again = make_enrollment(kpm, "pkh", officer)

    assert (again.id, again.version) == (first.id, 1)


def test_a_time_is_corrected_and_a_stale_correction_overwrites_nothing(officer):
    row = make_enrollment(make_kpm(officer), "pkh", officer)
    left = replace(operations.time_of(row), ended_on=date(2024, 5, 31), exit_kind="natural")

    with transaction():
        operations.correct_enrollment(row, left, version=1, by=officer)
    with pytest.raises(StaleVersion), transaction():
        operations.correct_enrollment(row, replace(left, exit_kind="administrative"), version=1, by=officer)
    with transaction():  # the same again is no change
        operations.correct_enrollment(row, left, version=2, by=officer)

    assert (operations.time_of(row), row.version) == (left, 2)
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (entry.action, entry.facts["fields"]) == ("kpm.enrollment_corrected", ["ended_on", "exit_kind"])


@pytest.mark.race
def test_of_two_who_correct_at_once_one_is_told_that_the_other_was_quicker(app, officer):
    row = make_enrollment(make_kpm(officer), "pkh", officer)
    number, other = row.id, make_account("caseworker")

    def end(day, by):
        def act():
            with transaction():
                found = queries.get_enrollment(number)
                told = replace(operations.time_of(found), ended_on=day)
                operations.correct_enrollment(found, told, version=1, by=db.session.get_one(Account, by))

        return act

    acts = [end(date(2024, 5, 31), officer.id), end(date(2024, 6, 30), other.id)]

    assert sorted(at_once(app, acts)) == ["StaleVersion", "ya"]


def test_a_correction_shares_no_day_with_another_time(officer):
    kpm = make_kpm(officer)
    make_enrollment(kpm, "pkh", officer, started_on=date(2020, 1, 1), ended_on=date(2022, 6, 30))
    later = make_enrollment(kpm, "pkh", officer, started_on=date(2023, 1, 1))

    told = operations.time_of(later)

    with pytest.raises(operations.EnrollmentsOverlap), transaction():
        operations.correct_enrollment(later, replace(told, started_on=date(2022, 6, 30)), version=1, by=officer)
    with transaction():
        operations.correct_enrollment(later, replace(told, started_on=date(2022, 7, 1)), version=1, by=officer)

    assert later.started_on == date(2022, 7, 1)


def test_two_times_in_one_programme_share_no_day(officer):
    kpm = make_kpm(officer)
    make_enrollment(kpm, "pkh", officer, started_on=date(2020, 1, 1), ended_on=date(2022, 6, 30))

    with pytest.raises(operations.EnrollmentsOverlap):
        make_enrollment(kpm, "pkh", officer, started_on=date(2022, 6, 30))
    make_enrollment(kpm, "uep", officer, started_on=date(2022, 6, 30))
    make_enrollment(kpm, "pkh", officer, started_on=date(2022, 7, 1))

    assert [each.program for each in queries.list_enrollments(kpm.id)] == ["pkh", "uep", "pkh"]


def test_deciles_are_kept_as_history_and_the_same_day_is_corrected(officer):
    kpm = make_kpm(officer)
    with transaction():
        operations.note_desil(kpm, 2, date(2025, 3, 1), by=officer)
        operations.note_desil(kpm, 4, date(2026, 9, 1), by=officer)
        operations.note_desil(kpm, 3, date(2026, 9, 1), by=officer)
        operations.note_desil(kpm, 3, date(2026, 9, 1), by=officer)

    assert [(each.desil, each.as_of.year) for each in queries.list_desil(kpm.id)] == [(3, 2026), (2, 2025)]
    assert db.session.query(DesilRecord).count() == 2


def test_a_consent_holds_until_it_is_withdrawn_and_from_that_moment_no_more(officer):
    kpm = make_kpm(officer)
    before = now()
    with transaction():
        operations.give_consent(
            kpm, "graduation_monitoring", wording_version="2026-11", method="paper", witness="Pak RT", by=officer
        )
    between = now()
    with transaction():
        operations.withdraw_consent(kpm, "graduation_monitoring", by=officer)

    assert not queries.may_use(kpm.id, "graduation_monitoring", before)
    assert queries.may_use(kpm.id, "graduation_monitoring", between)
    assert not queries.may_use(kpm.id, "graduation_monitoring", now())
    assert not queries.may_use(kpm.id, "marketplace", between)


def test_a_consent_ends_with_its_last_day_where_the_family_lives_without_any_job(officer):
    kpm, day = make_kpm(officer), today("Asia/Jakarta")
    make_consent(kpm, "marketplace", officer, expires_on=day)
    make_consent(kpm, "publicity", officer, expires_on=day - timedelta(days=1), given_at=now() - timedelta(days=9))

    assert queries.may_use(kpm.id, "marketplace", now())
    assert not queries.may_use(kpm.id, "marketplace", now() + timedelta(days=1))
    assert not queries.may_use(kpm.id, "publicity", now())
    assert queries.may_use(kpm.id, "publicity", now() - timedelta(days=3))


def test_withdrawing_ends_every_wording_that_was_agreed_to(officer):
    kpm = make_kpm(officer)
    with transaction():
        for wording in ("2026-10", "2026-11"):
            operations.give_consent(kpm, "ekatalog", wording_version=wording, method="own_phone", by=officer)
        operations.give_consent(kpm, "ekatalog", wording_version="2026-11", method="own_phone", by=officer)
    assert db.session.query(FamilyConsent).count() == 2

    with transaction():
        operations.withdraw_consent(kpm, "ekatalog", by=officer)

    assert not queries.may_use(kpm.id, "ekatalog", now())


def test_a_number_is_opened_for_a_purpose_and_the_look_is_written_down(officer):
    kpm = make_kpm(officer, nik=(nik := nik_number()))

    with transaction():
        assert operations.reveal(kpm, ["nik"], "verify", by=officer) == {"nik": nik}

    look = db.session.scalars(select(AccessLog)).one()
    assert (look.actor_id, look.kpm_id, look.what, look.purpose) == (officer.id, kpm.id, "nik", "verify")
    assert log("kpm.number_revealed") == [did(officer, kpm, field="nik", look=look.id)]


@pytest.mark.parametrize("purpose", ["", "   "])
def test_without_a_purpose_nothing_is_opened(officer, purpose):
    kpm = make_kpm(officer)

    with pytest.raises(operations.NoPurpose), transaction():
        operations.reveal(kpm, ["nik"], purpose, by=officer)

    assert db.session.scalars(select(AccessLog)).all() == []


def test_a_page_is_written_down_once_a_day_for_each_person(officer):
    kpm, other = make_kpm(officer), make_account("approver")
    with transaction():
        for who in (officer, officer, other):
            operations.note_visit(kpm, by=who)

    assert [look.actor_id for look in queries.list_looks(kpm.id)] == [other.id, officer.id]


@pytest.mark.parametrize("change", [update(AccessLog).values(purpose="lain"), delete(AccessLog)])
def test_the_log_of_looks_is_appended_only(officer, change):
    kpm = make_kpm(officer)
    with transaction():
        operations.note_look(kpm, "nik", "verify", by=officer)

    with pytest.raises(DBAPIError, match="append-only"), transaction() as session:
        session.execute(change)


def test_without_its_trigger_the_log_could_be_changed(officer):
    kpm = make_kpm(officer)
    with transaction() as session:
        operations.note_look(kpm, "nik", "verify", by=officer)
        if db.engine.dialect.name == "sqlite":
            session.execute(text("DROP TRIGGER access_log_no_update"))
        else:
            session.execute(text("DROP TRIGGER access_log_words_only ON access_log"))
        session.execute(update(AccessLog).values(purpose="lain"))
        assert session.scalars(select(AccessLog.purpose)).one() == "lain"
        session.rollback()


def test_an_erased_family_cannot_be_found_or_opened_and_its_rows_stay(officer):
    kpm = make_kpm(officer, nik=(nik := nik_number()), name="Ibu Terhapus", makes="keripik")
    pseudonym = kpm.pseudonym
    make_enrollment(kpm, "pkh", officer)
    with transaction():
        operations.give_consent(
            kpm, "marketplace", wording_version="2026-11", method="paper", witness="Pak Saksi", by=officer
        )

    with transaction():
        operations.erase(kpm, by=officer)

    again = queries.get_kpm(kpm.id)
    assert (again.state, queries.person_of(again), again.makes) == ("erased", None, "")
    assert again.pseudonym != pseudonym
    assert queries.find_by_number(nik, scope=officer) is None
    assert db.session.scalars(select(FamilyConsent.witness_sealed)).all() == [None]
    assert log("kpm.erased") == [did(officer, kpm)]
    assert len(queries.list_enrollments(kpm.id)) == 1
    with pytest.raises(operations.IsErased), transaction():
        operations.reveal(again, ["nik"], "verify", by=officer)
    assert check_families() == []


def test_the_book_of_families_names_what_is_wrong(officer):
    kpm, other = make_kpm(officer), make_kpm(officer)
    make_enrollment(kpm, "pkh", officer, started_on=date(2020, 1, 1), ended_on=date(2022, 6, 30))
    assert check_families() == []
    with transaction() as session:
        session.execute(text(
            "INSERT INTO enrollment (kpm_id, program, started_on, source, created_at, version)"
            " SELECT kpm_id, program, '2021-05-01', source, created_at, 1 FROM enrollment"
        ))  # fmt: skip
        session.execute(update(KpmIdentity).where(KpmIdentity.kpm_id == other.id).values(nik_blind="0" * 64))
        session.execute(update(Kpm).where(Kpm.id == kpm.id).values(state="erased"))

    assert sorted(str(finding).partition(":")[2].strip() for finding in check_families()) == [
        "is erased and still named",
        "its NIK is not the one it is found under",
        "shares days with another time in the same programme",
    ]


def test_a_decile_that_is_sent_twice_at_once_is_one(app):
    number, officer = make_kpm().id, make_account("caseworker").id

    def note():
        with transaction():
            operations.note_desil(queries.get_kpm(number), 3, date(2026, 6, 1), by=get_account(officer))

    assert at_once(app, [note] * 6) == ["ya"] * 6
