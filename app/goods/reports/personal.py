"""What is kept of reports: what was said against her goods, and the number that somebody left until it is answered."""

from __future__ import annotations

from sqlalchemy import Select, select, update

from app.core import personal
from app.core.db import db
from app.core.i18n import _l
from app.core.personal import Row, Whose
from app.core.policy import Actor
from app.goods.products.models import Product
from app.goods.reports import operations
from app.goods.reports.forms import KINDS, OUTCOMES
from app.goods.reports.models import Report


def _about(whose: Whose) -> Select[Report]:
    query = select(Report).join(Product, Product.id == Report.product_id).where(Product.shop_id.in_(whose.shop_ids))
    return query.order_by(Report.id.desc())


def _reports(whose: Whose, most: int | None) -> list[Row]:
    """Tell what for and with what end; the words are another person's."""
    return [
        {
            "about": str(KINDS[each.kind]),
            "end": str(OUTCOMES.get(each.outcome, "")),
            "answer": each.answer,
            "said": each.made_at,
        }
        for each in db.session.scalars(_about(whose).limit(most))
    ]


def _erase(whose: Whose, by: Actor) -> None:
    """End what waits, and take every sentence about her away."""
    products = select(Product).where(Product.shop_id.in_(whose.shop_ids))
    for product in db.session.scalars(products.where(Product.id.in_(_waiting()))).all():
        operations.close(product, "gone", "", by=by)
    hers = select(Product.id).where(Product.shop_id.in_(whose.shop_ids))
    bare = update(Report).where(Report.product_id.in_(hers)).values(sentence="", answer="")
    db.session.execute(bare.execution_options(synchronize_session=False))


def _waiting() -> Select[int]:
    return select(Report.product_id).where(Report.closed_at.is_(None))


def _sent(whose: Whose, most: int | None) -> list[Row]:
    if not whose.phone:
        return []
    query = select(Report).where(Report.contact == whose.phone).order_by(Report.id.desc()).limit(most)
    rows = db.session.scalars(query)
    return [{"about": str(KINDS[each.kind]), "words": each.sentence, "said": each.made_at} for each in rows]


def _forget(whose: Whose, by: Actor) -> None:
    if whose.phone:
        bare = update(Report).where(Report.contact == whose.phone).values(contact=None)
        db.session.execute(bare.execution_options(synchronize_session=False))


personal.keeps(
    "reports", _l("Laporan tentang produk"), storey=25, tables=("product_report", "product_hold"),
    tell=_reports, erase=_erase,
    words={
        "about": _l("Tentang"), "end": _l("Akhirnya"), "answer": _l("Jawaban petugas"), "said": _l("Waktu"),
    },
)  # fmt: skip
personal.keeps(
    "reported", _l("Laporan yang dikirim"), storey=26, tables=("product_report",), tell=_sent, erase=_forget,
    words={"about": _l("Tentang"), "words": _l("Kalimat"), "said": _l("Waktu")},
)  # fmt: skip
