"""The least valid ways to be paid, and a claim with its picture."""

from __future__ import annotations

import io
import secrets

from PIL import Image

from app.core import pictures
from app.core.db import db, transaction
from app.goods.products.models import Product
from app.goods.shops.models import Shop
from app.kit import qris
from app.people.accounts.models import Account
from app.trade.orders.models import Order
from app.trade.payments import money, operations, queries
from tests.factories.trade import accepted_order

DEMO = (
    "00020101021126620014ID.CO.DEMO.WWW01189360000000000000000211DEMO00000010303UMI51440014ID.CO.QRIS.WWW"
    "0215ID00000000000010303UMI5204549953033605802ID5912LAPAK CONTOH6012SERANG (KAB)61054216162070703A01630480D8"
)
ACCOUNT = "012301004567539"


def make_means(owner: Account, shop: Shop) -> None:
    """Let a seller be paid by her QRIS and into her account too."""
    with transaction():
        operations.set_qris(shop, qris.parse_static(DEMO), version=0, by=owner)
        operations.set_account(shop, bank="002", number=ACCOUNT, holder=owner.name, version=0, by=owner)


def make_claim(product: Product, owner: Account, **given: object) -> tuple[Order, int]:
    """An order that its buyer says she paid by QRIS, and the id of the picture she sent."""
    order = accepted_order(product, owner, method="qris_seller", **given)
    sent = io.BytesIO()
    Image.new("RGB", (90, 160), "teal").save(sent, "JPEG")
    sent.seek(0)
    master = pictures.read_upload(sent)
    with transaction():
        money.claim(order, order.total, master, key=secrets.token_hex(8))
    db.session.expire_all()
    return order, next(iter(queries.proofs_of(order.id).values())).id
