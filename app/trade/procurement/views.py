"""Orders of government offices on the screen: the list, one order with its papers, and what may be done with it."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core import scans
from app.core.cookies import private_page
from app.core.db import transaction
from app.core.i18n import _
from app.core.panels import fill
from app.core.policy import allow, current_actor
from app.core.steps import key_of, step
from app.goods.shops import policies as shops
from app.kit import digits
from app.people.accounts.queries import names_of
from app.trade.ekatalog.cases import Case, get_case
from app.trade.procurement import operations, policies, queries, results, rules
from app.trade.procurement.forms import EVIDENCE, PAPERS, PaperForm, PurchaseForm, ReturnForm
from app.trade.procurement.models import GovernmentPaper
from app.trade.procurement.queries import Purchase

bp = Blueprint("procurement", __name__)


@fill("ekatalog.review")
def on_review(case: Case) -> str:
    """Show the office what was bought of a product, beside its round."""
    found, may_record = queries.list_of_round(case.submission.id), policies.may_record(current_actor(), case)
    # What was bought was shown before (`operations.record`).
    if not found and queries.shown_on(case.submission.id) is None:
        return ""
    return _panel(found, case=case if may_record else None, own=False)


@fill("ekatalog.round")
def on_round(case: Case) -> str:
    """Show a seller, and her pendamping, what offices bought."""
    found = queries.list_of_round(case.submission.id)
    return _panel(found, case=None, own=True) if found else ""


def _panel(found: list[Purchase], *, case: Case | None, own: bool) -> str:
    opens = own and all(shops.owns(current_actor(), each.order.shop) for each in found)
    return render_template(
        "trade/procurement/_panel.html",
        purchases=found, case=case, own=own, opens=opens, evidence=EVIDENCE, papers=PAPERS,
    )  # fmt: skip


@bp.get("/dinsos/ekatalog/pesanan")
@allow(policies.sees_purchases)
def index() -> ResponseReturnValue:
    """List what offices bought in the region, newest first."""
    before = digits.whole(request.args.get("setelah", ""))
    found = queries.list_in(before, scope=current_actor())
    shown = found[: queries.PAGE]
    page = render_template(
        "trade/procurement/list.html",
        purchases=shown,
        first=before is None,
        more=shown[-1].order.id if len(found) > len(shown) else None,
        evidence=EVIDENCE,
    )
    return private_page(page)


@bp.get("/dinsos/ekatalog/hasil")
@allow(policies.sees_results)
def outcome() -> ResponseReturnValue:
    """Count the products that were submitted, seen in the catalogue and bought, by year."""
    actor = current_actor()
    facts = {"results": results.results_in(actor), "office": policies.sees_purchases(actor)}
    return private_page(render_template("trade/procurement/results.html", **facts))


@bp.route("/dinsos/ekatalog/<id:submission_id>/pesanan", methods=["GET", "POST"])
@allow(policies.may_record, get_case)
def record(case: Case) -> ResponseReturnValue:
    """Write down what an office bought."""
    form = PurchaseForm(data={"tanggal": case.day})
    form.offer(queries.list_variants(case.submission.product_id), case.revision.unit)
    key, shown_on = key_of(form), queries.shown_on(case.submission.id)
    if shown_on is None:
        flash(str(operations.NeverShown()), "warning")
        return redirect(url_for("ekatalog.review", submission_id=case.submission.id), 303)
    facts = {"case": case, "form": form, "shown_on": shown_on}
    return step(
        form,
        lambda: operations.record(
            case,
            form.bought(),
            {"order": form.order.master, "handover": form.handover.master},
            key=key,
            by=current_actor(),
        ),
        lambda status: private_page(render_template("trade/procurement/record.html", **facts), status),
        done=lambda made: url_for("procurement.show", government_order_id=made.id),
        said=_("Pesanan tercatat di buku penjualan."),
        beside={operations.WrongDay: "tanggal", operations.NoPaper: "order", operations.OtherProduct: "varian"},
    )


@bp.get("/dinsos/ekatalog/pesanan/<id:government_order_id>")
@allow(policies.may_see, queries.get_purchase)
def show(purchase: Purchase) -> ResponseReturnValue:
    """Show one purchase, its papers and what was taken back."""
    return _page(purchase)


def _page(
    purchase: Purchase, status: int = 200, *, added: PaperForm | None = None, back: ReturnForm | None = None
) -> ResponseReturnValue:
    actor, order = current_actor(), purchase.order
    back = back or ReturnForm(formdata=None, data={"jumlah": purchase.left})
    key_of(back)
    people = (
        {order.entered_by_id} | {each.by_id for each in purchase.papers} | {each.by_id for each in purchase.returns}
    )
    page = render_template(
        "trade/procurement/show.html",
        purchase=purchase,
        order=order,
        names=names_of(people | {order.entered_by_id}),
        papers=PAPERS,
        evidence=EVIDENCE[purchase.grade],
        paper_form=added or PaperForm(formdata=None),
        back_form=back,
        keeps=policies.may_keep(actor, purchase),
        confirms=policies.may_confirm(actor, purchase) and purchase.grade == rules.MARKED,
    )
    return private_page(page, status)


def _back(purchase: Purchase) -> str:
    return url_for("procurement.show", government_order_id=purchase.order.id)


@bp.post("/dinsos/ekatalog/pesanan/<id:government_order_id>/surat")
@allow(policies.may_keep, queries.get_purchase)
def add_paper(purchase: Purchase) -> ResponseReturnValue:
    """Put a paper to a purchase."""
    form = PaperForm()
    return step(
        form,
        lambda: operations.add_paper(purchase, form.jenis.data, form.berkas.master, by=current_actor()),
        lambda status: _page(purchase, status, added=form),
        done=lambda _made: _back(purchase),
        said=_("Surat tersimpan."),
    )


@bp.post("/dinsos/ekatalog/pesanan/<id:government_order_id>/tarik")
@allow(policies.may_keep, queries.get_purchase)
def take_back(purchase: Purchase) -> ResponseReturnValue:
    """Take units of a purchase back."""
    form = ReturnForm()
    key = key_of(form)
    return step(
        form,
        lambda: operations.take_back(purchase, form.jumlah.data, form.alasan.data, key=key, by=current_actor()),
        lambda status: _page(purchase, status, back=form),
        done=lambda _made: _back(purchase),
        said=_("Penarikan tercatat di buku penjualan."),
    )


@bp.post("/dinsos/ekatalog/pesanan/<id:government_order_id>/cocok")
@allow(policies.may_confirm, queries.get_purchase)
def confirm(purchase: Purchase) -> ResponseReturnValue:
    """Say that a purchase far above the usual is as its papers say."""
    with transaction():
        operations.confirm(purchase, by=current_actor())
    flash(_("Pesanan dicocokkan dengan suratnya."), "success")
    return redirect(_back(purchase), 303)


@bp.get("/dinsos/ekatalog/pesanan/surat/<id:government_paper_id>")
@allow(policies.may_see_paper, queries.get_paper)
def paper(kept: GovernmentPaper) -> Response:
    """Show a paper to the office."""
    return scans.answer(kept.file)


@bp.get("/jualan/ekatalog/pesanan/surat/<id:government_paper_id>")
@allow(policies.holds_paper, queries.get_paper)
def own_paper(kept: GovernmentPaper) -> Response:
    """Show a seller the papers of what was bought of her."""
    return scans.answer(kept.file)
