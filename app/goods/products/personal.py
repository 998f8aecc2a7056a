"""What is kept of goods: their names and words, and the notes beside their stock."""

from __future__ import annotations

from sqlalchemy import delete, select, update

from app.core import personal
from app.core.db import db
from app.core.i18n import _l
from app.core.personal import Row, Whose
from app.core.policy import Actor
from app.goods.categories.models import Category
from app.goods.products.models import CostSheet, Product, ProductDraft, Revision, RevisionChoice, RevisionPhoto, Variant
from app.goods.shelf import operations as shelf
from app.goods.stock.models import StockMovement
from app.kit import codes

SLUG_SIGNS = 8
SAID = ("description", "label", "ingredients", "origin", "photo_alt", "answer")


def _goods(whose: Whose, most: int | None) -> list[Row]:
    query = (
        select(Revision)
        .join(Product, Product.id == Revision.product_id)
        .where(Product.shop_id.in_(whose.shop_ids))
        .order_by(Revision.id.desc())
        .limit(most)
    )
    return [
        {
            "name": each.name,
            "words": each.description,
            "made_of": " · ".join(filter(None, (each.ingredients, each.origin))),
            "price": each.price,
            "unit": each.unit,
            "since": each.submitted_at,
        }
        for each in db.session.scalars(query)
    ]


def _erase(whose: Whose, by: Actor) -> None:
    """Take her goods away; what each was stays as its category, so that old orders and sums still say a kind."""
    hers = select(Product.id).where(Product.shop_id.in_(whose.shop_ids))
    for product in db.session.scalars(select(Product).where(Product.shop_id.in_(whose.shop_ids))).all():
        shelf.take_down(product.id)
        product.state, product.slug = "deleted", f"produk-{codes.new_code(SLUG_SIGNS).lower()}"
        product.withdrawn_note = ""
    kind = select(Category.name).where(Category.id == Revision.category_id).scalar_subquery()
    bare = {"name": kind, "photo_id": None} | dict.fromkeys(SAID, "")
    ours = update(Revision).where(Revision.product_id.in_(hers)).execution_options(synchronize_session=False)
    db.session.execute(ours.values(**bare))
    db.session.execute(ours.where(Revision.state == "waiting").values(state="superseded"))
    worded = select(Revision.id).where(Revision.product_id.in_(hers))
    db.session.execute(delete(RevisionPhoto).where(RevisionPhoto.revision_id.in_(worded)))
    db.session.execute(update(RevisionChoice).where(RevisionChoice.revision_id.in_(worded)).values(label=""))
    variants = select(Variant.id).where(Variant.product_id.in_(hers))
    db.session.execute(update(Variant).where(Variant.product_id.in_(hers)).values(label=""))
    noted = update(StockMovement).where(StockMovement.variant_id.in_(variants), StockMovement.note != "")
    db.session.execute(noted.values(note="").execution_options(synchronize_session=False))
    db.session.flush()
    db.session.expire_all()


personal.keeps(
    "goods", _l("Produk"), storey=23, tell=_goods, erase=_erase,
    tables=("product", "variant", "revision", "revision_choice", "revision_photo", "stock", "stock_movement"),
    words={
        "name": _l("Nama"), "words": _l("Keterangan"), "made_of": _l("Bahan"), "price": _l("Harga"),
        "unit": _l("Satuan"), "since": _l("Sejak"),
    },
)  # fmt: skip


def _drafts(whose: Whose, most: int | None) -> list[Row]:
    query = select(ProductDraft).where(ProductDraft.shop_id.in_(whose.shop_ids)).order_by(ProductDraft.id.desc())
    return [
        {"typed": " · ".join(filter(None, each.typed.values())), "since": each.saved_at}
        for each in db.session.scalars(query.limit(most))
    ]


def _forget_drafts(whose: Whose, by: Actor) -> None:
    db.session.execute(delete(ProductDraft).where(ProductDraft.shop_id.in_(whose.shop_ids)))


personal.keeps(
    "product_drafts", _l("Draf produk"), storey=23, tell=_drafts, erase=_forget_drafts, tables=("product_draft",),
    words={"typed": _l("Isian"), "since": _l("Sejak")},
)  # fmt: skip


def _costs(whose: Whose, most: int | None) -> list[Row]:
    query = select(CostSheet).join(Product, Product.id == CostSheet.product_id)
    query = query.where(Product.shop_id.in_(whose.shop_ids)).order_by(CostSheet.product_id.desc())
    return [
        {"typed": ", ".join(f"{name or kind} {amount}" for kind, name, amount in each.lines), "since": each.saved_at}
        for each in db.session.scalars(query.limit(most))
    ]


def _forget_costs(whose: Whose, by: Actor) -> None:
    hers = select(Product.id).where(Product.shop_id.in_(whose.shop_ids))
    db.session.execute(delete(CostSheet).where(CostSheet.product_id.in_(hers)))


personal.keeps(
    "product_costs", _l("Hitungan modal"), storey=23, tell=_costs, erase=_forget_costs, tables=("cost_sheet",),
    words={"typed": _l("Isian"), "since": _l("Sejak")},
)  # fmt: skip
