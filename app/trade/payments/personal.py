"""What is kept of how she is paid: her code, her account, and the pictures that buyers sent her."""

from __future__ import annotations

from sqlalchemy import delete, select, update

from app.core import personal
from app.core.clock import now
from app.core.db import db
from app.core.i18n import _l
from app.core.personal import Row, Whose
from app.core.policy import Actor
from app.trade.orders.models import Order
from app.trade.payments import banks, queries, rules
from app.trade.payments.models import PaymentMeans, PaymentMeansChange, PaymentProof


def _means(whose: Whose, most: int | None) -> list[Row]:
    if whose.account_id is None:
        return []
    query = select(PaymentMeans).where(PaymentMeans.owner_id == whose.account_id)
    return [
        {
            "way": each.kind,
            "bank": banks.name_of(each.bank),
            "number": rules.mask(queries.account_of(each)) if each.number_sealed else "",
            "holder": each.holder,
            "code": each.payload,
            "on": each.is_on,
        }
        for each in db.session.scalars(query.order_by(PaymentMeans.id.desc()).limit(most))
    ]


def _erase(whose: Whose, by: Actor) -> None:
    """Forget code and account; that money came this way stays with the orders."""
    blind = {"synchronize_session": False}
    hers = select(PaymentMeans.id).where(PaymentMeans.owner_id == whose.account_id)
    gone = {"payload": "", "bank": "", "holder": "", "number_sealed": None, "is_on": False}
    said = delete(PaymentMeansChange).where(PaymentMeansChange.means_id.in_(hers))
    db.session.execute(said.execution_options(**blind))
    means = update(PaymentMeans).where(PaymentMeans.owner_id == whose.account_id).values(**gone)
    db.session.execute(means.execution_options(**blind))
    orders = select(Order.id).where(Order.seller_id.in_(whose.shop_ids))
    proofs = select(PaymentProof).where(PaymentProof.order_id.in_(orders), PaymentProof.name.is_not(None))
    names = []
    for proof in db.session.scalars(proofs):
        names += [proof.name] if proof.name else []
        proof.name, proof.deleted_at = None, now()
    db.session.flush()
    personal.forget_files(private=names)
    db.session.expire_all()


personal.keeps(
    "payment_means", _l("Cara dibayar"), storey=33, tables=("payment_means", "payment_means_change", "payment_proof"),
    tell=_means, erase=_erase,
    words={
        "way": _l("Cara"), "bank": _l("Bank"), "number": _l("Nomor rekening"), "holder": _l("Nama pemilik rekening"),
        "code": _l("Isi kode QRIS"), "on": _l("Dipakai"),
    },
)  # fmt: skip
