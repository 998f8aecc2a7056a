"""What is kept of a family, as the family itself may read it: numbers stay masked on paper and screen."""

from __future__ import annotations

from sqlalchemy import select, update

from app.core import personal
from app.core.db import db
from app.core.i18n import _l
from app.core.personal import Row, Whose
from app.core.policy import Actor
from app.people.accounts import words as roles
from app.people.accounts.models import Account
from app.people.families import looks, operations, queries, words
from app.people.families.models import AccessLog, DesilRecord, Enrollment, FamilyConsent, Kpm
from app.people.places.queries import names_of


def _find(whose: Whose) -> Kpm | None:
    return queries.get_kpm(whose.kpm_id) if whose.kpm_id else None


def _family(whose: Whose, _most: int | None) -> list[Row]:
    kpm = _find(whose)
    if kpm is None:
        return []
    person = queries.person_of(kpm)
    facts: Row = {"number": kpm.pseudonym, "desa": names_of({kpm.desa_code}).get(kpm.desa_code, ""), "size": kpm.size}
    if person is not None:
        facts |= {"name": person.name, "nik": person.nik_masked, "kk": person.kk_masked}
        facts |= {"phone": person.phone, "address": person.address}
    return [facts | {"makes": kpm.makes, "since": kpm.created_at}]


def _programs(whose: Whose, most: int | None) -> list[Row]:
    found = queries.list_enrollments(whose.kpm_id) if whose.kpm_id else []
    return [
        {
            "program": str(words.PROGRAMS[each.program]),
            "since": each.started_on,
            "until": each.ended_on,
            "monthly_aid": each.monthly_aid,
        }
        for each in found[:most]
    ]


def _desil(whose: Whose, most: int | None) -> list[Row]:
    query = (
        select(DesilRecord)
        .where(DesilRecord.kpm_id == whose.kpm_id)
        .order_by(DesilRecord.as_of.desc(), DesilRecord.id.desc())
    )
    return [
        {"desil": each.desil, "as_of": each.as_of, "source": each.source.upper()}
        for each in db.session.scalars(query.limit(most))
    ]


def _consents(whose: Whose, most: int | None) -> list[Row]:
    found = queries.list_consents(whose.kpm_id) if whose.kpm_id else []
    return [
        {
            "purpose": str(words.CONSENTS[each.purpose][0]),
            "wording": each.wording_version,
            "given": each.given_at,
            "withdrawn": each.withdrawn_at,
            "until": each.expires_on,
        }
        for each in found[:most]
    ]


def _looks(whose: Whose, most: int | None) -> list[Row]:
    query = select(AccessLog, Account.name).join(Account, Account.id == AccessLog.actor_id, isouter=True)
    query = query.where(AccessLog.kpm_id == whose.kpm_id).order_by(AccessLog.id.desc()).limit(most)
    return [
        {
            "who": name or "",
            "task": roles.role(look.actor_role),
            "what": looks.what(look.what),
            "purpose": looks.purpose(look.purpose),
            "at": look.at,
        }
        for look, name in db.session.execute(query)
    ]


def _erase(whose: Whose, by: Actor) -> None:
    """Erase who the family is; its row keeps the village and the size, under another number, for the sums."""
    kpm = _find(whose)
    if kpm is None or kpm.state == "erased":
        return
    lettered = select(Enrollment).where(Enrollment.kpm_id == kpm.id, Enrollment.letter_file.is_not(None))
    letters = []
    for each in db.session.scalars(lettered):
        letters.append(each.letter_file or "")
        each.letter_file = None
    personal.forget_files(private=letters)
    said = update(AccessLog).where(AccessLog.kpm_id == kpm.id, AccessLog.purpose != "").values(purpose="")
    db.session.execute(said)
    operations.erase(kpm, by=by)


personal.keeps(
    "family", _l("Keluarga"), storey=16, tables=("kpm", "kpm_identity"), tell=_family, erase=_erase,
    words={
        "number": _l("Nomor keluarga"), "desa": _l("Desa"), "size": _l("Anggota"), "name": _l("Nama"),
        "nik": _l("NIK"), "kk": _l("Nomor KK"), "phone": _l("Nomor HP"), "address": _l("Alamat"),
        "makes": _l("Yang dibuat"), "since": _l("Tercatat sejak"),
    },
)  # fmt: skip
personal.keeps(
    "programs", _l("Bantuan"), storey=17, tables=("enrollment",), tell=_programs,
    words={
        "program": _l("Program"), "since": _l("Sejak"), "until": _l("Sampai"), "monthly_aid": _l("Per bulan"),
    },
)  # fmt: skip
personal.keeps(
    "desil", _l("Desil dari BPS"), storey=18, tables=("desil_record",), tell=_desil,
    words={"desil": _l("Desil"), "as_of": _l("Per tanggal"), "source": _l("Sumber")},
)  # fmt: skip
personal.keeps(
    "family_consents", _l("Izin keluarga"), storey=19, tables=(FamilyConsent.__tablename__,), tell=_consents,
    words={
        "purpose": _l("Untuk apa"), "wording": _l("Bunyi"), "given": _l("Diberikan"), "withdrawn": _l("Ditarik"),
        "until": _l("Berlaku sampai"),
    },
)  # fmt: skip
personal.keeps(
    "looks", _l("Siapa melihat data keluarga"), storey=60, tables=("access_log",), tell=_looks,
    words={
        "who": _l("Siapa"), "task": _l("Tugas"), "what": _l("Apa"), "purpose": _l("Untuk apa"), "at": _l("Waktu"),
    },
)  # fmt: skip
