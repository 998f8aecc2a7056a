"""Who may see a paper."""

from __future__ import annotations

from app.core.policy import Actor
from app.goods.permits.models import Permit
from app.goods.shops.policies import owns
from app.goods.shops.queries import is_kin
from app.people.accounts.policies import works_in

READS = frozenset({"pendamping", "curator", "approver"})


def holds(actor: Actor, permit: Permit) -> bool:
    """A paper of her own shop."""
    return owns(actor, permit.shop)


def helps(actor: Actor, permit: Permit) -> bool:
    """The pendamping of the desa of the shop that has it."""
    return actor.role == "pendamping" and works_in(actor, permit.shop.desa_code)


def may_read(actor: Actor, permit: Permit) -> bool:
    """Whoever helps her in her desa, and the officers of the region who check and sign."""
    return actor.role in READS and works_in(actor, permit.shop.desa_code)


def may_judge(actor: Actor, permit: Permit) -> bool:
    """A curator of the region; never of what he entered, what was entered for him, his own shop's or his kin's."""
    return may_step_back(actor, permit) and not is_kin(actor.id, permit.shop_id)


def may_step_back(actor: Actor, permit: Permit) -> bool:
    """A curator of the region, about a paper in which he has no part yet."""
    own = actor.id in {permit.entered_by_id, permit.on_behalf_of_id, permit.shop.owner_id}
    return actor.role == "curator" and works_in(actor, permit.shop.desa_code) and not own
