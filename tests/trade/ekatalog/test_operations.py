"""Rounds: what may be sent, who may answer, what is frozen, and what is seen outside."""

from __future__ import annotations

import threading
from datetime import date, time, timedelta

import pytest
import time_machine
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from app.core import books
from app.core.clock import now
from app.core.db import db, transaction
from app.core.storage import private_store
from app.goods.permits.models import Permit
from app.kit import nik
from app.kit.periods import WIB
from app.people.accounts.models import Account
from app.trade.ekatalog import bundles, filling, jobs, loading, moving, outside, queries, reference, reviewing, rules
from app.trade.ekatalog.models import Bundle, CategoryCheck, Download, Move, RequirementSet, Submission
from app.trade.sales import operations as sales
from tests.factories import ekatalog as made
from tests.factories.goods import make_product, make_shop, make_waiting_product, variant_of
from tests.factories.people import make_account
from tests.factories.sales import make_sale
from tests.support.log import did, log

pytestmark = pytest.mark.slow


@pytest.fixture
def goods(app):
    """Salted eggs on sale."""
    return made.make_goods()


@pytest.fixture
def curator(app):
    """Who reviews."""
    return make_account("curator")


@pytest.fixture
def approver(app):
    """Who signs."""
    return make_account("approver")


def again(case):
    """The round as it is now."""
    db.session.rollback()
    return queries.get_case(case.submission.id)


def findings():
    """What `flask verify` says about this book."""
    return [str(each) for each in dict(books.verify("ekatalog"))["ekatalog"]]


def test_a_new_round_says_what_is_lacking_category_first(goods):
    case = made.start(goods)

    assert case.readiness == (2, 14)
    assert rules.next_item(case.items, case.checks, case.editable) == "category"


def test_two_taps_begin_one_round(goods):
    assert made.start(goods).submission.id == made.start(goods).submission.id


def test_what_buyers_cannot_see_is_not_sent(app):
    waiting = make_waiting_product(make_shop())

    with pytest.raises(filling.NotOnSale), transaction():
        filling.start(waiting, by=waiting.shop.owner)


def test_goods_that_are_no_food_need_no_licence(app):
    vase = make_product(make_shop(business_type_slug="gerabah"), "Vas gerabah", category="gerabah-keramik")

    checks = made.start(vase).checks

    assert {checks[key].result for key in ("licence", "halal", "ingredients", "weight")} == {"n/a"}


@pytest.mark.parametrize("key", ["category", "nib", "npwp", "photos", "price", "capacity", "lead", "licence", "halal"])
def test_each_mandatory_item_holds_back_the_sending(goods, key):
    case = made.fill(made.start(goods), without=(key,))

    assert case.checks[key].result == "missing"
    with pytest.raises(moving.NotReady), transaction():
        filling.send(case, by=case.shop.owner)
    assert again(case).submission.state == "collecting"


def test_a_category_that_does_not_take_the_kbli_is_wrong(goods):
    case = made.fill(made.start(goods), without=("category",))
    with transaction():
        filling.answer(case, "category", {"code": "KRJ-GERABAH"}, by=case.shop.owner)

    assert again(case).checks["category"] == rules.Check("category", "wrong", "category_kbli")


def close_category():
    """Close the category of salted eggs since yesterday."""
    with transaction():
        queries.get_category(made.CATEGORY).open_until = made.in_days(-1)


def look(region, **seen):
    """Let a curator of a region write down what stands outside about the category of salted eggs."""
    facts = {"open_from": None, "open_until": None, "source_url": "katalog.example", "day": made.in_days(0)}
    with transaction():
        by = make_account("curator", region_code=region)
        reviewing.look_at_category(queries.get_category(made.CATEGORY), **(facts | seen), by=by)


@pytest.mark.parametrize(("region", "note"), [("36.04", "category_closed"), ("36", "category_closed"), ("36.01", "")])
def test_what_a_region_saw_of_a_category_counts_there_alone(goods, region, note):
    case = made.fill(made.start(goods))

    look(region, open_until=made.in_days(-1))

    assert again(case).checks["category"].note == note
    look("36.04")  # open again, as seen later
    assert again(case).checks["category"].note == ""


