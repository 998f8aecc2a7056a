"""A page announces each photo as wide as its file really is, so that a phone fetches no more than it shows."""

from __future__ import annotations

import io
import re

from flask import Flask
from PIL import Image

from app.core import pictures
from app.goods.shelf.rules import picture
from tests.factories.goods import picture_bytes

ANNOUNCED = re.compile(r"(\S+?-(\d+\.webp)) (\d+)w")


def test_srcset_says_how_wide_the_files_are(app: Flask) -> None:
    made = pictures.renditions(pictures.read_upload(io.BytesIO(picture_bytes((1600, 1200)))).data)
    macro = app.jinja_env.get_template("components/photo.html").module.photo  # type: ignore[attr-defined]
    announced = ANNOUNCED.findall(str(macro(picture("ab/cd", "/media"), "Telur")))

    assert len(announced) == 2
    for _address, name, width in announced:
        assert Image.open(io.BytesIO(made[name].data)).width == int(width), name
