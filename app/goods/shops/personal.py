"""What is kept of a shop, and of somebody's wish to have one."""

from __future__ import annotations

from sqlalchemy import select

from app.core import personal
from app.core.db import db
from app.core.i18n import _l
from app.core.personal import Row, Whose
from app.core.policy import Actor
from app.goods.shelf import operations as shelf
from app.goods.shops import operations
from app.goods.shops.models import SellingRequest, Shop
from app.kit import codes
from app.people.places.queries import names_of

NAMELESS = "Lapak yang sudah berakhir"
SLUG_SIGNS = 8


def _list(whose: Whose) -> list[Shop]:
    return list(db.session.scalars(select(Shop).where(Shop.id.in_(whose.shop_ids)).order_by(Shop.id.desc())))


def _shops(whose: Whose, most: int | None) -> list[Row]:
    shops = _list(whose)[:most]
    names = names_of({each.desa_code for each in shops})
    return [
        {
            "name": each.name,
            "desa": names.get(each.desa_code, ""),
            "story": each.story,
            "public_phone": each.phone,
            "pickup_place": each.pickup_place,
            "pickup_hours": each.pickup_hours,
            "street": each.street,
            "since": each.created_at,
        }
        for each in shops
    ]


def _wishes(whose: Whose, most: int | None) -> list[Row]:
    found = _wishes_of(whose)[:most]
    return [{"name": each.name, "phone": each.phone, "makes": each.makes, "asked": each.created_at} for each in found]


def _wishes_of(whose: Whose) -> list[SellingRequest]:
    if not whose.phone:
        return []
    query = select(SellingRequest).where(SellingRequest.phone == whose.phone)
    return list(db.session.scalars(query.order_by(SellingRequest.id.desc())))


def _erase(whose: Whose, by: Actor) -> None:
    """End her shops under a name and an address that say nothing; ids and places stay for the books."""
    for shop in _list(whose):
        if shop.state != "ended":
            operations.end(shop, by=by)
        shelf.forget_shop(shop.id)
        shop.name, shop.slug = NAMELESS, f"lapak-{codes.new_code(SLUG_SIGNS).lower()}"
        shop.story = shop.pickup_place = shop.pickup_hours = shop.street = shop.closed_note = ""
        shop.phone, shop.closed_until = None, None
    for wish in _wishes_of(whose):
        wish.name, wish.phone, wish.makes, wish.note = "", "", "", ""
        wish.state = "declined" if wish.state == "new" else wish.state
    db.session.flush()


personal.keeps(
    "shops", _l("Lapak"), storey=20, tell=_shops, erase=_erase,
    tables=("shop", "shelf_item", "shelf_mark", "shelf_pause", "shelf_paused", "shelf_there"),
    words={
        "name": _l("Nama"), "desa": _l("Desa"), "story": _l("Cerita"), "public_phone": _l("Nomor HP yang tampil"),
        "pickup_place": _l("Tempat ambil"), "pickup_hours": _l("Waktu ambil"),
        "street": _l("Alamat di label"), "since": _l("Sejak"),
    },
)  # fmt: skip
personal.keeps(
    "wishes", _l("Permintaan ingin jualan"), storey=21, tables=("selling_request",), tell=_wishes,
    words={
        "name": _l("Nama"), "phone": _l("Nomor HP"), "makes": _l("Yang dibuat"), "asked": _l("Diminta"),
    },
)  # fmt: skip