def test_what_was_seen_of_a_category_is_never_overwritten(goods):
    look("36.04", open_until=made.in_days(-1))
    look("36.04")

    seen = queries.list_checks(made.CATEGORY, scope=make_account("curator"))

    assert [each.open_until for each in seen] == [None, made.in_days(-1)]
    with pytest.raises(DatabaseError, match="append-only"), transaction():
        db.session.execute(update(CategoryCheck).values(open_until=None))


def test_a_category_that_is_closed_is_wrong(goods):
    case = made.fill(made.start(goods))
    close_category()

    assert again(case).checks["category"].note == "category_closed"


def test_a_licence_with_less_than_half_a_year_left_is_too_late(goods):
    case = made.fill(made.start(goods))
    assert case.checks["licence"].result == "ok"
    with transaction():
        soon = made.paper("pirt", expires_on=made.in_days(120))
        filling.enter_permit(case, "licence", soon, None, by=case.shop.owner)

    assert again(case).checks["licence"] == rules.Check("licence", "expired", "paper_soon")


def test_a_price_under_the_cost_needs_a_clear_word(goods):
    case = made.fill(made.start(goods), without=("price",))
    with transaction():
        filling.answer(case, "price", {"cost": 20_000}, by=case.shop.owner)
    assert again(case).checks["price"].result == "wrong"
    with transaction():
        filling.answer(case, "price", {"cost": 20_000, "below": True}, by=case.shop.owner)

    assert again(case).checks["price"].result == "ok"


def test_a_halal_reason_stands_for_a_certificate(goods):
    case = made.fill(made.start(goods), without=("halal",))
    with transaction():
        filling.answer(case, "halal", {"reason": "Bukan makanan olahan."}, by=case.shop.owner)

    assert again(case).checks["halal"].result == "ok"


def test_her_best_week_is_that_of_the_book_from_monday_to_sunday_within_half_a_year(goods):
    variant_id, monday = variant_of(goods).id, date(2026, 11, 16)
    for day, qty in ((0, 5), (6, 4), (7, 8), (-1, 3), (-190, 60), (20, 70)):
        make_sale(goods.shop, qty=qty, sold_on=monday + timedelta(days=day), variant_id=variant_id)
    back = make_sale(goods.shop, qty=9, sold_on=monday, variant_id=variant_id)
    with transaction():
        sales.reverse(back, 9, by=goods.shop.owner, key="balik")
    make_sale(make_shop(), qty=99, sold_on=monday)

    assert queries.best_week(goods.id, monday + timedelta(days=10)) == 9
    assert queries.best_week(goods.id, monday - timedelta(days=300)) == 0


def test_what_was_sent_is_not_changed_any_more(goods):
    case = made.sent(goods)

    with pytest.raises(filling.NotNow), transaction():
        filling.answer(case, "capacity", {"per_week": 9}, by=case.shop.owner)


def test_a_pendamping_fills_in_for_her_and_both_names_stay(goods):
    helper = make_account("pendamping")
    case = made.sent(goods, helper)

    step = queries.course_of(case.submission.id).moves[-1]
    assert (step.to_state, step.by_id, step.on_behalf_of_id) == ("ready_for_review", helper.id, goods.shop.owner_id)
    assert (case.submission.submitted_by_id, case.submission.submitted_for_id) == (helper.id, goods.shop.owner_id)
    assert {each.on_behalf_of_id for each in case.answers.values()} == {goods.shop.owner_id}
    assert {each.on_behalf_of_id for each in case.permits.values()} == {goods.shop.owner_id}


def test_only_marked_items_open_again_and_must_change(goods, curator):
    case = made.returned(made.sent(goods), curator, capacity="Minggu terbaik baru 20.")

    assert case.editable == ["capacity"]
    with pytest.raises(filling.NotNow), transaction():
        filling.answer(case, "lead", {"days": 9}, by=case.shop.owner)
    with pytest.raises(filling.NotMended), transaction():
        filling.send(case, by=case.shop.owner)
    with transaction():
        filling.answer(case, "capacity", {"per_week": 18}, by=case.shop.owner)
        filling.send(case, by=case.shop.owner)
    assert again(case).state == "ready_for_review"


def test_nothing_is_sent_back_without_a_mark_and_a_sentence(goods, curator):
    case = made.taken(made.sent(goods), curator)

    with pytest.raises(reviewing.NothingMarked), transaction():
        reviewing.send_back(case, {}, by=curator)
    with pytest.raises(reviewing.NoSentence), transaction():
        reviewing.send_back(case, {"photos": ("wrong", "")}, by=curator)
    assert again(case).marks == {}


