"""Saying where a shop brings its goods. Only she says it herself."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete

from app.core import audit
from app.core.db import db
from app.core.errors import DomainError, StaleVersion
from app.core.i18n import _l
from app.core.policy import Actor
from app.goods.delivery import queries
from app.goods.delivery.models import DeliveryPlan, DeliveryZone
from app.goods.shops.models import Shop
from app.kit.rupiah import Rupiah


class TooFar(DomainError):
    """A kecamatan that this shop cannot choose."""

    status = 422
    text = _l("Kecamatan ini tidak ada di daftar. Muat ulang halamannya, lalu isi lagi.")


def set_plan(
    shop: Shop,
    *,
    least: Rupiah | None,
    cod_km: int | None,
    other_km: int | None,
    fees: Mapping[str, Rupiah],
    version: int,
    by: Actor,
) -> DeliveryPlan:
    """Keep where a shop brings its goods (kecamatan → fee) and how; orders that exist stay as they are.

    `version` is that of the plan that was shown, 0 when there was none.

    Raises:
        StaleVersion: it was changed elsewhere since the form was opened.
        TooFar: a kecamatan that is not on the shop's list.
    """
    db.session.refresh(shop, with_for_update=True)
    plan = db.session.get(DeliveryPlan, shop.id, populate_existing=True)
    if (plan.version if plan else 0) != version:
        raise StaleVersion(shop)
    if not set(fees) <= {each.code for each in queries.list_places(shop)}:
        raise TooFar(shop)
    if plan is None:
        plan = DeliveryPlan(shop_id=shop.id, version=0)
        db.session.add(plan)
    plan.least, plan.cod_km, plan.other_km, plan.version = least, cod_km, other_km, version + 1
    db.session.flush()
    db.session.execute(delete(DeliveryZone).where(DeliveryZone.shop_id == shop.id))
    db.session.add_all(DeliveryZone(shop_id=shop.id, kecamatan_code=code, fee=fee) for code, fee in fees.items())
    db.session.flush()
    audit.record(by, "shop.delivery_set", shop, zones=len(fees))
    return plan
