"""What a seller sees of her goods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.core.clock import now, today
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.forms import posted
from app.core.i18n import _
from app.core.policy import allow, current_actor
from app.goods.categories.queries import list_categories
from app.goods.photos import queries as pictures
from app.goods.photos.models import Photo
from app.goods.products import drafting, filling, merging, operations, policies, queries, rules, wordings, words
from app.goods.products import listeners as listeners  # its jobs must be known wherever the pages are
from app.goods.products.door import bp as bp
from app.goods.products.forms import CountForm, EditForm, NewProductForm, WordingForm
from app.goods.products.merging import Difference
from app.goods.products.queries import Item
from app.goods.products.receiving import take_photo
from app.goods.products.rules import Wording
from app.goods.shops import policies as shop_policies
from app.goods.shops import rules as shop_rules
from app.goods.shops.models import Shop
from app.goods.shops.queries import get_own_shop
from app.goods.stock.operations import Promised
from app.goods.stock.queries import list_movements
from app.kit import digits
from app.people.places.queries import names_of, settings_of

MOVEMENTS_SHOWN = 5
BACK_FOR = timedelta(days=30)


@bp.get("/jualan/produk")
@allow(shop_policies.owns, get_own_shop)
def index(shop: Shop) -> str:
    """Show a seller her goods, newest first."""
    start = digits.whole(request.args.get("setelah", ""))
    items = queries.list_items(shop.id, start)
    more = items[queries.PAGE - 1].product.id if len(items) > queries.PAGE else None
    first = start is None
    return render_template(
        "goods/products/index.html",
        items=items[: queries.PAGE],
        more=more,
        first=first,
        shop=shop,
        open_now=shop_rules.is_open(
            shop.state, shop.closed_from, shop.closed_until, today(settings_of(shop.regency_code).zone)
        ),
        drafts=drafting.list_drafts(shop) if first else [],
        deleted=queries.list_deleted(shop.id, now() - BACK_FOR) if first else [],
    )


@bp.route("/jualan/produk/baru", methods=["GET", "POST"])
@allow(shop_policies.owns, get_own_shop)
def offer(shop: Shop) -> str | Response | tuple[str, int]:
    """Ask for a new product on one screen, and keep what was typed until it is stored."""
    form = NewProductForm()
    form.offer_categories(list_categories())
    if not form.is_submitted():
        return _begin(form, shop)
    photo = take_photo(form, shop)
    if posted("langkah") == "draf":
        return _save_draft(form, shop, photo)
    if form.holds(photo) and (wording := _read(form, shop, photo)):
        try:
            with transaction():
                product = operations.offer(shop, wording, form.quantity.data, key=form.own_key(), by=current_actor())
                drafting.sent(shop, form.own_key())
        except operations.AlreadyOffered as refusal:
            form.renew_key()
            return _new_page(form, shop, photo, refusal)
        flash(f"produk-baru-{current_actor().id}", "draft-done")
        flash(_("Tersimpan. Produk tampil setelah diperiksa, biasanya 1 hari."), "success")
        return redirect(url_for("products.show", product_id=product.id), 303)
    return _new_page(form, shop, photo)


def _begin(form: NewProductForm, shop: Shop) -> str | Response | tuple[str, int]:
    """Show an empty form, or go on with a draft."""
    draft = drafting.find_draft(shop, digits.whole(request.args.get("draf", "")) or 0)
    if draft is None:
        form.unit.data = queries.last_unit(shop.id)
        form.renew_key()
        return _new_page(form, shop, None)
    form.bring_back(draft.typed)
    form.key.data, form.draft_version.data = draft.key.partition("-")[2], str(draft.version)
    return _new_page(form, shop, draft.photo)


def _save_draft(form: NewProductForm, shop: Shop, photo: Photo | None) -> str | Response | tuple[str, int]:
    """Keep what was typed, complete or not, for another day."""
    typed = form.as_typed()
    if photo is None and not any(typed.get(name) for name in ("nama", "harga", "jumlah")):
        form.form_errors = [_("Belum ada yang diisi.")]
        return _new_page(form, shop, None)
    key = form.own_key()
    try:
        with transaction():
            kept = drafting.save(shop, key, typed, photo, version=form.seen_draft())
    except drafting.TooManyDrafts as refusal:
        return _new_page(form, shop, photo, refusal)
    flash(f"produk-baru-{current_actor().id}", "draft-done")
    if kept.key == rules.own_key(shop.id, key):
        flash(_("Draf tersimpan. Lanjutkan kapan saja."), "success")
    else:
        flash(_("Draf yang lama sudah diubah di halaman lain. Isian ini disimpan sebagai draf sendiri."), "warning")
    return redirect(url_for("products.index"), 303)


@bp.get("/jualan/produk/<id:product_id>")
@allow(policies.owns, queries.get_item)
def show(item: Item) -> str:
    """Show one product as its seller needs it: how it stands, what to mend, what moved."""
    movements = list_movements(item.variant.id, MOVEMENTS_SHOWN)
    gaps = filling.list_gaps(item)
    return render_template("goods/products/show.html", item=item, movements=movements, gaps=gaps, words=words)


@bp.route("/jualan/produk/<id:product_id>/ubah", methods=["GET", "POST"])
@allow(policies.owns, queries.get_item)
def edit(item: Item) -> str | Response | tuple[str, int]:
    """Change a product; buyers see the change when a curator has said yes."""
    shop, form = item.product.shop, EditForm()
    form.offer_categories(list_categories())
    if not form.is_submitted():
        _fill(form, item)
        return _edit_page(form, item, item.newest.photo)
    photo = take_photo(form, shop) or item.newest.photo
    if form.holds(photo) and (wording := _read(form, shop, photo, wordings.read(item.newest))):
        try:
            with transaction():
                revision = operations.revise(item.product, wording, version=form.seen_version(), by=current_actor())
        except operations.StaleWording as refusal:
            newer = queries.get_item(item.product.id)
            photo, differences = merging.merge(form, photo, newer.product, newer.newest)
            form.version.data = str(newer.product.version)
            return _edit_page(form, newer, photo, refusal, differences)
        flash(f"produk-{item.product.id}-{current_actor().id}", "draft-done")
        if revision is None:
            flash(_("Tidak ada yang berubah."), "info")
        else:
            flash(_("Tersimpan. Perubahan tampil setelah diperiksa, biasanya 1 hari."), "success")
        return redirect(url_for("products.show", product_id=item.product.id), 303)
    return _edit_page(form, item, photo)


@bp.post("/jualan/produk/<id:product_id>/stok")
@allow(policies.owns, queries.get_item)
def count(item: Item) -> Response | tuple[str, int]:
    """Set how many are there, or ask when another phone has set it meanwhile."""
    form = CountForm()
    back = _back(item)
    held = item.offers(digits.whole(form.choice.data or "") or item.variant.id)
    if not form.validate():
        errors = [error for found in form.errors.values() for error in found]
        flash(_("Stok belum tersimpan. %(why)s", why=errors[0] if errors else ""), "error")
        return redirect(back, 303)
    try:
        with transaction():
            operations.set_count(held.variant, form.quantity.data, seen=form.seen.data, by=current_actor())
    except operations.StockMoved as moved:
        page = render_template(
            "goods/products/stock_moved.html",
            item=item,
            choice=held.variant,
            held=moved.subject,
            wanted=form.quantity.data,
            back=back,
        )
        return page, moved.status
    except (Promised, operations.NotCounted) as refusal:
        flash(str(refusal), "error")
        return redirect(back, 303)
    flash(_("Stok tersimpan: %(count)s %(unit)s.", count=form.quantity.data, unit=held.variant.unit), "success")
    return redirect(back, 303)


@bp.post("/jualan/produk/<id:product_id>/sembunyikan")
@allow(policies.owns, queries.get_item)
def pause(item: Item) -> Response:
    """Hide a product from buyers in one tap."""
    with transaction():
        operations.pause(item.product, by=current_actor())
    undo = url_for("products.unpause", product_id=item.product.id)
    flash({"text": _("Disembunyikan dari pembeli."), "url": undo}, "undo")  # type: ignore[arg-type]
    return redirect(_back(item), 303)


@bp.post("/jualan/produk/<id:product_id>/tampilkan")
@allow(policies.owns, queries.get_item)
def unpause(item: Item) -> Response:
    """Let buyers see a hidden product again."""
    with transaction():
        operations.show(item.product, by=current_actor())
    flash(_("Tampil lagi untuk pembeli."), "success")
    return redirect(_back(item), 303)


@bp.post("/jualan/produk/<id:product_id>/hapus")
@allow(policies.owns, queries.get_item)
def delete(item: Item) -> Response:
    """Remove a product, and offer the way back."""
    with transaction():
        was_live = operations.delete(item.product, by=current_actor())
    endpoint = "products.restore" if was_live else "products.restore_hidden"
    undo = url_for(endpoint, product_id=item.product.id)
    flash({"text": _("%(name)s dihapus.", name=item.shown.name), "url": undo}, "undo")  # type: ignore[arg-type]
    return redirect(url_for("products.index"), 303)


@bp.post("/jualan/produk/<id:product_id>/kembalikan")
@allow(policies.owns, queries.get_item)
def restore(item: Item) -> Response:
    """Take a deletion back: buyers see it as before."""
    return _restore(item, live=True)


@bp.post("/jualan/produk/<id:product_id>/kembalikan-tersembunyi")
@allow(policies.owns, queries.get_item)
def restore_hidden(item: Item) -> Response:
    """Take the deletion of a hidden product back: it stays hidden."""
    return _restore(item, live=False)


def _restore(item: Item, *, live: bool) -> Response:
    with transaction():
        operations.restore(item.product, live=live, by=current_actor())
    flash(_("Produk dikembalikan."), "success")
    return redirect(url_for("products.show", product_id=item.product.id), 303)


def _back(item: Item) -> str:
    """Return where the form stood: the list, or the product's own page."""
    if posted("dari") == "daftar":
        return url_for("products.index", _anchor=f"produk-{item.product.id}")
    if posted("dari") == "pilihan":
        return url_for("products.choices", product_id=item.product.id)
    return url_for("products.show", product_id=item.product.id)


