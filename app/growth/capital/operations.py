"""What is done with aid: proposed, looked at, granted, handed over, reported. Each step once; nothing is rewritten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.core import audit, keyring, vault
from app.core.db import db
from app.core.errors import DomainError, StaleVersion
from app.core.i18n import _l
from app.core.policy import Actor
from app.growth.capital import queries, rules
from app.growth.capital.models import AidGrant, AidItem, AidProposal, Bast, UseReceipt, UseReport, Verification
from app.kit.rupiah import Rupiah
from app.people.accounts.operations import KeyReused, lock_key
from app.people.families.models import Kpm


class OwnProposal(DomainError):
    """Nobody verifies what they entered."""

    status = 403
    text = _l("Usulan sendiri diperiksa orang lain.")


class AlreadyVerified(DomainError):
    """Somebody looked at it before."""

    text = _l("Usulan ini sudah diperiksa.")


class NotVerified(DomainError):
    """Aid follows a look on the spot that found a business."""

    text = _l("Bantuan dicatat setelah usulan diperiksa dan usahanya ada.")


class AlreadyGranted(DomainError):
    """This proposal has its aid."""

    text = _l("Bantuan untuk usulan ini sudah dicatat.")


class AnotherFund(DomainError):
    """A family has aid from one fund a year."""

    text = _l("Keluarga ini sudah dibantu sumber dana lain pada tahun %(year)s.")


class HelpedLastYear(DomainError):
    """Consecutive years need a second look."""

    text = _l("Keluarga ini dibantu juga pada tahun yang berurutan. Centang kalau memang sudah dipertimbangkan.")


class AlreadyHandedOver(DomainError):
    """The record of the handover exists."""

    text = _l("Serah terima ini sudah dicatat.")


class AlreadyReported(DomainError):
    """The use was reported."""

    text = _l("Laporan penggunaan sudah ada.")


class NoReceipts(DomainError):
    """Money given in cash is shown by receipts."""

    text = _l("Bantuan uang perlu paling sedikit satu nota.")


@dataclass(frozen=True)
class Thing:
    """One thing of a grant in kind."""

    name: str
    qty: int
    unit: str
    unit_price: Rupiah
    condition: str = "new"


def propose(
    kpm: Kpm, *, key: str, business_type_slug: str, items_asked: str, asked: Rupiah, year: int, by: Actor
) -> AidProposal:
    """Write down what a family would work with; the same key again finds it.

    Raises:
        KeyReused: the key came before with other contents.
    """
    lock_key(f"aid:{key}")
    made = db.session.scalar(select(AidProposal).where(AidProposal.key == key))
    if made is not None:
        told = (kpm.id, business_type_slug, items_asked, asked, year)
        if (made.kpm_id, made.business_type_slug, made.items_asked, made.asked, made.year) != told:
            raise KeyReused(made)
        return made
    proposal = AidProposal(
        key=key,
        kpm_id=kpm.id,
        business_type_slug=business_type_slug,
        items_asked=items_asked,
        asked=asked,
        year=year,
        entered_by_id=by.id,
    )
    db.session.add(proposal)
    db.session.flush()
    audit.record(by, "aid.proposed", proposal, kpm=kpm.id)
    return proposal


def verify(
    proposal: AidProposal,
    *,
    result: str,
    reason: str,
    visited_on: date,
    running_since: date | None,
    photo: str | None,
    by: Actor,
) -> Verification:
    """Write down the look on the spot.

    Raises:
        OwnProposal: it is the looker's own entry.
        AlreadyVerified: somebody was faster.
    """
    if proposal.entered_by_id == by.id:
        raise OwnProposal(proposal)
    lock(AidProposal, proposal.id)
    if queries.find_verification(proposal.id) is not None:
        raise AlreadyVerified(proposal)
    found = Verification(
        proposal_id=proposal.id,
        result=result,
        reason=reason,
        visited_on=visited_on,
        running_since=running_since,
        photo=photo,
        verified_by_id=by.id,
    )
    db.session.add(found)
    db.session.flush()
    audit.record(by, "aid.verified", found, proposal=proposal.id, result=result)
    return found


def grant(
    proposal: AidProposal,
    *,
    fund: str,
    form: str,
    value: Rupiah,
    granted_on: date,
    due_report_on: date,
    things: Sequence[Thing] = (),
    considered: bool = False,
    by: Actor,
) -> AidGrant:
    """Write down aid that was decided. The family's row is locked, so that two at once see each other.

    Raises:
        NotVerified: nobody found the business, or the proposal was refused.
        AlreadyGranted: this proposal has its aid.
        AnotherFund: another fund helps the family in the same year.
        HelpedLastYear: the years follow each other and nobody said that this was considered.
    """
    lock(Kpm, proposal.kpm_id)
    looked = queries.find_verification(proposal.id)
    if looked is None or looked.result == "refused" or looked.running_since is None:
        raise NotVerified(proposal)
    if queries.find_grant_of(proposal.id) is not None:
        raise AlreadyGranted(proposal)
    others = queries.funds_of(proposal.kpm_id)
    if rules.another_fund(proposal.year, fund, others):
        raise AnotherFund(proposal, year=proposal.year)
    if rules.year_before(proposal.year, others) and not considered:
        raise HelpedLastYear(proposal)
    kpm = proposal.kpm
    given = AidGrant(
        proposal_id=proposal.id,
        kpm_id=kpm.id,
        regency_code=kpm.regency_code,
        kecamatan_code=kpm.kecamatan_code,
        business_type_slug=proposal.business_type_slug,
        fund=fund,
        form=form,
        year=proposal.year,
        value=value,
        granted_on=granted_on,
        due_report_on=due_report_on,
        granted_by_id=by.id,
    )
    given.items = [AidItem(**vars(thing)) for thing in things]
    db.session.add(given)
    db.session.flush()
    audit.record(by, "aid.granted", given, kpm=kpm.id, fund=fund, year=proposal.year)
    return given


def hand_over(
    given: AidGrant,
    *,
    number: str,
    signed_on: date,
    place: str,
    officer_name: str,
    officer_post: str,
    witnesses: str,
    tested: dict[int, str],
    version: int,
    by: Actor,
) -> Bast:
    """Write down the handover, and what each thing showed when it was tried.

    Raises:
        AlreadyHandedOver: it is written down.
        StaleVersion: the grant was changed since the page was opened.
    """
    lock(AidGrant, given.id)
    if queries.find_bast(given.id) is not None:
        raise AlreadyHandedOver(given)
    if given.version != version:
        raise StaleVersion(given)
    record = Bast(
        grant_id=given.id,
        number=number,
        signed_on=signed_on,
        place=place,
        officer_name=officer_name,
        officer_post=officer_post,
        witnesses_sealed="",
        entered_by_id=by.id,
    )
    db.session.add(record)
    db.session.flush()
    record.witnesses_sealed = vault.seal(witnesses, witnesses_place(record))
    for item in given.items:
        item.tested = tested.get(item.id, "untested")
    given.version += 1
    db.session.flush()
    audit.record(by, "aid.handed_over", record, grant=given.id)
    return record


def witnesses_place(record: Bast) -> str:
    """Name the place that the witnesses are sealed to."""
    return f"bast:{record.id}:witnesses"


def report(
    given: AidGrant, *, reported_on: date, as_intended: bool, note: str, photo: str | None, by: Actor
) -> UseReport:
    """Close the report of what became of the aid.

    Raises:
        AlreadyReported: it is there.
        NoReceipts: it was money, and no receipt shows what became of it.
    """
    lock(AidGrant, given.id)
    if queries.find_report(given.id) is not None:
        raise AlreadyReported(given)
    if given.form == "cash" and not queries.list_receipts(given.id):
        raise NoReceipts(given)
    told = UseReport(
        grant_id=given.id,
        reported_on=reported_on,
        as_intended=as_intended,
        note=note,
        photo=photo,
        entered_by_id=by.id,
    )
    db.session.add(told)
    db.session.flush()
    audit.record(by, "aid.use_reported", told, grant=given.id, as_intended=as_intended)
    return told


def lock(table: type[AidProposal] | type[AidGrant] | type[Kpm] | type[UseReceipt], number: int) -> None:
    """Queue for a row."""
    db.session.execute(select(table.id).where(table.id == number).with_for_update())


keyring.sealed(Bast.witnesses_sealed, witnesses_place)
