"""What a seller prints: labels of a product, price cards, her sign and her poster."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core import papers
from app.core.addresses import origin
from app.core.db import transaction
from app.core.i18n import _
from app.core.optional import Unavailable
from app.core.panels import fill
from app.core.policy import allow, current_actor
from app.goods.prints import booklets, labels, posters, rules, words
from app.goods.prints.booklets import Cover
from app.goods.prints.forms import LabelForm
from app.goods.prints.labels import TooMuch
from app.goods.prints.rules import SIZES
from app.goods.products import policies, queries
from app.goods.products.queries import Held, Item
from app.goods.shops import policies as shop_policies
from app.goods.shops.models import Shop
from app.goods.shops.queries import get_own_shop, get_shop
from app.kit import digits
from app.people.accounts.policies import areas_of, is_curator
from app.people.files import operations as files
from app.people.files.operations import Made, builder

bp = Blueprint("prints", __name__)

KIND = "goods.labels"
BOOKLET = "goods.booklet"


@fill("product", order=20)
def offer_labels(item: Item) -> str:
    """Lead from a product to its labels, and name what they lack."""
    if item.standing == "deleted":
        return ""
    missing = labels.list_missing(item, labels.sold(item)[0])
    return render_template("goods/prints/_product.html", item=item, missing=missing, words=words.MISSING)


@fill("shop", order=20)
def offer_papers(shop: Shop) -> str:
    """Lead from a shop to its papers."""
    return render_template("goods/prints/_shop.html", shop=shop)


@bp.get("/jualan/produk/<id:product_id>/label")
@allow(policies.owns, queries.get_item)
def label(item: Item) -> str:
    """Ask which size and how many, and show what the label will say."""
    return _label_page(item, _form(item))


@bp.get("/jualan/produk/<id:product_id>/label.pdf")
@allow(policies.owns, queries.get_item)
def label_pdf(item: Item) -> ResponseReturnValue:
    """Give the labels for a printer; many of them are drawn by the worker. Without a size, ask first."""
    if "ukuran" not in request.args:
        return redirect(url_for("prints.label", product_id=item.product.id), 303)
    form = _form(item)
    if not form.validate():
        return _label_page(item, form), 422
    held, size = _chosen(item, form), SIZES[form.ukuran.data]
    try:
        written = labels.write(item, held, size, origin=origin(), made=form.dibuat.data, price=form.harga.data)
        if form.jumlah.data > rules.MOST_AT_ONCE:
            return _order(item, held, form)
        return papers.pdf_response(labels.draw(written, size, form.jumlah.data), "label.pdf")
    except TooMuch:
        form.note("ukuran", _("Tulisannya tidak muat di ukuran ini. Pilih yang lebih besar, atau pendekkan bahannya."))
        return _label_page(item, form), 422
    except Unavailable:
        form.note("ukuran", _("PDF belum bisa dibuat di sini. Coba lagi nanti atau minta tolong petugas."))
        return _label_page(item, form), 503


def _order(item: Item, held: Held, form: LabelForm) -> ResponseReturnValue:
    facts = {
        "product": item.product.id,
        "variant": held.variant.id,
        "size": form.ukuran.data,
        "copies": form.jumlah.data,
        "made": form.dibuat.data.isoformat() if form.dibuat.data else None,
        "price": form.harga.data,
        "origin": origin(),
        "account": item.product.shop.owner_id,
    }
    with transaction():
        title = _("Label %(name)s", name=item.shown.name[:80])
        wanted = files.ask(KIND, title, facts, by=current_actor())
    return redirect(url_for("files.show", file_id=wanted.id), 303)


@builder(KIND)
def build_labels(facts: dict[str, Any]) -> Made:
    """Draw many labels, as they stand when their turn comes."""
    item = queries.get_item(facts["product"])
    chosen = [each for each in item.held if each.variant.id == facts["variant"]]
    size, made = SIZES[facts["size"]], facts["made"]
    written = labels.write(
        item, (chosen or labels.sold(item))[0], size, origin=facts["origin"],
        made=date.fromisoformat(made) if made else None, price=facts["price"],
    )  # fmt: skip
    return Made(labels.draw(written, size, facts["copies"]), "label.pdf", "application/pdf")


def _form(item: Item) -> LabelForm:
    sent = "ukuran" in request.args
    form = LabelForm(formdata=request.args if sent else None)
    form.offer(labels.sold(item))
    if not sent:
        form.process()
        form.ukuran.data = rules.usual_size(labels.fitting(item, labels.sold(item)[0]))
        form.jumlah.data = SIZES[form.ukuran.data].on_a_sheet
    return form


def _chosen(item: Item, form: LabelForm) -> Held:
    return next(each for each in labels.sold(item) if str(each.variant.id) == form.pilihan.data)


def _label_page(item: Item, form: LabelForm) -> str:
    sold = labels.sold(item)
    held = next((each for each in sold if str(each.variant.id) == form.pilihan.data), sold[0])
    missing, fitting = labels.list_missing(item, held), labels.fitting(item, held)
    hints = {
        key: _("%(n)s di satu kertas A4", n=size.on_a_sheet) if key in fitting else _("Tulisannya tidak muat di sini.")
        for key, size in SIZES.items()
    }
    return render_template(
        "goods/prints/label.html", item=item, form=form, missing=missing, hints=hints, words=words.MISSING
    )


@bp.get("/jualan/lapak/cetak")
@allow(shop_policies.owns, get_own_shop)
def shop_papers(shop: Shop) -> str:
    """List the papers of a shop."""
    goods = posters.list_on_sale(shop)
    whole = booklets.volumes(booklets.of_shop(shop, "").items)
    return render_template("goods/prints/shop.html", shop=shop, goods=goods, volumes=whole)


@bp.get("/jualan/lapak/kartu-harga.pdf")
@allow(shop_policies.owns, get_own_shop)
def price_cards(shop: Shop) -> ResponseReturnValue:
    """Give a price card for everything on sale."""
    return _paper(shop, posters.draw_cards, "kartu-harga.pdf")


@bp.get("/jualan/lapak/papan-nama.pdf")
@allow(shop_policies.owns, get_own_shop)
def sign(shop: Shop) -> ResponseReturnValue:
    """Give the sign that hangs over the stall."""
    return _paper(shop, posters.draw_sign, "papan-nama.pdf")


@bp.get("/jualan/lapak/poster.pdf")
@allow(shop_policies.owns, get_own_shop)
def poster(shop: Shop) -> ResponseReturnValue:
    """Give the poster of the shop."""
    return _paper(shop, posters.draw_poster, "poster-lapak.pdf")


@fill("shop.office")
def offer_booklet(shop: Shop) -> str:
    """Lead an officer from a shop to its booklet."""
    whole = booklets.volumes(booklets.of_shop(shop, "").items)
    return render_template("goods/prints/_booklet.html", shop=shop, volumes=whole)


@fill("curation.live")
def offer_booklets() -> str:
    """Lead a curator from what is on sale to the booklets."""
    return render_template("goods/prints/_booklets_way.html")


@bp.post("/jualan/lapak/buku-katalog")
@allow(shop_policies.owns, get_own_shop)
def own_booklet(shop: Shop) -> ResponseReturnValue:
    """Have the booklet of her shop drawn."""
    return _order_booklet(booklets.of_shop(shop, origin()), {"shop": shop.id}, "prints.shop_papers")


@bp.post("/dampingan/penjual/<id:shop_id>/buku-katalog")
@allow(shop_policies.may_foster, get_shop)
def shop_booklet(shop: Shop) -> ResponseReturnValue:
    """Have the booklet of a shop drawn for its office."""
    return _order_booklet(booklets.of_shop(shop, origin()), {"shop": shop.id}, "fostering.show", shop_id=shop.id)


@bp.route("/dinsos/buku-katalog", methods=["GET", "POST"])
@allow(is_curator)
def kecamatan_booklets() -> ResponseReturnValue:
    """Choose the kecamatan whose booklet is drawn."""
    offered = booklets.list_kecamatan(areas_of(current_actor()))
    code = request.form.get("kecamatan", "")
    if request.method != "POST":
        rows = [(each, booklets.volumes(each[2])) for each in offered]
        return render_template("goods/prints/booklets.html", rows=rows)
    if code not in {each[0] for each in offered}:
        flash(_("Pilih kecamatan yang punya produk tampil."), "warning")
        return redirect(url_for("prints.kecamatan_booklets"), 303)
    return _order_booklet(booklets.of_kecamatan(code, origin()), {"kecamatan": code}, "prints.kecamatan_booklets")


def _order_booklet(cover: Cover, whose: dict[str, Any], back: str, **way: Any) -> ResponseReturnValue:
    volume, whole = digits.whole(request.form.get("jilid", "1")) or 1, booklets.volumes(cover.items)
    if volume > whole:
        flash(_("Belum ada produk yang tampil, jadi bukunya masih kosong."), "warning")
        return redirect(url_for(back, **way), 303)
    title = _("Buku katalog %(name)s", name=cover.name[:80])
    if whole > 1:
        title = _("Buku katalog %(name)s, jilid %(n)s", name=cover.name[:80], n=volume)
    with transaction():
        facts = whose | {"volume": volume, "origin": origin()}
        wanted = files.ask(BOOKLET, title, facts, by=current_actor())
    return redirect(url_for("files.show", file_id=wanted.id), 303)


@builder(BOOKLET)
def build_booklet(facts: dict[str, Any]) -> Made:
    """Draw a booklet of what is on sale when its turn comes."""
    if "shop" in facts:
        cover = booklets.of_shop(get_shop(facts["shop"]), facts["origin"])
    else:
        cover = booklets.of_kecamatan(facts["kecamatan"], facts["origin"])
    return Made(booklets.draw(cover, facts["volume"], facts["origin"]), "buku-katalog.pdf", "application/pdf")


def _paper(shop: Shop, draw: Callable[[Shop, str], bytes], name: str) -> Response | ResponseReturnValue:
    try:
        return papers.pdf_response(draw(shop, origin()), name)
    except Unavailable:
        flash(_("PDF belum bisa dibuat di sini. Coba lagi nanti atau minta tolong petugas."), "warning")
        return redirect(url_for("prints.shop_papers"), 303)