def test_approval_needs_a_look_at_every_mandatory_item(goods, curator):
    case = made.taken(made.sent(goods), curator)
    results = made.all_ok(case)
    del results["lead"]

    with pytest.raises(reviewing.NotLookedAt), transaction():
        reviewing.approve(case, results, by=curator)

    assert again(case).state == "in_review"


def test_a_reviewer_cannot_say_ok_over_a_failing_check(goods, curator):
    case = made.taken(made.sent(goods), curator)
    close_category()

    with pytest.raises(moving.NotReady), transaction():
        reviewing.approve(case, made.all_ok(case), by=curator)


def test_looking_at_a_paper_verifies_or_rejects_it(goods, curator):
    case = made.approved(made.sent(goods), curator)
    assert {each.state for each in case.permits.values()} == {"verified"}

    back = made.returned(made.sent(made.make_goods()), curator, nib="Fotonya terpotong.")

    assert log("ekatalog.returned") == [did(curator, back.submission, on_behalf_of=0)]
    assert back.permits["nib"].state == "rejected"
    assert back.checks["nib"].note == "paper_rejected"


def test_nobody_reviews_or_signs_what_they_entered(goods, curator, approver):
    case = made.sent(goods)
    with transaction():
        db.session.execute(update(Permit).where(Permit.kind == "nib").values(entered_by_id=curator.id))
    with pytest.raises(moving.OwnEntry), transaction():
        reviewing.take(again(case), by=curator)

    case = made.approved(again(case))
    with transaction():
        db.session.execute(update(Permit).where(Permit.kind == "npwp").values(entered_by_id=approver.id))
    with pytest.raises(moving.OwnEntry), transaction():
        reviewing.sign(again(case), by=approver)


def as_approver(account):
    """Give a curator another post."""
    with transaction():
        account.role = "approver"
    return account


def test_the_second_signature_is_another_person(goods, curator):
    case = made.approved(made.sent(goods), curator)

    with pytest.raises(reviewing.SameHand), transaction():
        reviewing.sign(case, by=as_approver(curator))


@pytest.mark.parametrize(
    "values",
    [
        {"state": "exported", "signed_by_id": "reviewer"},
        {"state": "exported", "signed_by_id": "enterer"},
        {"state": "exported", "signed_by_id": None},
        {"reviewed_by_id": "enterer"},
        {"reviewed_by_id": None},
    ],
)
def test_the_database_itself_refuses_one_hand_for_two_signatures(goods, curator, values):
    """The twin of the guards in code: past them, the constraint still says no."""
    case = made.approved(made.sent(goods), curator)
    hands = {"reviewer": curator.id, "enterer": goods.shop.owner_id}
    filled = {name: hands.get(value, value) for name, value in values.items()}

    with pytest.raises(IntegrityError), transaction():
        db.session.execute(update(Submission).where(Submission.id == case.submission.id).values(**filled))


def test_two_curators_at_once_give_one_answer(app, goods, curator):
    case = made.taken(made.sent(goods), curator)
    number, ids = case.submission.id, [curator.id, make_account("curator").id]
    outcomes: list[str] = []
    db.session.rollback()

    def answer(account_id: int) -> None:
        with app.app_context():
            try:
                with transaction():
                    by = db.session.get_one(Account, account_id)
                    fresh = queries.get_case(number)
                    reviewing.approve(fresh, made.all_ok(fresh), by=by)
                outcomes.append("yes")
            except moving.AlreadyMoved:
                outcomes.append("late")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=answer, args=(each,)) for each in ids]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert sorted(outcomes) == ["late", "yes"]
    assert [step.to_state for step in queries.course_of(number).moves].count("approved") == 1


def test_a_declaration_that_runs_out_before_the_signature_sends_it_back_at_once(goods, approver):
    case = made.approved(made.sent(goods))
    with time_machine.travel(now() + timedelta(days=120), tick=False):
        late = again(case)
        assert (late.submission.state, late.state) == ("approved", "returned")
        assert late.editable == ["phone"]
        with pytest.raises(moving.AlreadyMoved), transaction():
            reviewing.sign(late, by=approver)
        with transaction():
            jobs.run_clock()

    back = again(case)
    assert back.submission.state == "returned"
    assert back.marks["phone"].by_id is None
    assert queries.course_of(case.submission.id).moves[-1].by_role == "system"


