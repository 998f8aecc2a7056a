"""Scans: photos and PDFs of papers, drawn anew like every picture, kept private, shown to whoever may.

A form takes one with a `PictureField`; there is no other way in.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from flask import Response
from flask_wtf.file import FileField
from PIL import Image

from app.core import leaves, limits, pictures
from app.core.db import transaction
from app.core.errors import TooMany
from app.core.pictures import Master, PictureRefused
from app.core.policy import current_actor
from app.core.storage import new_name, private_store

LIMIT = "photo"
Whose = Callable[[], tuple[str, object]]


class PictureField(FileField):  # type: ignore[misc]
    """A photo that comes with a form; with `paper`, also a PDF. `master` is the picture once the form holds.

    It is read when everything else holds, outside any transaction: reading costs most, and most when nothing comes
    of it, so each try is counted: for whoever is signed in, or for `whose` where nobody is. What is wrong with it
    stands beside the field.
    """

    data: Any
    errors: Any

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        *,
        paper: bool = False,
        whose: Whose | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.paper, self.whose, self._was_read = paper, whose, False
        self.master: Master | None = None

    def read(self) -> bool:
        """Read what was sent, once; tell whether the field holds."""
        if self.data is not None and not self._was_read:
            self._was_read = True
            try:
                with transaction():
                    limits.spend(*(self.whose() if self.whose else (LIMIT, current_actor().id)))
                self.master = (leaves.read_paper if self.paper else pictures.read_upload)(self.data.stream)
            except (PictureRefused, TooMany) as refusal:
                self.errors = [*self.errors, str(refusal)]
            finally:
                self.data.close()
        return not self.errors

    def keep(self) -> str | None:
        """Store the picture that came and return its name, None when none came.

        Raises:
            StorageFull: the disk took no more.
        """
        return keep(self.master) if self.master else None


def keep(master: Master) -> str:
    """Store a picture among the private files and return its name; it was read outside the transaction.

    Raises:
        StorageFull: the disk took no more.
    """
    name = new_name(master.extension)
    private_store().put(name, master.data)
    return name


def turn(name: str) -> str:
    """Store a scan again, turned by a quarter to the right, and return its new name; the old file stays.

    Raises:
        NotFound: the file is gone.
        StorageFull: the disk took no more.
    """
    return keep(turned(private_store().read(name)))


def turned(data: bytes) -> Master:
    """Return a picture turned by a quarter to the right."""
    return pictures.drawn(Image.open(io.BytesIO(data), formats=("JPEG",)).transpose(Image.Transpose.ROTATE_270))


def answer(name: str) -> Response:
    """Answer with a scan that no other phone and no proxy may keep.

    Raises:
        NotFound: the file is gone.
    """
    response = Response(private_store().read(name), mimetype="image/jpeg")
    response.headers["Cache-Control"] = "no-store"
    return response
