"""What buyers find of a product: its variants as the approved wording says, and its card on the shelf."""

from __future__ import annotations

from app.core.clock import now
from app.core.db import db
from app.goods.permits import operations as permits
from app.goods.photos.models import Photo
from app.goods.products import queries
from app.goods.products.licences import seals_of
from app.goods.products.models import Product, Revision, RevisionChoice
from app.goods.shelf import operations as shelf
from app.goods.shelf.rules import Card


def sell_as_worded(product: Product, revision: Revision) -> None:
    """Give the variants what an approved wording says; what it leaves out is sold no more."""
    first, *others = queries.list_variants(product.id)
    said: dict[int, tuple[int, Revision | RevisionChoice]] = {first.id: (0, revision)}
    said |= {each.variant_id: (each.position, each) for each in revision.choices}
    for variant in (first, *others):
        place, words = said.get(variant.id, (variant.position, None))
        variant.active = words is not None and not variant.paused
        if words is not None:
            variant.position, variant.label = place, words.label
            variant.price, variant.unit, variant.net_weight_g = words.price, words.unit, words.net_weight_g


def shelve(product: Product) -> None:
    """Put the card of a product that is on sale where buyers find it."""
    if (card := _card(product)) is not None:
        shelf.put(card)


def _card(product: Product) -> Card | None:
    """Return the card of a product at the price of its cheapest choice; what is not sold any more is taken down."""
    if product.state != "live":
        return None
    revision = db.session.get_one(Revision, product.approved_revision_id)
    sold = [each for each in queries.list_variants(product.id) if each.active]
    if not sold:
        shelf.take_down(product.id)
        return None
    variant = min(sold, key=lambda each: (each.price.amount, each.position))
    counted = all(each.stock_mode == "counted" for each in sold)
    shop, photo = product.shop, revision.photo
    words = (revision.description, revision.ingredients, *(each.label for each in sold))
    return Card(
        product_id=product.id,
        variant_id=variant.id if counted and len(sold) == 1 else 0,
        slug=product.slug,
        name=revision.name,
        price=variant.price,
        unit=variant.unit,
        spread=any(each.price != variant.price for each in sold),
        together=counted and len(sold) > 1,
        photo=photo.stem if photo and photo.ready else "",
        badges=_badges(product, revision),
        category_id=revision.category_id,
        shop_id=shop.id,
        shop_slug=shop.slug,
        shop_name=shop.name,
        regency_code=shop.regency_code,
        kecamatan_code=shop.kecamatan_code,
        published_at=product.published_at or now(),
        at_bazaars=product.at_bazaars,
        words=" ".join(filter(None, words)),
    )


def refresh_cards(photo: Photo) -> None:
    """Show a photo on the cards of its products once its sizes are there."""
    for product in queries.list_live_with_photo(photo.id):
        shelve(product)


@permits.follows
def refresh_badges(shop_id: int) -> None:
    """Show on the cards of a shop which of its papers are verified, once one was judged."""
    cards = []
    for product in queries.list_live_of(shop_id):
        queries.lock(product)  # so that what its seller hides meanwhile stays hidden
        cards.append(_card(product))
    shelf.put_all(card for card in cards if card is not None)


def _badges(product: Product, revision: Revision) -> list[list[str]]:
    """Return the papers that stand on a card: kind, word, the last day (empty when there is none), number."""
    return [
        [each.kind, each.word, each.last_day.isoformat() if each.last_day else "", each.number]
        for each in seals_of(product, revision)
    ]
