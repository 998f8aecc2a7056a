"""The cart where it lies: in a signed cookie of the phone. Guests have no session and leave no row behind."""

from __future__ import annotations

from flask import Response, g
from werkzeug.wrappers import Response as BaseResponse

from app.core.cookies import SignedCookie
from app.trade.carts import rules
from app.trade.carts.rules import Cart

JAR = SignedCookie("keranjang", "cart", days=60)
# What a page showed when it was sent: it travels with the form, so that a price that moved meanwhile is noticed.
SHOWN = SignedCookie("isi", "cart-shown", days=1)


def cart_of_phone() -> Cart:
    """Return the cart of this phone, read once per request."""
    if "cart" not in g:
        g.cart = rules.unpack(JAR.read())
    cart: Cart = g.cart
    return cart


def keep(cart: Cart, target: str) -> BaseResponse:
    """Let the phone keep this cart and go on."""
    response = Response(status=303, headers={"Location": target, "Cache-Control": "no-store"})
    if cart:
        JAR.write(response, rules.pack(cart))
    else:
        JAR.drop(response)
    return response
