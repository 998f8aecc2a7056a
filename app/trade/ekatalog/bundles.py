"""Freezing a round into its package, handing it out for a day, and proving that it is still the same."""

from __future__ import annotations

import json
import zipfile
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any, Final

from app.core import audit, storage
from app.core.clock import now
from app.core.db import db
from app.core.errors import DomainError
from app.core.i18n import _l
from app.core.policy import Actor
from app.core.vault import settings
from app.kit import codes
from app.people.places.queries import get_region
from app.trade.ekatalog import checklist
from app.trade.ekatalog.cases import Case
from app.trade.ekatalog.models import Bundle, Download
from app.trade.ekatalog.packing import Contents, HoldsIdentity, Package, pack

LINK_LIVES: Final = timedelta(hours=24)
LINK_BITS: Final = 80
# A NPWP may be a NIK, so neither number nor paper travels.
PAPERS: Final[tuple[str, ...]] = ("nib", "pirt", "bpom", "slhs", "halal")


class IdentityInside(DomainError):
    """Some text holds sixteen digits that may be a NIK or KK."""

    text = _l("Ada angka seperti NIK di isian (%(path)s). Hapus dulu angkanya.")


class LinkDied(DomainError):
    """A link to a package lives one day."""

    status = 410
    text = _l("Tautan unduh sudah mati. Buka lagi halaman pengajuannya.")


def code_of(case: Case) -> str:
    """Name a round on paper."""
    return f"EK-{case.submission.wave}-{case.submission.id}"


def package_of(case: Case) -> Package:
    """Make the package of a round from its rows.

    Raises:
        IdentityInside: a text holds what may be a NIK or KK.
    """
    store = storage.private_store()
    papers = {kind: store.read(case.permits[kind].scan or "") for kind in PAPERS if kind in case.permits}
    try:
        return pack(
            Contents(
                code=code_of(case),
                profile=case.submission.profile,
                category=case.category.name if case.category else "",
                fields=_fields(case),
                profiles={"v6": _version6(case), "v5": _version5(case)},
                checklist=[(item.title, case.checks[item.key].result, item.help) for item in case.items],
                photos=[store.read(photo.name) for photo in case.photos],
                papers=papers,
            )
        )
    except HoldsIdentity as found:
        raise IdentityInside(case.submission, path=found.path) from None


def freeze(case: Case, *, by: Actor) -> Bundle:
    """Keep the package for ever; the file is written before the row that names it."""
    package = package_of(case)
    name = storage.new_name("zip")
    storage.private_store().put(name, package.data)
    bundle = Bundle(
        submission_id=case.submission.id,
        name=name,
        sha256=package.sha256,
        size_bytes=len(package.data),
        files=dict(package.files),
        built_by_id=by.id,
    )
    db.session.add(bundle)
    db.session.flush()
    audit.record(by, "ekatalog.bundle.built", bundle, sha256=package.sha256)
    return bundle


def link_of(bundle: Bundle, account_id: int, at: datetime) -> dict[str, str]:
    """Return what a link to a package carries: until when it lives, and a signature for this person alone."""
    until = str(int((at + LINK_LIVES).timestamp()))
    return {"sampai": until, "tanda": codes.signature(*_signed(bundle, account_id, until), LINK_BITS)}


def take_away(bundle: Bundle, until: str, given: str, *, by: Actor) -> bytes:
    """Return the package to whom its link was made for, and write that down.

    Raises:
        LinkDied: a day has passed, or the link is somebody else's.
    """
    if not codes.is_signed(*_signed(bundle, by.id, until), given, LINK_BITS) or int(until) < now().timestamp():
        raise LinkDied(bundle)
    db.session.add(Download(bundle_id=bundle.id, by_id=by.id))
    db.session.flush()
    audit.record(by, "ekatalog.bundle.taken", bundle)
    return storage.private_store().read(bundle.name)


def _signed(bundle: Bundle, account_id: int, until: str) -> tuple[bytes, str]:
    return settings().derive("ekatalog-link"), f"{bundle.id}-{account_id}-{until}"


def inside(data: bytes) -> tuple[dict[str, bytes], dict[str, Any]]:
    """Return the files of a package and its manifest."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    return files, json.loads(files["manifest.json"])


def _value(case: Case, key: str) -> dict[str, Any]:
    return dict(case.answers[key].value) if key in case.answers else {}


def _number(case: Case, kind: str) -> str:
    return case.permits[kind].number if kind in case.permits else ""


def _fields(case: Case) -> dict[str, Any]:
    """Return every field of the product, in our own words."""
    revision, shop, food = case.revision, case.shop, _value(case, "ingredients")
    lead, capacity = _value(case, "lead"), _value(case, "capacity")
    return {
        "lapak": shop.name,
        "kecamatan": get_region(shop.kecamatan_code).name,
        "kabupaten": get_region(shop.regency_code).full_name,
        "nama": revision.name,
        "keterangan": revision.description,
        "harga": revision.price.amount,
        "satuan": revision.unit,
        "berat_gram": revision.net_weight_g,
        "kategori_kode": case.submission.category_code,
        "kbli": case.kbli[1],
        "kbli_versi": case.kbli[0],
        "kbki": _value(case, "kbki").get("code", ""),
        "nib": _number(case, "nib"),
        "izin_edar": {kind: _number(case, kind) for kind in checklist.LICENCES if kind in case.permits},
        "halal": _number(case, "halal") or _value(case, "halal").get("reason", ""),
        "buatan_dalam_negeri": bool(_value(case, "local").get("agreed")),
        "sanggup_per_minggu": capacity.get("per_week"),
        "hari_siap": lead.get("days"),
        "jarak_antar_km": lead.get("radius_km"),
        "bahan": food.get("ingredients", ""),
        "alergen": food.get("allergens", ""),
        "cara_simpan": food.get("storage", ""),
        "tahan_hari": food.get("shelf_life_days"),
        "syarat": case.submission.set_version,
        "gelombang": case.submission.wave,
        "babak": case.submission.round,
    }


def _version6(case: Case) -> dict[str, Any]:
    """Return the fields in the order in which version 6 asks for them."""
    fields, category = _fields(case), case.category
    return {
        "kategori_1": category.level1 if category else "",
        "kategori_2": category.level2 if category else "",
        "kategori_3": category.level3 if category else "",
        "nama_produk": fields["nama"],
        "jumlah_foto": len(case.photos),
        "kbki": fields["kbki"],
        "pdn": "ya" if fields["buatan_dalam_negeri"] else "belum dinyatakan",
        "izin_edar": " ".join(fields["izin_edar"].values()),
        "halal": fields["halal"],
        "spesifikasi": fields["keterangan"],
        "bahan": fields["bahan"],
        "satuan": fields["satuan"],
        "berat_gram": fields["berat_gram"],
        "sanggup_per_minggu": fields["sanggup_per_minggu"],
        "hari_siap": fields["hari_siap"],
        "harga": fields["harga"],
    }


def _version5(case: Case) -> dict[str, Any]:
    """Return the fields as the local catalogue of version 5 named them."""
    fields = _fields(case)
    return {
        "etalase": case.category.name if case.category else "",
        "nama_produk": fields["nama"],
        "nomor_produk": code_of(case),
        "produk_lokal": fields["buatan_dalam_negeri"],
        "satuan_ukur": fields["satuan"],
        "harga_kabupaten": fields["harga"],
        "lampiran": sorted(fields["izin_edar"]),
    }
