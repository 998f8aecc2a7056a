"""The book of what buyers see: one finding for a choice, and work that grows with the goods alone."""

from __future__ import annotations

from app.core.db import transaction
from app.goods.curation import verify
from app.goods.products.models import RevisionChoice, Variant
from app.kit.rupiah import Rupiah
from tests.factories.goods import make_product, make_shop, revision_of
from tests.support.queries import count_queries, work_of

FEW, TIMES = 8, 4


def work(app):
    """Return what the engine does to find nothing wrong."""
    with count_queries(app) as asked:
        assert verify.check() == []
    return sum(work_of(statement, parameters) for statement, parameters in asked)


def test_four_times_as_many_goods_are_compared_with_four_times_the_work(app):
    shop = make_shop()
    for number in range(FEW):
        make_product(shop, f"Keripik {number}")
    few = work(app)
    for number in range(FEW, FEW * TIMES):
        make_product(shop, f"Keripik {number}")

    assert work(app) < few * TIMES * 1.3


def test_one_more_choice_is_found_once_whatever_is_wrong_with_it(app):
    product = make_product(make_shop())
    sold = {"label": "besar", "unit": "bungkus", "net_weight_g": 500}
    with transaction() as session:
        more = Variant(product_id=product.id, price=Rupiah(90_000), **sold)
        session.add(more)
    assert [(each.row, each.why) for each in verify.check()] == [(more.id, "is sold and was never approved")]

    said = {"revision_id": revision_of(product).id, "variant_id": more.id, "position": 1}
    with transaction() as session:
        choice = RevisionChoice(**said, price=Rupiah(80_000), **sold)
        session.add(choice)
    wrong = [(each.row, each.why) for each in verify.check()]
    assert wrong == [(more.id, "has another price or measure than was approved")]

    with transaction():
        choice.price = Rupiah(90_000)
    assert verify.check() == []
