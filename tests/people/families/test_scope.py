"""Families are met by those who work with them, where they work; nobody else can tell that there are any."""

from __future__ import annotations

import pytest

from app.people.families import policies, queries
from tests.factories.families import make_enrollment, make_kpm
from tests.factories.people import DESA, OTHER_DESA, make_account

NEVER = ("seller", "curator", "head", "steward", "admin", "partner")


@pytest.mark.parametrize("role", NEVER)
def test_other_roles_see_no_family_though_they_work_in_the_region(app, role):
    kpm, actor = make_kpm(), make_account(role)

    assert not policies.may_see_family(actor, kpm)
    assert queries.page_of_kpm(actor)[0] == []
    assert queries.page_of_kpm(actor)[1] == 0
    assert queries.find_by_pseudonym(kpm.pseudonym, scope=actor) is None
    assert queries.find_by_number(queries.open_field(kpm.identity, "nik"), scope=actor) is None


@pytest.mark.parametrize("role", ["caseworker", "approver"])
def test_officers_see_the_families_of_their_region(app, role):
    here, far = make_kpm(), make_kpm(desa_code="36.01.01.2001")
    actor = make_account(role)

    assert [kpm.id for kpm in queries.page_of_kpm(actor)[0]] == [here.id]
    assert policies.may_see_family(actor, here)
    assert not policies.may_see_family(actor, far)
    assert queries.find_by_number(queries.open_field(far.identity, "nik"), scope=actor) is None


def test_a_pendamping_sees_her_villages_only(app):
    hers, others = make_kpm(desa_code=DESA), make_kpm(desa_code=OTHER_DESA)
    actor = make_account("pendamping", areas=[DESA])

    assert [kpm.id for kpm in queries.page_of_kpm(actor)[0]] == [hers.id]
    assert policies.may_see_family(actor, hers)
    assert policies.may_ask_family(actor, hers)
    assert not policies.may_keep_family(actor, hers)
    assert not policies.may_see_family(actor, others)


def test_an_approver_reads_and_does_not_write(app):
    kpm, actor = make_kpm(), make_account("approver")

    assert policies.may_see_family(actor, kpm)
    assert not policies.may_keep_family(actor, kpm)
    assert not policies.may_ask_family(actor, kpm)


def test_the_list_narrows_by_place_and_programme(app):
    one, two = make_kpm(desa_code=DESA), make_kpm(desa_code=OTHER_DESA)
    make_enrollment(one, "pkh")
    make_enrollment(two, "uep")
    actor = make_account("caseworker")

    assert [kpm.id for kpm in queries.page_of_kpm(actor, place="36.04.12")[0]] == [two.id]
    assert [kpm.id for kpm in queries.page_of_kpm(actor, program="pkh")[0]] == [one.id]
    assert queries.page_of_kpm(actor, place=DESA, program="uep")[1] == 0
