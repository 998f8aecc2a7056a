"""The least valid report. It opens its own transaction and returns the stored row."""

from __future__ import annotations

from itertools import count

from app.core.db import transaction
from app.goods.products.models import Product
from app.goods.reports import operations
from app.goods.reports.models import Report

_people = count(1)


def make_report(product: Product, kind: str = "unsafe", sentence: str = "Berlendir dan bau.", **given: str) -> Report:
    """What somebody says against a product; from an address of its own unless `address` is given. Also `contact`."""
    address = given.get("address", f"198.51.100.{next(_people)}")
    with transaction():
        return operations.report(product, kind, sentence, given.get("contact"), address=address)
