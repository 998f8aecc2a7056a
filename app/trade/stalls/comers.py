"""Questions about who comes: at which stalls something has begun, who comes without having asked, whom one helps."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from app.core.db import db
from app.core.policy import Actor
from app.goods.shops.models import Shop
from app.people.accounts.models import Account
from app.people.accounts.policies import areas_of
from app.people.places.queries import inside
from app.trade.bazaars.models import Application, Bazaar
from app.trade.stalls.models import StallSale, StallSheet
from app.trade.stalls.queries import PLACED, placed

MOST_COMERS = 8


def list_started(bazaar_id: int) -> set[int]:
    """Return the stalls of a bazaar where something was sold or counted, though it was taken back."""
    here = select(Application.id).where(Application.bazaar_id == bazaar_id)
    sold = select(StallSale.application_id).where(StallSale.application_id.in_(here))
    counted = select(StallSheet.application_id).where(StallSheet.application_id.in_(here))
    return {number for query in (sold, counted) for number in db.session.scalars(query.distinct())}


def list_comers(bazaar: Bazaar, sought: str) -> list[Shop]:
    """Return the open shops of the kabupaten with this name, or with this seller, that have no place at a bazaar."""
    there = select(Application.id).where(
        Application.shop_id == Shop.id, Application.bazaar_id == bazaar.id, Application.state.in_(PLACED)
    )
    query = select(Shop).join(Account, Account.id == Shop.owner_id).where(~there.exists())
    query = query.where(Shop.regency_code == bazaar.regency_code, Shop.state == "open")
    names = (each.icontains(sought, autoescape=True) for each in (Shop.name, Account.name))
    query = query.where(or_(*names)).options(joinedload(Shop.owner)).order_by(Shop.name, Shop.id)
    return list(db.session.scalars(query.limit(MOST_COMERS)))


def list_helped(scope: Actor) -> list[Application]:
    """Return the places of a pendamping's sellers at bazaars that run or are over and not reported, newest first."""
    query = placed().join(Shop, Shop.id == Application.shop_id).join(Bazaar, Bazaar.id == Application.bazaar_id)
    query = query.where(inside(Shop.desa_code, areas_of(scope)), Bazaar.state.in_(("published", "running", "closed")))
    return list(db.session.scalars(query.order_by(Bazaar.starts_at.desc(), Application.id)))
