"""A shelf with something on it, made once for each test that asks."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.clock import now
from app.core.db import db, transaction
from app.goods.categories.models import Category
from app.goods.shelf import operations as shelf
from app.goods.shelf.rules import Card
from app.kit.rupiah import Rupiah

KECAMATAN = ("36.04.13", "36.04.27", "36.04.30")
# Past every number of the tests' own goods, or a stock of theirs would lie on one of these; divisible as the marks are.
BEYOND = 4_200_000
NAMES = ("Telur asin bebek", "Keripik pisang manis", "Sate bandeng", "Emping melinjo")


@pytest.fixture
def shelf_of_90(app: Flask) -> list[int]:
    """Ninety cards over four categories, three kecamatan and twelve prices; some share a moment. Returns their ids."""
    dice = random.Random(7)
    leaves = list(db.session.scalars(select(Category.id).where(Category.parent_id.is_not(None)).order_by(Category.id)))
    first = now() - timedelta(days=30)
    cards = [
        Card(
            product_id=BEYOND + number,
            variant_id=BEYOND + number,
            slug=f"barang-{number}",
            name=f"{NAMES[number % 4]} {number}",
            price=Rupiah(5_000 * dice.randrange(1, 13)),
            unit="bungkus",
            category_id=leaves[number % 4 * 3],
            shop_id=BEYOND + number % 5 + 1,
            shop_slug=f"lapak-{number % 5 + 1}",
            shop_name=f"Lapak {number % 5 + 1}",
            regency_code="36.04",
            kecamatan_code=KECAMATAN[number % 3],
            published_at=first + timedelta(hours=number // 3),
        )
        for number in range(1, 91)
    ]
    with transaction():
        shelf.put_all(cards)
    return [card.product_id for card in cards]
