"""A photo that comes with a form: stored at once, so that it need not be sent again when something else is wrong."""

from __future__ import annotations

from typing import Any

from app.core.db import transaction
from app.core.errors import TooMany
from app.core.pictures import PictureRefused, read_upload
from app.core.policy import current_actor
from app.core.storage import StorageFull
from app.goods.photos import operations as photos
from app.goods.photos import queries as pictures
from app.goods.photos.models import Photo
from app.goods.shops.models import Shop


def take_photo(form: Any, shop: Shop) -> Photo | None:
    """Store the photo that came with a form, else find the one that came before; say beside the field what is wrong."""
    sent = form.sent_photo()
    if sent is None:
        return pictures.find_by_ticket(form.kept_photo.data or "", shop.id)
    try:
        with transaction():
            photos.count_try(current_actor())
        master = read_upload(sent.stream)  # slow, so before the transaction
        with transaction():
            return photos.keep(master, shop.id)
    except (PictureRefused, StorageFull, TooMany) as refusal:
        form.photo_refusal = str(refusal)
        return pictures.find_by_ticket(form.kept_photo.data or "", shop.id)
    finally:
        sent.close()
