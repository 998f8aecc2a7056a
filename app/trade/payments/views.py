"""How a seller is paid: cash always, her own QRIS and her bank account when she sets them."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.cookies import private_page
from app.core.db import transaction
from app.core.errors import NotFound, StaleVersion
from app.core.i18n import _, _l
from app.core.panels import fill
from app.core.policy import allow, current_actor
from app.goods.delivery.queries import get_terms
from app.goods.shops import policies as shops
from app.goods.shops.models import Shop
from app.goods.shops.queries import get_own_shop
from app.kit import qris
from app.people.accounts import proving
from app.people.accounts.forms import PinAgain
from app.people.accounts.queries import get_own
from app.trade.orders import waits
from app.trade.payments import banks, drawing, operations, queries, rules
from app.trade.payments.door import bp
from app.trade.payments.forms import NAMES, AccountForm, QrisForm, SwitchForm

__all__ = ("bp",)

DID = {
    ("qris", "set"): _l("QRIS dipasang"),
    ("qris", "off"): _l("QRIS dimatikan"),
    ("qris", "on"): _l("QRIS dinyalakan lagi"),
    ("transfer", "set"): _l("Rekening dipasang"),
    ("transfer", "off"): _l("Transfer dimatikan"),
    ("transfer", "on"): _l("Transfer dinyalakan lagi"),
}


@fill("shop.own")
def way_to_means(*, shop: Shop) -> str:
    """Lead a seller from her shop to how she is paid."""
    on = [each.kind for each in queries.means_of(shop).values() if each.is_on]
    return render_template("trade/payments/_way.html", ways=", ".join(str(NAMES[each]) for each in sorted(on)))


@fill("delivery.plan")
def unpayable(*, shop: Shop) -> str:
    """Name the kecamatan to which she goes only when paid first, while she takes no money ahead: no buyer sees them."""
    far = [zone.name for zone in get_terms(shop.id).zones if not zone.cod]
    if not far or queries.offered([shop.id]):
        return ""
    return render_template("trade/payments/_ahead.html", places=", ".join(far))


@bp.get("/jualan/pembayaran")
@allow(shops.owns, get_own_shop)
def index(shop: Shop) -> ResponseReturnValue:
    """Show a seller how she is paid, and what changed about it."""
    return _index(shop)


def _index(shop: Shop, trouble: str = "", status: int = 200) -> ResponseReturnValue:
    means = queries.means_of(shop)
    kinds = {each.id: each.kind for each in means.values()}
    own, account = means.get("qris"), means.get("transfer")
    page = render_template(
        "trade/payments/index.html",
        own=own,
        code=qris.parse_static(own.payload) if own and own.payload else None,
        account=account,
        number=rules.spaced(queries.account_of(account)) if account else "",
        bank=banks.name_of(account.bank) if account else "",
        changes=[(each, DID[kinds[each.means_id], each.act]) for each in queries.list_changes(kinds)],
        owes=bool(waits.cash_only([shop.id])),
        trouble=trouble,
    )
    return private_page(page, status)


@bp.route("/jualan/pembayaran/qris", methods=["GET", "POST"])
@allow(shops.owns, get_own_shop)
def own_code(shop: Shop) -> ResponseReturnValue:
    """Take her own code, show whose it is and a code to try, and keep it when she says yes."""
    form, known = QrisForm(), queries.means_of(shop).get("qris")
    if not form.is_submitted():
        form.versi.data = str(known.version if known else 0)
        return private_page(render_template("trade/payments/qris.html", form=form))
    code = form.read()
    if code is None:
        return private_page(render_template("trade/payments/qris.html", form=form), 422)
    fresh = proving.is_fresh()
    again = PinAgain(proved=fresh, formdata=request.form if form.yakin.data == "1" else None)
    if form.yakin.data != "1":
        return _confirm(code, form.version(), again)
    if not again.filled() or not (fresh or proving.is_proved(again, again.pin_sekarang, get_own(current_actor()))):
        return _confirm(code, form.version(), again, status=422)
    try:
        with transaction():
            operations.set_qris(shop, code, version=form.version(), by=current_actor())
    except StaleVersion as refusal:
        newer = queries.means_of(shop).get("qris")
        return _confirm(code, newer.version if newer else 0, PinAgain(proved=True), str(refusal), refusal.status)
    flash(_("QRIS terpasang. Pembeli bisa memilihnya mulai sekarang."), "success")
    return redirect(url_for("payments.index"), 303)


def _confirm(
    code: qris.Qris, version: int, form: PinAgain, trouble: str = "", status: int = 200
) -> ResponseReturnValue:
    page = render_template(
        "trade/payments/qris_confirm.html",
        code=code,
        version=version,
        form=form,
        amount=rules.TEST_AMOUNT,
        drawn=drawing.on_page(qris.with_amount(code, rules.TEST_AMOUNT)),
        trouble=trouble,
    )
    return private_page(page, status)


@bp.route("/jualan/pembayaran/rekening", methods=["GET", "POST"])
@allow(shops.owns, get_own_shop)
def own_account(shop: Shop) -> ResponseReturnValue:
    """Take her bank account."""
    known = queries.means_of(shop).get("transfer")
    fresh = proving.is_fresh()
    form = AccountForm(proved=fresh, data={"bank": known.bank, "pemilik": known.holder} if known else None)
    number = rules.mask(queries.account_of(known)) if known else ""
    if not form.filled() or not (fresh or proving.is_proved(form, form.pin_sekarang, get_own(current_actor()))):
        if not form.is_submitted():
            form.versi.data = str(known.version if known else 0)
        page = render_template("trade/payments/account.html", form=form, number=number)
        return private_page(page, 422 if form.is_submitted() else 200)
    try:
        with transaction():
            operations.set_account(
                shop, bank=form.bank.data, number=form.nomor.data, holder=form.pemilik.data, version=form.version(),
                by=current_actor(),
            )  # fmt: skip
    except StaleVersion as refusal:
        newer = queries.means_of(shop)["transfer"]
        form.stale(refusal, newer.version)
        facts = {"number": rules.mask(queries.account_of(newer)), "newer": newer, "bank": banks.name_of(newer.bank)}
        return private_page(render_template("trade/payments/account.html", form=form, **facts), refusal.status)
    flash(_("Rekening terpasang. Pembeli bisa memilih transfer mulai sekarang."), "success")
    return redirect(url_for("payments.index"), 303)


@bp.post("/jualan/pembayaran/nyala")
@allow(shops.owns, get_own_shop)
def switch(shop: Shop) -> ResponseReturnValue:
    """Turn a way to be paid off, or on again."""
    form = SwitchForm()
    if form.cara.data not in rules.KINDS or form.nyala.data not in ("0", "1"):
        return _index(shop, _("Pilih salah satu."), 422)
    on = form.nyala.data == "1"
    try:
        with transaction():
            operations.switch(shop, form.cara.data, on=on, version=form.version(), by=current_actor())
    except NotFound:
        return redirect(url_for("payments.index"), 303)
    except StaleVersion as refusal:
        return _index(shop, str(refusal), refusal.status)
    name = str(NAMES[form.cara.data])
    flash(_("%(way)s dinyalakan lagi.", way=name) if on else _("%(way)s dimatikan.", way=name), "success")
    return redirect(url_for("payments.index"), 303)
