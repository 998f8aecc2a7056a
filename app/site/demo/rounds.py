"""Rounds of the e-Katalog in several states, taken by the operations that people use: each has its log and hands."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from PIL import Image, ImageDraw
from sqlalchemy import func, or_, select

from app.core.db import db
from app.core.pictures import MASTER_QUALITY, Master
from app.goods.categories.models import Category
from app.goods.permits.operations import Paper
from app.goods.products.models import Product, Revision
from app.goods.shops.models import Shop
from app.kit.rupiah import Rupiah
from app.people.accounts.models import Account
from app.people.accounts.queries import find_staff
from app.trade.ekatalog import filling, outside, queries, reviewing
from app.trade.ekatalog.cases import Case
from app.trade.ekatalog.models import Submission
from app.trade.ekatalog.outside import Sighting
from app.trade.ekatalog.rules import LEAST_PHOTOS
from app.trade.procurement import operations as purchases
from app.trade.procurement import queries as procurement
from app.trade.procurement.operations import Bought

SIDE: Final = (1280, 960)
KBLI: Final = {"MKN-TELUR": "10799", "MKN-RINGAN": "10794", "KRJ-SOUVENIR": "16292"}
PAPERS: Final = (("npwp", "npwp", "012345678901{0:03}"), ("licence", "pirt", "20336040100{0:02}-30"))
ANSWERS: Final[Mapping[str, Mapping[str, Any]]] = {
    "phone": {"agreed": True},
    "local": {"agreed": True},
    "capacity": {"per_week": 30},
    "lead": {"days": 2, "radius_km": 10},
    "kbki": {"code": "2391"},
    "ingredients": {
        "ingredients": "bahan utama, garam, minyak kelapa",
        "allergens": "telur",
        "storage": "suhu ruang, tertutup",
        "shelf_life_days": 30,
    },
}
# How far each round goes; the first belong to the sellers whose keys are told.
ENDS: Final = ("returned", "ready", "collecting", "approved", "in_review", "sent", "shown", "refused")


@dataclass(frozen=True)
class Hands:
    """Who acts: seller, two curators and the second signature."""

    seller: Account
    curator: Account
    approver: Account


def load() -> int:
    """Make the rounds once; returns how many were made."""
    if db.session.scalar(select(func.count()).select_from(Submission)):
        return 0
    curator, approver = find_staff("kurator"), find_staff("penyetuju")
    if curator is None or approver is None:
        return 0
    chosen = _products()
    for number, (product, end) in enumerate(zip(chosen, ENDS, strict=False)):
        _live(product, end, Hands(product.shop.owner, curator, approver), number)
    return min(len(chosen), len(ENDS))


def _products() -> list[Product]:
    """Return one food or craft of each of the first shops, all of them on sale; a P-IRT is enough for each."""
    query = select(Product).join(Shop, Shop.id == Product.shop_id)
    query = query.join(Revision, Revision.id == Product.approved_revision_id)
    query = query.join(Category, Category.id == Revision.category_id)
    query = query.where(Product.state == "live", Shop.state == "open", Revision.net_weight_g.is_not(None))
    query = query.where(or_(Category.legality.not_like("%md%"), Category.legality.like("%pirt%")))
    first = query.with_only_columns(func.min(Product.id)).group_by(Product.shop_id)
    found = select(Product).where(Product.id.in_(first)).order_by(Product.shop_id).limit(len(ENDS))
    return list(db.session.scalars(found))


def _live(product: Product, end: str, hands: Hands, number: int) -> None:
    """Take one round as far as it goes."""
    submission = filling.start(product, by=hands.seller)
    case = queries.get_case(submission.id)
    _answer(case, hands, number)
    if end == "collecting":
        return
    _finish(case, hands, number)
    filling.send(queries.get_case(submission.id), by=hands.seller)
    for name in STEPS[end]:
        _ACTS[name](submission.id, hands)


def _answer(case: Case, hands: Hands, number: int) -> None:
    """Begin: category, NIB and two declarations."""
    code, category = _category(case)
    nib = Paper("nib", f"91203{number:08}", kbli_version="2020", kbli_code=code)
    filling.enter_permit(case, "nib", nib, _scan("NIB", nib.number), by=hands.seller)
    filling.answer(queries.get_case(case.submission.id), "category", {"code": category}, by=hands.seller)
    for key in ("phone", "local"):
        filling.answer(case, key, ANSWERS[key], by=hands.seller)


def _category(case: Case) -> tuple[str, str]:
    """Return a class of business and a category that takes it, by the kind of goods."""
    slug = case.revision.category.slug
    category = "MKN-TELUR" if "telur" in slug else "MKN-RINGAN" if case.facts.legality - {"none"} else "KRJ-SOUVENIR"
    return KBLI[category], category


def _finish(case: Case, hands: Hands, number: int) -> None:
    """Answer the rest."""
    by, case = hands.seller, queries.get_case(case.submission.id)
    for key, value in ANSWERS.items():
        filling.answer(case, key, value, by=by)
    filling.answer(case, "price", {"cost": case.revision.price.amount * 7 // 10}, by=by)
    for key, kind, pattern in PAPERS:
        paper = Paper(kind, pattern.format(number).replace("/", ""))
        filling.enter_permit(case, key, paper, _scan(kind.upper(), paper.number), by=by)
    filling.answer(case, "halal", {"reason": "Sertifikat sedang diurus di SIHALAL, bukti daftar terlampir."}, by=by)
    held = sum(photo.purpose == "product" for photo in case.photos)
    for _missing in range(held, LEAST_PHOTOS):
        filling.add_photo(case, "photos", _scan(case.revision.name, "foto contoh"), by=by)


def _marks(number: int) -> dict[str, tuple[str, str]]:
    checks = queries.get_case(number).checks.items()
    return {key: ("ok", "") for key, check in checks if check.result != "n/a"}


def _take(number: int, hands: Hands) -> None:
    reviewing.take(queries.get_case(number), by=hands.curator)


def _send_back(number: int, hands: Hands) -> None:
    said = {"photos": ("wrong", "Foto ketiga belum menunjukkan isinya. Foto lagi di dekat jendela.")}
    reviewing.send_back(queries.get_case(number), _marks(number) | said, by=hands.curator)


def _approve(number: int, hands: Hands) -> None:
    reviewing.approve(queries.get_case(number), _marks(number), by=hands.curator)


def _sign(number: int, hands: Hands) -> None:
    reviewing.sign(queries.get_case(number), by=hands.approver)


def _outside(status: str, note: str = "") -> Callable[[int, Hands], None]:
    def act(number: int, hands: Hands) -> None:
        case = queries.get_case(number)
        days = {"sent_outside": 9}.get(status, 3)
        seen = Sighting(
            status=status,
            seen_on=case.day - timedelta(days=days),
            seen_by="Petugas UKPBJ",
            reference_no=f"UKPBJ-{number:04}",
            reason_code="photo_unclear",
            note=note,
        )
        outside.record(case, seen, _scan("Bukti", seen.reference_no), by=hands.curator)

    return act


def _buy(number: int, hands: Hands) -> None:
    """Let two offices buy: one order is handed over and signed for, the other only ordered."""
    case, order = queries.get_case(number), _scan("Surat pesanan", f"027/{number:03}/SP")
    variant = procurement.list_variants(case.submission.product_id)[0]
    price = case.revision.price.amount
    signed = {"order": order, "handover": _scan("Serah terima", f"BAST 027/{number:03}")}
    bought = (("SDN Ciomas 1", 8, signed), ("Kantor Kecamatan Ciomas", 5, {"order": order}))
    for place, (buyer, qty, papers) in enumerate(bought):
        facts = Bought(variant.id, buyer, f"027/{number:03}-{place}/SP", qty, Rupiah(price * qty), case.day)
        purchases.record(case, facts, papers, key=f"contoh-{number}-{place}", by=hands.curator)


_ACTS: Final[Mapping[str, Callable[[int, Hands], None]]] = {
    "take": _take,
    "send_back": _send_back,
    "approve": _approve,
    "sign": _sign,
    "send": _outside("sent_outside"),
    "show": _outside("shown_outside"),
    "buy": _buy,
    "refuse": _outside("refused_outside", "Foto kedua buram."),
}
_SIGNED: Final = ("take", "approve", "sign", "send")
STEPS: Final[Mapping[str, tuple[str, ...]]] = {
    "ready": (),
    "in_review": ("take",),
    "returned": ("take", "send_back"),
    "approved": ("take", "approve"),
    "sent": _SIGNED,
    "shown": (*_SIGNED, "show", "buy"),
    "refused": (*_SIGNED, "refuse"),
}


def _scan(title: str, text: str) -> Master:
    """Draw a paper that says that it is an example."""
    image = Image.new("RGB", SIDE, "#fbfaf5")
    pen = ImageDraw.Draw(image)
    pen.rectangle((40, 40, SIDE[0] - 40, SIDE[1] - 40), outline="#1d5b51", width=6)
    pen.text((120, 140), title, fill="#1d5b51", font_size=80)
    pen.text((120, 300), text, fill="#222222", font_size=60)
    pen.text((120, 800), "CONTOH, BUKAN SURAT ASLI", fill="#8a8a8a", font_size=44)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=MASTER_QUALITY)
    return Master(out.getvalue(), *SIDE)