def test_an_answer_given_before_seven_is_of_that_day(goods):
    with time_machine.travel(WIB.at(date(2026, 12, 6), time(6)), tick=False):
        case = made.sent(goods)

    assert {each["on"] for each in case.facts.answers.values()} == {"2026-12-06"}


def test_no_answer_is_true_at_read_time_and_noted_by_the_clock(goods, curator):
    case = made.seen(made.exported(made.approved(made.sent(goods))), "sent_outside")
    with time_machine.travel(now() + timedelta(days=32), tick=False):
        late = again(case)
        assert (late.submission.state, late.state) == ("sent_outside", "no_answer")
        with pytest.raises(moving.AlreadyMoved):
            made.seen(late, "shown_outside", curator)
        with transaction():
            jobs.run_clock()
        assert again(case).submission.state == "no_answer"
        assert log("ekatalog.no_answer") == [did(None, case.submission, on_behalf_of=0, region="36.04")]
        assert made.seen(again(case), "sent_outside", curator).state == "sent_outside"


def test_the_checks_run_again_before_the_second_signature(goods, approver):
    case = made.approved(made.sent(goods))
    close_category()

    with pytest.raises(moving.AlreadyMoved), transaction():
        reviewing.sign(again(case), by=approver)

    assert (again(case).state, again(case).editable) == ("returned", ["category"])
    assert queries.find_bundle(case.submission.id) is None


def test_the_checks_run_again_before_it_is_sent(goods):
    case = made.exported(made.approved(made.sent(goods)))
    close_category()

    with pytest.raises(moving.NotReady):
        made.seen(again(case), "sent_outside")


def test_what_was_seen_outside_needs_proof_or_its_mark_and_a_day_that_can_be(goods):
    case = made.exported(made.approved(made.sent(goods)))

    with pytest.raises(outside.NoProof):
        made.seen(case, "sent_outside", without_proof=False)
    with pytest.raises(outside.NotYet):
        made.seen(again(case), "sent_outside", seen_on=made.in_days(1))
    with pytest.raises(outside.NoWitness):
        made.seen(again(case), "sent_outside", seen_by=" ")
    case = made.seen(again(case), "sent_outside")
    with pytest.raises(outside.NoReason):
        made.seen(case, "refused_outside", reason_code="karena")


@pytest.mark.parametrize(
    ("way", "kind"),
    [
        ((), "ekatalog.sent_outside"),
        (("shown_outside",), "ekatalog.shown_outside"),
        (("refused_outside",), "ekatalog.refused_outside"),
        (("shown_outside", "needs_update"), "ekatalog.needs_update"),
        (("shown_outside", "delisted_outside"), "ekatalog.delisted_outside"),
    ],
)
def test_whoever_writes_down_what_was_seen_outside_stands_in_the_log(goods, curator, way, kind):
    case = made.exported(made.approved(made.sent(goods)))

    for status in ("sent_outside", *way):
        case = made.seen(case, status, curator)

    assert log(kind) == [did(curator, case.submission, on_behalf_of=0)]


def test_the_database_itself_refuses_a_sighting_without_proof_or_mark(goods):
    case = made.exported(made.approved(made.sent(goods)))
    facts = {"id": case.submission.id, "by": goods.shop.owner_id}
    insert = (
        "INSERT INTO ekatalog_outside (submission_id, status, seen_on, seen_by, reference_no, without_proof, claims,"
        " note, entered_by_id, at) VALUES (:id, 'shown_outside', '2026-11-25', 'x', '', false, '{}', '', :by,"
        " '2026-11-25')"
    )

    with pytest.raises(IntegrityError), transaction():
        db.session.execute(text(insert), facts)


def test_a_refusal_opens_a_linked_round_marked_where_its_reason_points(goods, curator):
    case = made.seen(made.exported(made.approved(made.sent(goods))), "sent_outside")
    case = made.seen(case, "refused_outside", reason_code="photo_mismatch")
    with transaction():
        number = outside.go_on(case, by=curator).id

    fresh = queries.get_case(number)
    assert (fresh.state, fresh.submission.round, fresh.submission.previous_id) == ("returned", 2, case.submission.id)
    assert fresh.editable == ["photos", "description"]
    assert again(case).state == "closed"
    assert fresh.submission.started_by_id == goods.shop.owner_id
    assert {key: each.value for key, each in fresh.answers.items()} == {
        key: each.value for key, each in case.answers.items()
    }


