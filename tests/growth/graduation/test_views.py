"""Growth on the screen: figures that open to their rows, moves by two people, the family's own page, the letter."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from PIL import Image, ImageChops, ImageStat
from sqlalchemy import select, update

from app.core import jobs
from app.core.clock import now
from app.core.db import db, transaction
from app.core.storage import private_store
from app.growth.graduation import letters, queries, reckoning, rules
from app.growth.graduation.models import Appeal, Assessment, Graduation
from app.growth.graduation.statements import BLANK
from app.growth.mentoring.models import OwnWish
from app.kit.periods import ENGLISH_MONTHS, SHORT_MONTHS
from app.people.families import queries as families
from app.people.places.queries import names_of, settings_of
from app.people.places.rules import DEFAULTS
from tests.factories.families import make_consent, make_kpm
from tests.factories.growth import (
    REASON,
    TODAY,
    make_appeal,
    make_case,
    make_decision,
    make_family,
    make_graduation,
    make_proposal,
    make_sale,
)
from tests.factories.people import DESA, OTHER_DESA, make_account, sign_in
from tests.factories.phone_photos import phone_jpeg
from tests.support.paper import text_of

VIEW = "Kami ingin tetap ditemani dulu."


@pytest.fixture
def seller(client):
    """A seller whose shop a family runs, signed in."""
    account = make_account()
    sign_in(client, account)
    return account


@pytest.fixture
def family(seller):
    """Her family, consenting and followed, with takings of more than a year."""
    kpm, shop = make_family(owner=seller)
    make_case(kpm)
    for back in range(14, 0, -1):
        for day in range(4):
            make_sale(shop, reckoning.month_before(TODAY, back).replace(day=day + 1), 25_000)
    return kpm, shop


@pytest.fixture
def facilitator(client):
    """A pendamping of the village."""
    return make_account("pendamping")


@pytest.fixture
def officer(client):
    """A caseworker of the kabupaten."""
    return make_account("caseworker")


def at(kpm, rest=""):
    return f"/dinsos/keluarga/{kpm.id}/perkembangan{rest}"


def test_figures_stand_with_period_n_and_evidence_and_open_to_rows_that_add_up(client, facilitator, family):
    sign_in(client, facilitator)
    kpm, _shop = family

    page = client.get(at(kpm))
    rows = client.get(at(kpm, "/ukuran?apa=i1"))

    assert "Rp100.000" in page.text
    assert "6 bulan" in page.text
    assert "100 % ada buktinya" in page.text
    assert rows.text.count("Rp25.000") == 4


def test_the_chart_names_its_months_in_the_language_of_the_page(client, facilitator, family):
    sign_in(client, facilitator)
    kpm, _shop = family
    told = re.compile(r"<text[^>]*>([A-Z][a-z]{2})</text>")

    ours, theirs = (set(told.findall(client.get(at(kpm, way)).text)) for way in ("", "?bahasa=en"))

    assert len(ours) == len(theirs) > 4
    assert ours <= set(SHORT_MONTHS) and theirs <= {each[:3] for each in ENGLISH_MONTHS}


def test_rows_of_a_direction_are_those_of_the_two_quarters_it_compares(client, facilitator):
    sign_in(client, facilitator)
    kpm, shop = make_family()
    for back in range(17, 0, -1):
        make_sale(shop, reckoning.month_before(TODAY, back), 1_000 * back)
    half, new = make_family()
    for back in range(7, 0, -1):
        make_sale(new, reckoning.month_before(TODAY, back), 1_000 * back)

    year = client.get(at(kpm, "/ukuran?apa=i7")).text
    short = client.get(at(half, "/ukuran?apa=i7")).text

    assert amounts(year) == [1_000 * back for back in (1, 2, 3, 13, 14, 15)]
    assert amounts(short) == [1_000 * back for back in (1, 2, 3, 4, 5, 6)]
    assert "turun 85,8 %" in year, "the middle of 1, 2, 3 against that of 13, 14, 15"
    assert "dibanding tiga bulan sebelumnya" in short


def amounts(page):
    """The money of each row, as it stands."""
    return [int(re.sub(r"\D", "", each)) for each in re.findall(r'data-label="Uang">([^<]+)<', page)]


@pytest.mark.parametrize("figure", ["i1", "i2", "i3", "i5", "i6", "i7", "i8", "i11"])
def test_every_figure_has_its_period_n_and_proof_and_opens_to_rows_in_plain_words(client, facilitator, family, figure):
    sign_in(client, facilitator)
    kpm, _shop = family
    page = client.get(at(kpm)).text
    row = page.partition(f"ukuran?apa={figure}")[0].rpartition("<li")[2]

    rows = client.get(at(kpm, f"/ukuran?apa={figure}")).text

    assert re.search(r"\d{4}", row), "the months it is of"
    assert figure in {"i1", "i8"} or re.search(r"· \d+ bulan", row)
    assert figure in {"i3", "i8"} or "100 % ada buktinya" in row
    assert amounts(rows)
    assert "Diakui pembeli" in rows
    assert not re.search(r'data-label="Bukti">[A-D]<', rows)


def test_what_is_missing_is_said_in_months(client, facilitator):
    sign_in(client, facilitator)
    kpm, shop = make_family()
    for back in (3, 2, 1):
        make_sale(shop, reckoning.month_before(TODAY, back).replace(day=28))

    page = client.get(at(kpm)).text

    assert "Data belum cukup (perlu 2 bulan lagi)" in page
    assert "Belum terpenuhi" not in page
    assert client.get(at(kpm, "/ukuran?apa=i2")).status_code == 404


def test_without_consent_no_figure_and_no_row_is_shown(client, facilitator):
    sign_in(client, facilitator)
    kpm, shop = make_family(consents=False)
    make_sale(shop, TODAY, 77_000)

    page = client.get(at(kpm)).text

    assert "catatan jualan tidak dipakai" in page
    assert "Rp77.000" not in page
    assert client.get(at(kpm, "/ukuran?apa=i8")).status_code == 404


def test_a_flag_names_its_reasons_and_is_not_a_status(client, facilitator):
    sign_in(client, facilitator)
    kpm, shop = make_family()
    make_case(kpm)
    for back in range(17, 3, -1):
        for day in range(4):
            make_sale(shop, reckoning.month_before(TODAY, back).replace(day=day + 1))

    page = client.get(at(kpm)).text
    client.post(at(kpm, "/simpan"))
    flagged = client.get("/dinsos/perkembangan?tanda=1").text

    assert "Tanda: perlu ditengok" in page
    assert "Sejak jualan terakhir:" in page
    assert "Perlu ditengok: Sejak jualan terakhir, Arah" in flagged
    assert queries.get_case(kpm.id).status == "observing"
    assert '<span class="badge badge--info">Diamati</span>' in page


def test_a_pendamping_meets_a_stranger_s_family_like_none(client, facilitator):
    sign_in(client, facilitator)
    kpm = make_kpm(desa_code="36.04.12.2001")

    assert client.get(at(kpm)).status_code == client.get("/dinsos/keluarga/999999/perkembangan").status_code == 404


def test_two_people_move_a_family_on_the_screen(client, facilitator, officer, family):
    kpm, _shop = family
    sign_in(client, facilitator)
    told = {"langkah": "steady", "alasan": REASON, "pandangan": VIEW}

    short = client.post(at(kpm, "/usul"), data=told | {"alasan": "baik"})
    sent = client.post(at(kpm, "/usul"), data=told)
    proposal = queries.find_waiting(kpm.id)
    mine = client.get(f"/dinsos/perkembangan/usulan/{proposal.id}")
    sign_in(client, officer)
    shown = client.get(f"/dinsos/perkembangan/usulan/{proposal.id}")
    decided = client.post(f"/dinsos/perkembangan/usulan/{proposal.id}", data={"jawaban": "ya", "alasan": REASON})

    assert (short.status_code, sent.status_code, mine.status_code, decided.status_code) == (200, 303, 404, 303)
    assert VIEW in shown.text
    assert queries.get_case(kpm.id).status == "steady"
    assert "Berjalan baik" in client.get("/dinsos/perkembangan").text


def test_an_objection_is_heard_by_a_third_person(client, facilitator, officer, family):
    kpm, _shop = family
    make_decision(make_proposal(kpm, "watch", by=facilitator), officer)
    appeal = make_appeal(kpm, by=make_account("pendamping"))
    third = make_account("approver")
    here = f"/dinsos/perkembangan/keberatan/{appeal.id}"
    sign_in(client, officer)
    refused = client.post(f"{here}/terima")
    sign_in(client, third)

    shown = client.get(here).text
    steps = [client.post(f"{here}/terima").status_code for _ in range(2)]
    answered = client.post(f"{here}/jawab", data={"hasil": "ubah", "alasan": REASON})

    assert refused.status_code == 404
    assert "Diamati → Dipantau dekat" in shown
    assert REASON in shown
    assert ([*steps, answered.status_code], db.session.get(Appeal, appeal.id).state) == ([303, 303, 303], "changed")
    assert REASON in client.get(at(kpm)).text


def test_the_head_sees_overdue_objections_by_number_and_no_name(client, family):
    kpm, _shop = family
    make_appeal(kpm)
    with transaction() as session:
        session.execute(update(Appeal).values(due_on=TODAY - timedelta(days=1)))
    sign_in(client, make_account("head"))

    page = client.get("/dinsos/perkembangan/keberatan").text

    assert "Lewat waktu" in page
    assert kpm.pseudonym in page
    assert families.name_of(families.get_kpm(kpm.id)) not in page
    assert client.get("/dinsos/perkembangan").location == "/dinsos/perkembangan/keberatan"
    assert client.get(at(kpm)).status_code == 404


def test_the_family_reads_everything_about_itself(client, seller, facilitator, officer, family):
    kpm, _shop = family
    decision = make_decision(make_proposal(kpm, "watch", by=facilitator), officer)
    sign_in(client, facilitator)
    client.get(at(kpm))
    sign_in(client, seller)

    page = client.get("/jualan/perkembangan").text

    assert "Rp100.000" in page
    assert "Dipantau dekat" in page
    assert REASON in page
    assert facilitator.name in page
    assert "Membuka halaman keluarga" in page
    assert decision.outcome == "watch"
    assert client.get("/jualan/perkembangan/ukuran?apa=i1").text.count("Rp25.000") == 4
    assert "/jualan/perkembangan" in client.get("/saya").text


def test_a_move_that_waits_for_an_answer_is_no_secret_to_her(client, facilitator, family):
    kpm, _shop = family
    assert "usulan yang belum diputuskan" not in client.get("/jualan/perkembangan").text
    make_proposal(kpm, "watch", by=facilitator)

    page = client.get("/jualan/perkembangan").text

    for told in (
        "Diamati → Dipantau dekat",
        f"diusulkan {facilitator.name}",
        REASON,
        "Pandangan keluarga",
        "tidak ada yang berubah",
    ):
        assert told in page
    assert '<span class="badge badge--info">Diamati</span>' in page


def test_her_own_page_speaks_plain_words(client, seller, facilitator, officer, family):
    kpm, _shop = family
    make_decision(make_proposal(kpm, "watch", by=facilitator), officer)
    make_appeal(kpm)

    pages = [client.get(f"/jualan/perkembangan{rest}").text for rest in ("", "/ukuran?apa=i7", "/ukuran?apa=i3")]

    for page in pages:
        said = re.sub(r"<[^>]+>", " ", page.partition("<main")[2].partition(">")[2].partition("</main>")[0])
        assert not re.search(r"\bI\d+\b|_|median|indikator|per mille|KPM|\bNone\b", said)
        assert not {*rules.STATUSES, *reckoning.COMPARATORS, "met", "not_met", "filed", "bazaar", "manual"} & set(
            re.findall(r"[a-z_]+", said)
        )


def test_she_objects_with_one_button_and_takes_it_back(client, facilitator, officer, family):
    kpm, _shop = family
    make_decision(make_proposal(kpm, "watch", by=facilitator), officer)

    empty = client.post("/jualan/perkembangan/keberatan", data={"ucapan": " "})
    sent = client.post("/jualan/perkembangan/keberatan", data={"ucapan": "Saya masih berjualan setiap hari."})
    page = client.get("/jualan/perkembangan").text

    assert (empty.status_code, sent.status_code) == (200, 303)
    assert "tidak berlaku sampai keberatan Anda dijawab" in page
    assert queries.standing_of(queries.get_case(kpm.id)).status == "observing"
    client.post("/jualan/perkembangan/keberatan/cabut")
    assert queries.standing_of(queries.get_case(kpm.id)).status == "watch"


def test_she_withdraws_and_from_that_minute_no_sale_is_used_while_selling_goes_on(client, seller, family):
    kpm, shop = family

    client.post("/jualan/perkembangan/izin", data={"izin": "tidak"})
    page = client.get("/jualan/perkembangan").text

    assert not families.may_use(kpm.id, "graduation_monitoring", now())
    assert queries.get_case(kpm.id).status == "visit_only"
    assert "Rp100.000" not in page
    assert client.get("/jualan/perkembangan/ukuran?apa=i1").status_code == 404
    assert client.get(f"/lapak/{shop.slug}").status_code == 200
    client.post("/jualan/perkembangan/izin", data={"izin": "ya"})
    assert queries.get_case(kpm.id).status == "observing"
    assert "Rp100.000" in client.get("/jualan/perkembangan").text


def test_she_says_with_one_button_that_she_wishes_to_stand_alone_and_nothing_else_changes(client, facilitator, family):
    kpm, _shop = family
    status, address = queries.get_case(kpm.id).status, "/jualan/perkembangan/keinginan"
    assert "Saya ingin mandiri" in client.get("/jualan/perkembangan").text

    for _ in range(2):
        assert client.post(address, data={"mandiri": "ya"}).status_code == 303

    assert "Anda sudah mengatakan ingin mandiri" in client.get("/jualan/perkembangan").text
    assert len(db.session.scalars(select(OwnWish)).all()) == 1
    assert queries.get_case(kpm.id).status == status
    sign_in(client, facilitator)
    assert "Keluarga ini sendiri yang mengatakannya" in client.get(f"/dinsos/keluarga/{kpm.id}").text
    assert client.post(address, data={"mandiri": "tidak"}).status_code == 404


def test_a_seller_without_a_family_has_no_such_page(client):
    account = make_account()
    sign_in(client, account)

    assert client.get("/jualan/perkembangan").status_code == 404
    assert "/jualan/perkembangan" not in client.get("/saya").text


def test_begin_and_keep_what_is_measured(client, facilitator):
    sign_in(client, facilitator)
    kpm, _shop = make_family()

    client.post(at(kpm, "/mulai"))
    client.post(at(kpm, "/simpan"))

    assert queries.get_case(kpm.id).status == "observing"
    assert [made.made_by_id for made in db.session.scalars(select(Assessment))] == [facilitator.id]


def test_a_graduation_goes_from_statement_over_scan_to_somebody_else_s_name(client, facilitator, officer):
    kpm = make_kpm(nik="3604274101800000", name="Ibu Sarinah")
    sign_in(client, facilitator)
    told = {"kunci": "satu", "cara": "self_reliant", "tanggal": TODAY.isoformat(), "alasan": "Usaha emping sudah jalan"}

    made = client.post(f"/dinsos/keluarga/{kpm.id}/graduasi", data=told | {"tahun_masuk": "2019"})
    letter = client.get(f"{made.location}/surat").text
    early = client.post(f"{made.location}/sahkan", data={"versi": "1"})
    none = client.post(f"{made.location}/pindaian", data={})
    photo = {"foto": (io.BytesIO(phone_jpeg((600, 800))), "surat.jpg")}
    scanned = client.post(f"{made.location}/pindaian", data=photo)
    sign_in(client, officer)
    page = client.get(made.location)
    seen = client.get(f"{made.location}/pindaian")
    found = db.session.scalars(select(Graduation)).one()
    stale = client.post(f"{made.location}/sahkan", data={"versi": "1"})
    done = client.post(f"{made.location}/sahkan", data={"versi": str(found.version)})

    assert "Ibu Sarinah, NIK 3604274101800000" in letter
    assert "sejak 2019" in letter
    assert "Usaha emping sudah jalan" in letter
    assert (early.status_code, none.status_code, scanned.status_code, seen.status_code) == (404, 422, 303, 200)
    assert "Sahkan atas nama saya" in page.text
    assert (stale.status_code, done.status_code) == (409, 303)
    assert officer.name in client.get(made.location).text
    assert [look.purpose for look in families.list_looks(kpm.id) if look.what == "nik"] == ["letter"]
    assert "Disahkan" in client.get(f"/dinsos/keluarga/{kpm.id}").text


def test_a_letter_reads_as_the_office_has_written_it(client, facilitator):
    kpm = make_kpm(nik="3604274101800000", name="Ibu Sarinah")
    graduation = make_graduation(kpm, facilitator, letter={"alasan": "Usaha sudah jalan.", "jenis_usaha": "emping"})
    sign_in(client, make_account("admin"))
    wording = "Yang menyatakan, {nama} dari Desa {desa}.\n\nSaya membuat {jenis_usaha} sejak {mulai_usaha}. Sekian!"

    unknown = write(client, "Saya {nama}, gaji {gaji} dan {utang}, {nama.__class__}.")
    kept = settings_of("36.04").get("graduation.letter")
    saved = write(client, wording)
    sign_in(client, facilitator)
    shown = client.get(f"/dinsos/graduasi/{graduation.id}/surat").text
    drawn = " ".join(text_of(client.get(f"/dinsos/graduasi/{graduation.id}/surat.pdf").data).split())

    assert unknown.status_code == 422
    assert "Tidak dikenal di dalam kurung: gaji, utang, nama.__class__" in unknown.text
    assert "gaji {gaji}" in unknown.text, "what was typed stays"
    assert kept == DEFAULTS["graduation.letter"]
    assert saved.status_code == 303
    village = names_of({kpm.desa_code})[kpm.desa_code]
    for words in (
        f"Yang menyatakan, Ibu Sarinah dari Desa {village}.",
        f"Saya membuat emping sejak {BLANK}. Sekian!",
    ):
        assert f"<p>{words}</p>" in shown
        assert words in drawn
    assert DEFAULTS["graduation.letter"][:30] not in shown


@pytest.mark.parametrize("wording", ["", "   ", "x" * 4_001], ids=["empty", "blank", "long"])
def test_a_letter_that_says_nothing_or_fills_a_book_is_refused(client, wording):
    sign_in(client, make_account("admin"))

    assert write(client, wording).status_code == 422
    assert settings_of("36.04").get("graduation.letter") == DEFAULTS["graduation.letter"]


def test_what_the_office_or_a_family_writes_is_letters_and_no_markup(client, facilitator):
    graduation = make_graduation(make_kpm(name="Ibu Sarinah"), facilitator, letter={"alasan": "<b>cukup</b> {nik}"})
    sign_in(client, make_account("admin"))
    write(client, "<script>alert(1)</script> {nama}: {alasan}")
    sign_in(client, facilitator)

    page = client.get(f"/dinsos/graduasi/{graduation.id}/surat").text

    told = "&lt;script&gt;alert(1)&lt;/script&gt; Ibu Sarinah: &lt;b&gt;cukup&lt;/b&gt; {nik}"
    assert told in page
    assert client.get(f"/dinsos/graduasi/{graduation.id}/surat.pdf").data.startswith(b"%PDF")


def write(client, wording):
    """Give the letter another text, as the administrator does."""
    address = "/dinsos/pengaturan/surat-graduasi"
    token = client.get(address).text.partition('name="versi"')[2].partition('value="')[2].partition('"')[0]
    return client.post(address, data={"versi": token, "graduation-letter": wording})


def test_a_scan_that_lay_on_its_side_is_turned_until_it_is_confirmed(client, facilitator, officer):
    graduation = make_graduation(make_kpm(), facilitator)
    here = f"/dinsos/graduasi/{graduation.id}"
    sign_in(client, facilitator)
    assert client.post(f"{here}/pindaian/putar").status_code == 409
    client.post(f"{here}/pindaian", data={"foto": (io.BytesIO(phone_jpeg((600, 400))), "surat.jpg")})
    first = db.session.get(Graduation, graduation.id).scan
    before = Image.open(io.BytesIO(client.get(f"{here}/pindaian").data))

    turned = client.post(f"{here}/pindaian/putar")
    after = Image.open(io.BytesIO(client.get(f"{here}/pindaian").data))

    assert turned.status_code == 303
    assert (before.width, before.height) == (after.height, after.width)
    assert before.width != before.height
    left = before.convert("L").transpose(Image.Transpose.ROTATE_270)
    assert ImageStat.Stat(ImageChops.difference(left, after.convert("L"))).mean[0] < 4, "a quarter to the right"
    jobs.run_due()
    assert first not in set(private_store().list_names()), "the scan that it was before is not kept"
    sign_in(client, officer)
    found = db.session.get(Graduation, graduation.id)
    client.post(f"{here}/sahkan", data={"versi": str(found.version)})
    sign_in(client, facilitator)
    assert client.post(f"{here}/pindaian/putar").status_code == 404
    assert db.session.get(Graduation, graduation.id).scan == found.scan


def test_a_hostile_file_is_no_letter(client, facilitator):
    sign_in(client, facilitator)
    graduation = make_graduation(make_kpm(), facilitator)

    answer = client.post(
        f"/dinsos/graduasi/{graduation.id}/pindaian", data={"foto": (io.BytesIO(b"%PDF-1.4 <script>"), "surat.jpg")}
    )

    assert 400 <= answer.status_code < 500
    assert db.session.get(Graduation, graduation.id).scan is None


def graduated(facilitator, officer, **given):
    """A family whose graduation was acknowledged."""
    kpm = make_kpm(desa_code=given.pop("desa_code", DESA))
    graduation = make_graduation(kpm, facilitator, **given)
    with transaction():
        letters.add_scan(graduation, "aa/bb/cc.jpg", by=facilitator)
        letters.confirm(graduation, version=2, by=officer)


def test_counts_stand_by_year_kecamatan_and_kind(client, facilitator, officer):
    last_year = TODAY.replace(day=1) - timedelta(days=366)
    graduated(facilitator, officer)
    graduated(facilitator, officer)
    graduated(facilitator, officer, kind="natural")
    graduated(facilitator, officer, kind="administrative", desa_code=OTHER_DESA)
    graduated(facilitator, officer, kind="natural", stated_on=last_year)
    make_graduation(make_kpm(), facilitator)  # nobody acknowledged it yet
    sign_in(client, officer)

    page = client.get("/dinsos/graduasi").text

    rows = re.findall(r"<tr>.*?</tr>", page.partition("<tbody")[2].partition("</table>")[0], re.DOTALL)
    told = [[re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[hd].*?</t[hd]>", row)] for row in rows]
    year, before = str(TODAY.year), str(last_year.year)
    assert told == [
        [year, "Ciomas", "2", "1", "0"], [year, "Pontang", "0", "0", "1"], [year, "Semua kecamatan", "2", "1", "1"],
        [before, "Ciomas", "0", "1", "0"],
    ]  # fmt: skip


def test_small_counts_are_kept_from_the_head(client, facilitator, officer):
    for _ in range(2):
        graduated(facilitator, officer)
    sign_in(client, make_account("head"))

    masked = client.get("/dinsos/graduasi").text

    assert f'<th scope="row">{TODAY.year}</th>' in masked
    assert '<td class="table__number" data-label="Keluarga">ditutup</td>' in masked
    assert ">2<" not in masked


def _move(kpm, by):
    make_consent(kpm)
    make_case(kpm)
    make_proposal(kpm, "watch", by=by)


def _object(kpm, by):
    make_case(kpm)
    make_appeal(kpm, by)


@pytest.mark.parametrize(
    ("address", "make"),
    [
        ("/dinsos/graduasi", make_graduation),
        ("/dinsos/perkembangan", make_graduation),
        ("/dinsos/perkembangan", _move),
        ("/dinsos/perkembangan", _object),
        ("/dinsos/perkembangan/keberatan", _object),
    ],
)
def test_a_queue_that_stops_says_so(client, facilitator, officer, monkeypatch, address, make):
    monkeypatch.setattr(queries, "MOST_WAITING", 1)
    first, second = make_kpm(), make_kpm(name="Ibu Belakangan")
    sign_in(client, officer)
    make(first, facilitator)
    assert "menyusul" not in client.get(address).text
    make(second, facilitator)

    page = client.get(address).text
    waiting = page.partition('id="diikuti"')[0]

    assert waiting.count("Tampil 1 terlama; sisanya menyusul.") == 1
    assert "Ibu Belakangan" not in waiting
    assert second.pseudonym not in waiting
