"""Papers that end, the mark on the public page, the two versions of the catalogue, and sets that begin later."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select, update

from app.core import books
from app.core.clock import now
from app.core.db import db, transaction
from app.goods.permits.models import Permit
from app.people.accounts.models import Account
from app.trade.ekatalog import bundles, expiry, jobs, loading, queries, reference
from app.trade.ekatalog.models import OutsideStatus, PaperNotice, RequirementSet, Submission
from tests.factories import ekatalog as made
from tests.factories.people import OTHER_DESA, make_account, sign_in
from tests.factories.phone_photos import phone_photo
from tests.factories.procurement import shown

MARK = "Tayang di e-Katalog"


@pytest.fixture
def case(app):
    """A round that waits for a curator; its halal certificate ends in 61 days."""
    found = made.sent(made.make_goods())
    ends(found, 61)
    return found


def ends(case, days, kind="halal"):
    with transaction() as session:
        query = update(Permit).where(Permit.shop_id == case.shop.id, Permit.kind == kind)
        session.execute(query.values(expires_on=case.day + timedelta(days=days)))


def later(days):
    return time_machine.travel(now() + timedelta(days=days), tick=False)


def told():
    db.session.rollback()
    return sorted(db.session.scalars(select(PaperNotice.days)), reverse=True)


def tell():
    with transaction():
        return expiry.tell()


def test_each_threshold_is_told_once_and_not_a_day_before(case):
    assert (tell(), told()) == (0, [])

    for days, so_far in ((1, [60]), (2, [60]), (31, [60, 30]), (54, [60, 30, 7]), (61, [60, 30, 7, 0]), (70, None)):
        with later(days):
            tell()
            tell()
            assert told() == (so_far or [60, 30, 7, 0])


def test_a_threshold_that_was_slept_through_is_not_told_after(case):
    with later(55):
        tell()

    assert told() == [7]


def test_the_list_is_true_with_no_clock_running(client, case):
    with later(31):
        (ending,) = expiry.list_of_shop(case.shop.id)
        assert len(expiry.told_of(case.shop.id)) == 1
        assert (ending.permit.kind, ending.days, ending.left, ending.notice) == ("halal", 30, 30, None)
        sign_in(client, db.session.get_one(Account, case.shop.owner_id))
        assert "Habis 30 hari lagi" in client.get("/jualan/ekatalog").text
        assert "1 surat untuk e-Katalog segera habis" in client.get("/jualan").text
        sign_in(client, make_account("pendamping"))
        assert "Habis 30 hari lagi" in client.get("/dampingan/ekatalog").text
        assert "1 surat dampingan segera habis atau sudah habis" in client.get("/dampingan").text
        sign_in(client, make_account("curator"))
        assert case.shop.name in client.get("/dinsos/ekatalog?daftar=surat").text
    assert told() == []


def test_only_papers_that_a_running_product_needs_are_told_of(case, app):
    elsewhere = made.make_goods()
    with transaction() as session:
        session.execute(update(Permit).where(Permit.shop_id == case.shop.id).values(shop_id=elsewhere.shop_id))

    with later(40):
        assert expiry.list_of_shop(elsewhere.shop_id) == []
        assert expiry.told_of(elsewhere.shop_id) == {}
        assert tell() == 0


def test_a_licence_number_that_names_its_year_is_told_of_too(app):
    case = made.sent(made.make_goods())
    days = (made.date(2030, 12, 31) - case.day).days - 20

    with later(days):
        assert {each.permit.kind for each in expiry.list_of_shop(case.shop.id)} == {"pirt"}


def test_she_says_that_she_knows_and_is_told_again_at_the_next_threshold(client, case):
    owner = db.session.get_one(Account, case.shop.owner_id)
    permit = case.permits["halal"].id
    with later(31):
        sign_in(client, owner)
        assert client.post(f"/jualan/ekatalog/surat/{permit}/tahu").status_code == 303
        client.post(f"/jualan/ekatalog/surat/{permit}/tahu")
        assert "hampir habis" not in client.get("/jualan").text
        assert "Habis 30 hari lagi" in client.get("/jualan/ekatalog").text
        assert told() == [30]
    with later(55):
        sign_in(client, owner)
        assert "1 surat untuk e-Katalog segera habis" in client.get("/jualan").text


def photo():
    return (io.BytesIO(phone_photo("PNG", (400, 300))), "surat.png")


def test_a_renewed_paper_ends_the_notice_and_is_a_new_row(client, case):
    fields = {"surat": "halal", "nomor": made.NUMBERS["halal"], "sampai": made.in_days(900).isoformat()}
    address = "/jualan/surat/isi?surat=halal"
    with later(31):
        sign_in(client, db.session.get_one(Account, case.shop.owner_id))
        assert client.get("/jualan/ekatalog").text.count(f'href="{address}"') == 1
        assert "boleh kosong" not in client.get(address).text.split("Foto surat")[1].split("</label>")[0]
        bare = client.post(address, data=fields)
        assert bare.status_code == 422 and "Foto surat yang baru" in bare.text

        assert client.post(address, data=fields | {"foto": photo()}).status_code == 303
        assert expiry.list_of_shop(case.shop.id) == []
    kept = db.session.scalars(select(Permit.kind).where(Permit.shop_id == case.shop.id, Permit.kind == "halal")).all()
    assert len(kept) == 2


def test_a_pendamping_renews_for_her_and_a_stranger_does_not(client, case):
    permit = case.permits["halal"]
    fields = {
        "surat": "halal",
        "nomor": made.NUMBERS["halal"],
        "sampai": made.in_days(900).isoformat(),
        "foto": photo(),
    }
    pendamping = make_account("pendamping")
    sign_in(client, make_account("pendamping", areas=[OTHER_DESA]))
    assert client.get(f"/dampingan/surat/{permit.id}").status_code == 404
    sign_in(client, made.make_goods().shop.owner)
    assert client.get(f"/dampingan/surat/{permit.id}").status_code == 404
    assert client.post(f"/jualan/ekatalog/surat/{permit.id}/tahu").status_code == 404

    sign_in(client, pendamping)
    with later(31):
        sign_in(client, pendamping)
        address = f"/dampingan/surat/{permit.id}"
        assert f'href="{address}"' in client.get("/dampingan/ekatalog").text
        assert case.shop.name in client.get(address).text
        kept = client.post(address, data=fields)
        assert kept.status_code == 303
        assert "tersimpan" in client.get(kept.location).text
        assert client.get(address).location == kept.location
    fresh = db.session.scalars(select(Permit).order_by(Permit.id.desc())).first()
    assert (fresh.entered_by_id, fresh.on_behalf_of_id) == (pendamping.id, case.shop.owner_id)


def proved(case):
    """Say that a picture proves the newest sighting."""
    with transaction() as session:
        session.add(
            OutsideStatus(
                submission_id=case.submission.id, status="shown_outside", seen_on=case.day, seen_by="Rudi",
                proof="ab/cd/ef.jpg", entered_by_id=make_account("curator").id,
            )
        )  # fmt: skip
    return case


def public_page(client, case):
    return client.get(f"/produk/{case.submission.product.slug}").text


def test_the_mark_stands_on_the_public_page_while_it_is_seen_there_with_proof(client, app):
    sent = made.sent(made.make_goods())
    assert MARK not in public_page(client, sent)
    unproved = shown()
    assert MARK not in public_page(client, unproved)

    case = proved(unproved)
    assert MARK in public_page(client, case)
    made.seen(case, "delisted_outside")
    assert MARK not in public_page(client, case)


def test_the_mark_goes_on_the_day_after_a_paper_ends(client, app):
    case = proved(shown())
    ends(case, 10)

    with later(10):
        assert MARK in public_page(client, case)
    with later(11):
        assert MARK not in public_page(client, case)
        sign_in(client, make_account("curator"))
        assert "Surat habis" in client.get("/dinsos/ekatalog?daftar=luar").text
        assert "sudah habis masa" in client.get(f"/dinsos/ekatalog/{case.submission.id}").text


def test_the_mark_says_nothing_of_a_family(client, app):
    case = proved(shown())

    page = public_page(client, case)

    assert "PKH" not in page and "UEP" not in page


def test_version_five_has_its_own_list_and_asks_nothing_twice(client, app):
    goods = made.make_goods()
    sign_in(client, goods.shop.owner)
    began = client.post(f"/jualan/ekatalog/mulai/{goods.id}", data={"versi": "v5"})
    case = queries.get_case(int(began.location.rsplit("/", 1)[1]))
    assert (case.submission.profile, case.submission.set_version) == ("v5", "v5-2022-08")
    assert client.get(f"/jualan/ekatalog/{case.submission.id}/isi?butir=category").status_code == 200

    case = made.fill(case)

    assert case.readiness == (9, 9)
    version, done, total = case.beside
    assert version == "v6"
    assert 0 < done < total


def test_a_round_of_version_five_is_packed_for_version_five(app):
    case = made.exported(made.approved(made.sent(made.make_goods(), profile="v5")))

    files, manifest = bundles.inside(bundles.package_of(case).data)

    assert files["produk.csv"].decode().splitlines()[0].split(",")[0] == "etalase"
    assert "SPSE" in files["README.txt"].decode()
    assert set(manifest["profil"]) == {"v6", "v5"}


def test_the_desk_shows_how_far_a_product_is_for_the_other_version(client, app):
    case = made.sent(made.make_goods())
    sign_in(client, make_account("curator"))

    page = client.get(f"/dinsos/ekatalog/{case.submission.id}").text

    assert "Untuk versi 5" in page
    assert "8 dari 9 siap" in page


def newer(days):
    """A set of version 6 that asks for one thing more, from some day on."""
    row = next(each for each in reference.requirement_sets() if each["profile"] == "v6")
    sni = {**row["items"][1], "key": "sni", "title": "SNI"}
    return row | {"version": "v6-nanti", "valid_from": made.in_days(days), "items": [*row["items"], sni]}


def test_a_set_that_begins_later_asks_open_rounds_on_its_day_and_says_what_is_different(app):
    case, fifth = made.sent(made.make_goods()), made.sent(made.make_goods(), profile="v5")
    closed = made.sent(made.make_goods())
    with transaction():
        made.filling.withdraw(closed, by=closed.shop.owner)
    before = case.submission.set_version
    with transaction():
        loading.add_set(newer(5))

    for days, wanted in ((4, before), (5, "v6-nanti")):
        with later(days):
            with transaction():
                jobs.run_clock()
            with transaction():
                jobs.run_clock()
            assert queries.get_case(case.submission.id).submission.set_version == wanted

    steps = [step.facts for step in queries.course_of(case.submission.id).moves if "requirements" in step.facts]
    assert [step["added"] for step in steps if "added" in step] == [["sni"]]
    assert queries.get_case(fifth.submission.id).submission.set_version == "v5-2022-08"
    assert db.session.get_one(Submission, closed.submission.id).set_version == before
    assert db.session.scalar(select(func.count()).select_from(RequirementSet)) == 3
    assert [str(each) for each in dict(books.verify("ekatalog"))["ekatalog"]] == []
