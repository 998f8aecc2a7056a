"""The book of what buyers see: what it reads grows with the goods and not with their square."""

from __future__ import annotations

from app.goods.curation import verify
from tests.factories.goods import make_product, make_shop
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
