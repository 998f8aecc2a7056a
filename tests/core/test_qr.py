"""QR codes in photos: found as people photograph them, and hostile pictures cost nothing."""

from __future__ import annotations

import io
import time

import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from app.core import pictures, qr

TEXT = "00020101021126620014ID.CO.DEMO.WWW01189360000000000000000211DEMO0000001"


def code(text: str = TEXT, scale: int = 8) -> Image.Image:
    drawn = io.BytesIO()
    segno.make(text, error="m", micro=False).save(drawn, kind="png", scale=scale, border=4)
    return Image.open(io.BytesIO(drawn.getvalue())).convert("RGB")


def on_paper(*codes: Image.Image, size: tuple[int, int] = (3000, 4000)) -> Image.Image:
    paper = Image.new("RGB", size, (214, 206, 190))
    for number, each in enumerate(codes):
        paper.paste(each, (300 + 1300 * number, 900))
    return paper


def read(picture: Image.Image) -> list[str]:
    sent = io.BytesIO()
    picture.save(sent, "JPEG", quality=80)
    return qr.read_codes(pictures.read_upload(io.BytesIO(sent.getvalue())))


def test_a_code_on_a_poster_is_read():
    assert read(on_paper(code(scale=24))) == [TEXT]


@pytest.mark.parametrize("degrees", [3, 90, 180, 271])
def test_however_the_phone_was_held(degrees):
    assert read(on_paper(code(scale=24)).rotate(degrees, expand=True, fillcolor="white")) == [TEXT]


def test_a_soft_photo_is_read():
    assert read(on_paper(code(scale=24)).filter(ImageFilter.GaussianBlur(4))) == [TEXT]


def test_several_codes_are_all_told_and_the_same_one_once():
    both = on_paper(code(scale=20), code("https://lapak.example", scale=20))

    assert set(read(both)) == {TEXT, "https://lapak.example"}
    assert read(on_paper(code(scale=20), code(scale=20))) == [TEXT]


@pytest.mark.parametrize("picture", [Image.new("RGB", (1280, 1280), "white"), Image.effect_noise((1280, 1280), 120)])
def test_a_picture_without_a_code_says_nothing_and_costs_little(picture):
    began = time.process_time()

    assert read(picture.convert("RGB")) == []
    assert time.process_time() - began < 5


@settings(max_examples=15)
@given(st.binary(min_size=1200, max_size=1200))
def test_noise_never_breaks_the_reader(noise):
    assert isinstance(read(Image.frombytes("L", (40, 30), noise).resize((640, 480)).convert("RGB")), list)