def test_every_reason_points_at_an_item_that_is_asked(app):
    asked = {item["key"] for each in reference.requirement_sets() if each["profile"] == "v6" for item in each["items"]}

    assert len(reference.reasons()) == 17
    assert all(reason.items and set(reason.items) <= asked for reason in reference.reasons().values())


@pytest.mark.parametrize(("granted", "answer"), [(True, "ekatalog.appeal.granted"), (False, "ekatalog.appeal.upheld")])
def test_an_objection_and_its_answer_stand_in_the_log(goods, curator, approver, granted, answer):
    helper, case = make_account("pendamping"), made.taken(made.sent(goods), curator)
    with transaction():
        reviewing.not_suitable(case, "Bukan barang yang dibeli kantor.", by=curator)
    case = again(case)
    with transaction():
        filling.appeal(case, "Kantor desa sudah membeli.", by=helper)
        reviewing.answer_appeal(case, granted=granted, sentence="Sudah dilihat.", by=approver)

    appeal = queries.find_appeal(case.submission.id)
    assert log("ekatalog.not_suitable") == [did(curator, case.submission, on_behalf_of=0)]
    assert log("ekatalog.appealed") == [did(helper, case.submission, on_behalf_of=goods.shop.owner_id)]
    assert log(answer) == [did(approver, appeal)]


def test_not_suitable_may_be_objected_to_once_and_another_answers(goods, curator, approver):
    case = made.taken(made.sent(goods), curator)
    with transaction():
        reviewing.not_suitable(case, "Bukan barang yang dibeli kantor.", by=curator)
    case = again(case)
    with transaction():
        filling.appeal(case, "Kantor desa sudah membeli.", by=case.shop.owner)
    with pytest.raises(filling.AlreadyAppealed), transaction():
        filling.appeal(case, "Sekali lagi.", by=case.shop.owner)
    with pytest.raises(reviewing.SameHand), transaction():
        reviewing.answer_appeal(case, granted=True, sentence="Ya.", by=as_approver(curator))

    with transaction():
        number = reviewing.answer_appeal(case, granted=True, sentence="Benar, ada bukti.", by=approver).id

    fresh = queries.get_case(number)
    assert (fresh.state, fresh.submission.previous_id) == ("collecting", case.submission.id)


def test_a_newer_requirement_set_asks_open_rounds_and_leaves_signed_ones(goods):
    open_round = made.sent(goods)
    signed = made.exported(made.approved(made.sent(made.make_goods())))
    row = next(each for each in reference.requirement_sets() if each["profile"] == "v6")
    sni = {**row["items"][1], "key": "sni", "title": "SNI"}
    newer = row | {"version": "v6-uji", "valid_from": made.in_days(0), "items": [*row["items"][1:], sni]}

    with transaction():
        assert loading.add_set(newer) == 1
        assert loading.add_set(newer) == 0

    step = queries.course_of(open_round.submission.id).moves[-1]
    assert (step.facts["added"], step.facts["dropped"]) == (["sni"], ["category"])
    assert again(open_round).submission.set_version == "v6-uji"
    assert again(signed).submission.set_version == row["version"]
    assert db.session.scalar(select(func.count()).select_from(RequirementSet)) == 3
    assert findings() == []


def test_the_same_rows_make_the_same_bytes_and_the_file_is_that(goods):
    case = made.exported(made.approved(made.sent(goods)))
    bundle = queries.find_bundle(case.submission.id)

    first = bundles.package_of(again(case))
    with time_machine.travel(now() + timedelta(days=40)):
        second = bundles.package_of(again(case))

    assert first.data == second.data == private_store().read(bundle.name)
    assert first.sha256 == bundle.sha256
    files, manifest = bundles.inside(first.data)
    wanted = {"manifest.json", "produk.csv", "checklist.html", "README.txt", "foto/01.jpg", "dokumen/nib.jpg"}
    assert sorted(files) == list(files)
    assert wanted <= set(files)
    assert set(manifest["profil"]) == {"v6", "v5"}
    assert len(files["produk.csv"].splitlines()) == 2


