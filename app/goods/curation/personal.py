"""What is kept of curation: the sentence that a curator wrote to her."""

from __future__ import annotations

from sqlalchemy import Select, delete, select, update

from app.core import personal
from app.core.db import db
from app.core.i18n import _l
from app.core.personal import Row, Whose
from app.core.policy import Actor
from app.goods.curation.models import Decision
from app.goods.products.models import Product, Revision
from app.goods.shops.models import Kinship


def _hers(whose: Whose) -> Select[int]:
    query = select(Revision.id).join(Product, Product.id == Revision.product_id)
    return query.where(Product.shop_id.in_(whose.shop_ids))


def _answers(whose: Whose, most: int | None) -> list[Row]:
    query = select(Decision).where(Decision.revision_id.in_(_hers(whose)), Decision.sentence != "")
    rows = db.session.scalars(query.order_by(Decision.id.desc()).limit(most))
    return [{"sentence": each.sentence, "said": each.at} for each in rows]


def _erase(whose: Whose, by: Actor) -> None:
    said = update(Decision).where(Decision.revision_id.in_(_hers(whose)))
    db.session.execute(said.values(sentence="").execution_options(synchronize_session=False))
    db.session.execute(delete(Kinship).where(Kinship.shop_id.in_(whose.shop_ids)))


personal.keeps(
    "curation", _l("Jawaban kurator"), storey=24, tables=("decision", "shop_kinship"), tell=_answers, erase=_erase,
    words={"sentence": _l("Kalimat"), "said": _l("Waktu")},
)  # fmt: skip