def _read(form: WordingForm, shop: Shop, photo: Photo | None, kept: Wording | None = None) -> Wording | None:
    """Return what was typed as a wording, beside what it does not ask; None when its category must be asked."""
    category_id = int(form.category.data) if form.category.data else None
    if category_id is None:
        guessed = queries.guess_category(form.title.data, shop)
        if guessed is None:
            form.note("category", _("Pilih jenisnya, ya."))
            return None
        category_id = guessed.id
    typed: dict[str, Any] = {
        "name": form.title.data,
        "price": form.price.data,
        "unit": form.unit.data,
        "category_id": category_id,
        "photo_id": photo.id if photo else None,
    }
    if isinstance(form, EditForm):
        typed |= {"description": form.description.data or "", "net_weight_g": form.weight.data}
    return replace(kept, **typed) if kept else Wording(**typed)


def _fill(form: EditForm, item: Item) -> None:
    """Put the newest wording into the form."""
    newest = item.newest
    form.title.data, form.price.data, form.unit.data = newest.name, newest.price, newest.unit
    form.category.data, form.description.data = str(newest.category_id), newest.description
    form.weight.data, form.version.data = newest.net_weight_g, str(item.product.version)


def _new_page(
    form: NewProductForm, shop: Shop, photo: Photo | None, refusal: DomainError | None = None
) -> str | tuple[str, int]:
    form.kept_photo.data = pictures.ticket(photo) if photo else ""
    page = render_template(
        "goods/products/new.html",
        form=form,
        picture=pictures.picture(photo),
        place=names_of({shop.kecamatan_code}).get(shop.kecamatan_code, ""),
        refusal=refusal,
        units=rules.UNITS,
        draft=f"produk-baru-{current_actor().id}",
    )
    return page if not form.is_submitted() else (page, refusal.status if refusal else 422)


def _edit_page(
    form: EditForm,
    item: Item,
    photo: Photo | None,
    refusal: DomainError | None = None,
    differences: Sequence[Difference] = (),
) -> str | tuple[str, int]:
    form.kept_photo.data = pictures.ticket(photo) if photo else ""
    page = render_template(
        "goods/products/edit.html",
        form=form,
        item=item,
        picture=pictures.picture(photo),
        refusal=refusal,
        differences=differences,
        units=rules.UNITS,
        draft=f"produk-{item.product.id}-{current_actor().id}",
    )
    return page if not form.is_submitted() else (page, refusal.status if refusal else 422)
