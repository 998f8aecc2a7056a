"""A list is taken whole or not at all, twice as once, and never past what somebody else wrote meanwhile."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from app.core.clock import now
from app.core.db import db, transaction
from app.core.sheets import Sheet, write_csv, write_xlsx
from app.kit import codes
from app.people.families import importing, lists, operations, queries, reading
from app.people.families.models import DesilRecord, Enrollment, ImportBatch, ImportRow, Kpm, KpmIdentity
from app.people.families.verify import check_families
from tests.factories.families import facts, kk_number, make_kpm, nik_number
from tests.factories.people import make_account
from tests.support.log import did, log
from tests.support.queries import count_queries

HEADS = [words[0] for words in lists.COLUMNS.values()]
DESA = "36.04.27.2001"


@pytest.fixture
def officer(app):
    """A caseworker of Kabupaten Serang."""
    return make_account("caseworker")


def line(**cells):
    """One line of a list, good but for what is given."""
    told = {"nik": nik_number()[:-1] + "1", "name": "Ibu Daftar", "desa": DESA, "size": "4"} | cells
    return [told.get(column, "") for column in lists.COLUMNS]


def stage(rows, by, heads=HEADS):
    with transaction():
        return importing.stage(write_csv(heads, rows), regency="36.04", by=by)


def confirm(batch, by):
    with transaction():
        return importing.confirm(batch, by=by)


def problems(batch):
    return {row.line: [tuple(each) for each in row.problems] for row in importing.list_rows(batch) if row.problems}


def count(table):
    return db.session.scalar(select(func.count()).select_from(table))


def test_a_list_is_looked_at_first_and_then_taken(officer):
    rows = [
        line(program="PKH", started_on="2021-03-01", desil="2", desil_as_of="2026-09-01", phone="081290007001"),
        line(name="Ibu Dua", kk=kk_number(), address="Kampung Pasir", wants_to_sell="ya", makes="keripik"),
    ]

    batch = stage(rows, officer)
    assert (batch.counts["new"], batch.counts["bad"], count(Kpm)) == (2, 0, 0)
    confirm(batch, officer)

    assert (batch.state, count(Kpm), count(Enrollment), count(DesilRecord)) == ("confirmed", 2, 1, 1)
    assert count(ImportRow) == 0
    families = queries.page_of_kpm(officer)[0]
    (enrolled,), (desil,) = queries.list_enrollments(families[1].id), queries.list_desil(families[1].id)
    assert (enrolled.program, enrolled.started_on, enrolled.ended_on) == ("pkh", date(2021, 3, 1), None)
    assert (desil.desil, desil.as_of, families[1].size) == (2, date(2026, 9, 1), 4)
    assert [queries.name_of(kpm) for kpm in families] == ["Ibu Dua", "Ibu Daftar"]
    assert (families[0].wants_to_sell, families[0].makes, families[0].desa_code) == (True, "keripik", DESA)
    assert check_families() == []


def test_xlsx_and_csv_say_the_same(officer):
    rows = [line(program="UEP", started_on="1/5/2025") for _number in range(3)]
    with transaction():
        one = importing.stage(write_xlsx([Sheet("Daftar", HEADS, rows)]), regency="36.04", by=officer)
    other = stage(rows, officer)

    said = [[importing.unseal(row).said for row in importing.list_rows(batch)] for batch in (one, other)]

    assert said[0] == said[1]


def test_the_same_list_again_changes_nothing(officer):
    rows = [line(program="PKH", started_on="2021-03-01", desil="2", desil_as_of="2026-09-01") for _number in range(3)]
    confirm(stage(rows, officer), officer)
    before = [(kpm.id, kpm.version) for kpm in db.session.scalars(select(Kpm))]

    again = stage(rows, officer)
    assert (again.counts["same"], again.counts["new"], again.counts["changed"]) == (3, 0, 0)
    confirm(again, officer)

    assert [(kpm.id, kpm.version) for kpm in db.session.scalars(select(Kpm))] == before
    assert (count(Enrollment), count(DesilRecord)) == (3, 3)


def test_a_list_confirmed_twice_is_taken_once(officer):
    batch = stage([line()], officer)

    confirm(batch, officer)
    confirm(batch, officer)

    assert count(Kpm) == 1


def test_a_list_uploaded_twice_before_either_is_saved_is_taken_once(officer):
    rows = [line(program="UEP", started_on="2025", desil="2", desil_as_of="2026-09-01") for _number in range(3)]
    one, other = stage(rows, officer), stage(rows, officer)
    assert (one.counts["new"], other.counts["new"]) == (3, 3)

    for batch in (one, other):
        confirm(batch, officer)

    assert (count(Kpm), count(Enrollment), count(DesilRecord)) == (3, 3, 3)
    assert (other.counts["new"], other.counts["changed"], other.counts["same"]) == (0, 0, 3)


def test_changed_lines_change_what_they_say_and_empty_cells_leave_what_is_known(officer):
    nik = nik_number()
    kpm = make_kpm(officer, nik=nik, name="Ibu Lama", phone="+6281290007001", address="Kampung Pasir")
    row = line(
        nik=nik, name="Ibu Baru", size="6", program="PKH", started_on="2021", ended_on="2024", exit_kind="mandiri"
    )

    batch = stage([row], officer)
    assert batch.counts["changed"] == 1
    confirm(batch, officer)

    after = queries.get_kpm(kpm.id)
    person = queries.person_of(after)
    assert (person.name, person.phone, person.address) == ("Ibu Baru", "+6281290007001", "Kampung Pasir")
    assert (after.size, after.version) == (6, 2)
    enrolled = queries.list_enrollments(kpm.id)[0]
    assert (enrolled.exit_kind, enrolled.exit_date) == ("self_reliant", date(2024, 1, 1))


def test_a_list_with_one_bad_line_leaves_nothing(officer):
    batch = stage([line(), line(nik="123")], officer)
    assert problems(batch) == {3: [("nik", "length")]}

    with pytest.raises(importing.HasBadRows):
        confirm(batch, officer)

    assert count(Kpm) == 0


def test_without_the_look_for_bad_lines_a_half_list_would_be_taken(officer, monkeypatch):
    batch = stage([line(), line(nik="123")], officer)
    with transaction() as session:
        session.execute(update(ImportBatch).values(counts=batch.counts | {"bad": 0}))
        session.execute(update(ImportRow).values(problems=[]))

    with pytest.raises(KeyError):
        confirm(batch, officer)

    assert count(Kpm) == 0


def test_places_are_found_by_code_and_name_and_never_guessed(officer):
    named = db.session.execute(db.text(
        "SELECT d.name, k.name FROM region d JOIN region k ON k.code = d.parent_code"
        " WHERE d.code = '36.04.27.2001'"
    )).one()  # fmt: skip
    twice = db.session.execute(db.text(
        "SELECT name FROM region WHERE level = 'desa' AND code LIKE '36.04.%' GROUP BY name HAVING count(*) > 1 LIMIT 1"
    )).scalar_one()  # fmt: skip
    rows = [
        line(desa=f"Desa {named[0].upper()}", kecamatan=f"Kec. {named[1]}"), line(desa="3604272001"),
        line(desa=twice), line(desa="Kampung Antah"), line(desa="36.01.01.2001"),
        line(desa=named[0], kecamatan="Anyer"),
    ]  # fmt: skip

    batch = stage(rows, officer)

    assert problems(batch) == {
        4: [("desa", "two")], 5: [("desa", "unknown")], 6: [("desa", "outside")], 7: [("desa", "unknown")]
    }  # fmt: skip


def test_older_and_unknown_regions_in_a_nik_are_worth_a_look_and_never_refused(officer):
    niks = ["3604274101800001", "3604014101800001", "9999994101800001", "3174014101800001"]

    batch = stage([line(nik=nik) for nik in niks], officer)

    assert batch.counts["bad"] == 0
    warned = {row.line: [tuple(each) for each in row.warnings] for row in importing.list_rows(batch)}
    assert warned == {2: [], 3: [("nik", "region")], 4: [("nik", "region")], 5: []}


def test_numbers_of_other_families_are_refused_without_saying_whose(officer):
    elsewhere, kk = nik_number(), kk_number()
    make_kpm(nik=elsewhere, desa_code="36.01.01.2001")
    make_kpm(officer, kk=kk)

    batch = stage([line(nik=elsewhere), line(kk=kk)], officer)

    assert problems(batch) == {2: [("nik", "elsewhere")], 3: [("kk", "taken")]}


def test_a_time_that_overlaps_one_in_the_register_is_refused(officer):
    nik = nik_number()
    kpm = make_kpm(officer, nik=nik)
    with transaction():
        operations.enroll(kpm, operations.Time("pkh", date(2020, 1, 1)), by=officer)

    batch = stage([line(nik=nik, program="PKH", started_on="2021-01-01")], officer)

    assert problems(batch) == {2: [("started_on", "overlap")]}


def test_what_another_officer_wrote_meanwhile_stops_the_whole_list(officer, monkeypatch):
    monkeypatch.setattr(importing, "AT_ONCE", 1)  # the first line is in the register when the second is judged
    kk = kk_number()
    batch = stage([line(), line(kk=kk)], officer)
    make_kpm(officer, kk=kk)

    with pytest.raises(importing.HasBadRows):
        confirm(batch, officer)

    assert count(Kpm) == 1


@pytest.mark.parametrize(
    ("heads", "rows", "refusal"),
    [
        (["Nama", "Desa"], [["a", "b"]], reading.NoHeads),
        (["NIK", "Nama"], [["a", "b"]], reading.MissingHeads),
        (HEADS, [], reading.NothingToRead),
    ],
)
def test_a_table_that_is_no_list_of_families_is_refused(officer, heads, rows, refusal):
    with pytest.raises(refusal):
        stage(rows, officer, heads)


def test_titles_above_the_head_are_passed_over(officer):
    text = b"DAFTAR KPM KABUPATEN SERANG;;;\n;;;\n" + write_csv(HEADS, [line()])[3:].replace(b",", b";")
    with transaction():
        batch = importing.stage(text, regency="36.04", by=officer)

    assert (batch.counts["new"], importing.list_rows(batch)[0].line) == (1, 4)


def test_a_waiting_list_is_sealed_and_expires_with_all_its_lines(officer):
    batch = stage([line(name="Ibu Menunggu", phone="081290007001")], officer)
    stored = repr([tuple(row) for row in db.session.execute(select(ImportRow.__table__))])
    assert "Menunggu" not in stored
    assert "81290007001" not in stored

    with transaction() as session:
        session.execute(update(ImportBatch).values(expires_at=now() - timedelta(seconds=1)))
    with pytest.raises(importing.NoLonger):
        confirm(batch, officer)
    with transaction():
        importing.sweep()

    assert (count(ImportRow), db.session.get(ImportBatch, batch.id).state) == (0, "expired")


def test_a_dropped_list_is_gone(officer):
    batch = stage([line()], officer)
    with transaction():
        importing.drop(batch, by=officer)

    with pytest.raises(importing.NoLonger):
        confirm(batch, officer)
    assert count(ImportRow) == 0
    assert log("kpm.list_dropped") == [did(officer, batch)]


def test_a_thousand_lines_need_a_few_questions(app, officer):
    rows = [line(nik=nik_number(number)[:-4] + "0007", program="PKH", started_on="2021") for number in range(1000)]

    with count_queries(app) as asked:
        batch = stage(rows, officer)
        confirm(batch, officer)

    assert (batch.counts["new"], count(KpmIdentity)) == (1000, 1000)
    assert len(asked) < 120


def test_a_number_of_ours_that_is_taken_is_drawn_again(officer, monkeypatch):
    """Among many families one list in a few draws what another family has, or the same twice."""
    held = make_kpm(officer).pseudonym
    drawn = iter([held, "BBBBBBB", "BBBBBBB", "CCCCCCC", "BBBBBBB", "DDDDDDD", "FFFFFFF"])
    monkeypatch.setattr(codes, "new_code", lambda _length: next(drawn))

    batch = stage([line() for _number in range(3)], officer)
    confirm(batch, officer)
    one = make_kpm(officer).pseudonym

    new = set(db.session.scalars(select(Kpm.pseudonym)))
    assert new == {held, "BBBBBBB", "CCCCCCC", "DDDDDDD", "FFFFFFF"}
    assert one == "FFFFFFF"


def test_a_list_is_read_judged_and_taken_in_parts_and_never_held_whole(officer, monkeypatch):
    read, judge, taken, parts = importing.read_list, importing.judge, [], []

    def counted(*given):
        for entry in read(*given):
            taken.append(entry.line)
            yield entry

    def seen(part, *rest):
        parts.append((len(part), len(taken)))
        return judge(part, *rest)

    monkeypatch.setattr(importing, "AT_ONCE", 3)
    monkeypatch.setattr(importing, "read_list", counted)
    monkeypatch.setattr(importing, "judge", seen)

    batch = stage([line() for _number in range(7)], officer)
    staged = parts.copy()
    confirm(batch, officer)

    assert staged == [(3, 3), (3, 6), (1, 7)]
    assert [many for many, _read in parts[3:]] == [3, 3, 1]


def test_the_facts_of_a_family_are_all_known_to_lists():
    assert set(facts().__dataclass_fields__) - set(lists.COLUMNS) == {"desa_code"}