def test_no_tax_number_and_nothing_of_a_person_travels(app):
    owner = make_account(name="Kanaria Satu", phone="+6281370009999")
    case = made.fill(made.start(made.make_goods(owner)), without=("npwp",))
    with transaction():
        filling.enter_permit(case, "npwp", made.Paper("npwp", "3604012345670001"), made.master(), by=owner)
        filling.send(case, by=owner)
    case = made.exported(made.approved(again(case)))

    files, _manifest = bundles.inside(private_store().read(queries.find_bundle(case.submission.id).name))
    texts = b"".join(held for name, held in files.items() if not name.endswith(".jpg")).decode()

    assert case.permits["npwp"].number == "•••• 0001"
    assert "dokumen/npwp.jpg" not in files
    assert nik.found_in(texts) == []
    for secret in ("3604012345670001", "•••• 0001", "Kanaria", "81370009999"):
        assert secret not in texts


@pytest.mark.parametrize("typed", ["NIK saya 3604012345670001", "KK 3604 0123 4567 0001", "3604-0123-4567-0001."])
def test_sixteen_digits_in_a_text_stop_the_package(goods, approver, typed):
    case = made.fill(made.start(goods), without=("ingredients",))
    with transaction():
        filling.answer(case, "ingredients", {"ingredients": typed}, by=case.shop.owner)
        filling.send(case, by=case.shop.owner)
    case = made.approved(again(case))

    with pytest.raises(bundles.IdentityInside), transaction():
        reviewing.sign(case, by=approver)

    assert again(case).submission.state == "approved"


def test_a_link_is_for_one_person_and_one_day_and_each_download_is_noted(goods, curator, approver):
    case = made.exported(made.approved(made.sent(goods), curator), approver)
    bundle = queries.find_bundle(case.submission.id)
    link = bundles.link_of(bundle, curator.id, now())
    until, sign = link["sampai"], link["tanda"]

    with transaction():
        assert len(bundles.take_away(bundle, until, sign, by=curator)) == bundle.size_bytes
    for late, given, who in ((until, sign, approver), ("9999999999", sign, curator), ("x", "y", curator)):
        with pytest.raises(bundles.LinkDied), transaction():
            bundles.take_away(bundle, late, given, by=who)
    with time_machine.travel(now() + timedelta(hours=25), tick=False), pytest.raises(bundles.LinkDied), transaction():
        bundles.take_away(bundle, until, sign, by=curator)

    assert [row.by_id for row in db.session.scalars(select(Download))] == [curator.id]
    assert log("ekatalog.bundle.taken") == [did(curator, bundle)]


def test_a_signed_round_is_not_edited_any_more(goods):
    case = made.exported(made.approved(made.sent(goods)))

    for key in ("capacity", "photos"):
        with pytest.raises(filling.NotNow), transaction():
            filling.answer(case, key, {"per_week": 1}, by=case.shop.owner)
    with pytest.raises(moving.AlreadyMoved), transaction():
        filling.withdraw(case, by=case.shop.owner)


@pytest.mark.parametrize("table", ["ekatalog_move", "ekatalog_bundle", "ekatalog_answer", "ekatalog_outside"])
@pytest.mark.parametrize("act", ["UPDATE {} SET submission_id = submission_id + 1", "DELETE FROM {}"])
def test_the_logs_are_appended_only(goods, table, act):
    made.seen(made.exported(made.approved(made.sent(goods))), "sent_outside")

    with pytest.raises(DatabaseError, match="append-only"), transaction():
        db.session.execute(text(act.format(table)))


def test_verify_is_clean_after_a_whole_life_and_names_a_changed_package(goods, curator):
    case = made.seen(made.exported(made.approved(made.sent(goods))), "sent_outside")
    case = made.seen(made.seen(case, "shown_outside"), "needs_update")
    with transaction():
        outside.go_on(case, by=curator)
    assert findings() == []

    bundle = db.session.scalars(select(Bundle)).one()
    whole = private_store().read(bundle.name)
    private_store().put(bundle.name, whole[:-1] + b"x")
    assert any("its file is another" in each for each in findings())
    private_store().delete(bundle.name)
    assert any("its file is gone" in each for each in findings())


def test_verify_names_a_step_that_nobody_may_take(goods):
    case = made.sent(goods)
    step = {"from_state": "ready_for_review", "to_state": "exported", "by_role": "curator", "facts": {}}
    with transaction():
        db.session.add(Move(submission_id=case.submission.id, **step))

    found = findings()
    assert any("a step that the table does not have" in each for each in found)
    assert any("its log ends in another state" in each for each in found)
