"""What phones, browsers and ill-meaning people send as a photo, through the doors that take it: goods and papers."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from sqlalchemy import func, select

from app.core import jobs
from app.core.db import db
from app.core.storage import private_store, public_store, sibling
from app.goods.permits.models import Permit
from app.goods.photos.models import Photo
from app.goods.photos.rules import ENDINGS
from app.goods.products.models import Product
from app.people.accounts.models import Account
from tests.factories import odd_photos
from tests.factories.ekatalog import NUMBERS
from tests.factories.goods import make_shop
from tests.factories.odd_photos import CANARY, CORNERS, YELLOW, odd_but_right, refused, see_through
from tests.factories.people import sign_in
from tests.factories.phone_photos import MAKE, ORIENTATION, TURNED_RIGHT

NEW, PAPER = "/jualan/produk/baru", "/jualan/surat/isi"
TOLD = (CANARY.encode(), b"Exif", b"<script", b"PK\x03\x04", b"PK\x05\x06", b"ICC_PROFILE")
WHITE = (255, 255, 255)


@pytest.fixture
def seller(client, app):
    """Somebody with a stall, signed in."""
    account = db.session.get_one(Account, make_shop().owner_id)
    sign_in(client, account)
    return account


def sell(client, data: bytes, name: str = "foto.jpg"):
    """Send the form of a new product with this photo."""
    said = {"kunci": "k" * 22, "nama": "Telur asin", "harga": "19rb", "satuan": "pak", "jumlah": "12", "jenis": ""}
    return client.post(NEW, data=said | {"foto": (io.BytesIO(data), name)}, content_type="multipart/form-data")


def hand_in(client, data: bytes, name: str = "surat.jpg"):
    """Send the form of a paper with this scan."""
    said = {"surat": "pirt", "nomor": NUMBERS["pirt"], "kbli-tahun": "2020"}
    return client.post(PAPER, data=said | {"foto": (io.BytesIO(data), name)}, content_type="multipart/form-data")


def every_size() -> list[bytes]:
    """All files of the only photo, the master first, once the worker has made them."""
    jobs.run_due()
    db.session.rollback()
    photo = db.session.scalars(select(Photo)).one()
    assert photo.ready
    name, store = f"{photo.stem}.jpg", public_store()
    return [store.read(name), *(store.read(sibling(name, ending)) for ending in ENDINGS)]


def assert_corners(data: bytes, wanted=CORNERS, slack: int = 40) -> None:
    """See the colours, the right way up, and nothing that the sent file said."""
    assert not [mark for mark in TOLD if mark in data]
    assert not Image.open(io.BytesIO(data)).getexif()
    for found, colour in zip(odd_photos.quarters(data), wanted, strict=True):
        assert max(abs(a - b) for a, b in zip(found, colour, strict=True)) <= slack, (found, colour)


@pytest.mark.parametrize("name", odd_but_right())
def test_an_odd_photo_of_goods_comes_out_right_in_every_size(client, seller, name):
    assert sell(client, odd_but_right()[name], "liburan.svg").status_code == 303

    for data in every_size():
        assert_corners(data)


def test_a_photo_of_48_megapixels_held_sideways_comes_out_upright_in_every_size(client, seller):
    lying = odd_photos.corners((8064, 6048)).transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKE] = TURNED_RIGHT, CANARY
    data = odd_photos.encoded(lying, "JPEG", quality=90, optimize=True, exif=exif)

    assert sell(client, data, "IMG_2041.jpg").status_code == 303

    for made in every_size():
        assert_corners(made)


@pytest.mark.parametrize("name", odd_but_right())
def test_an_odd_photo_of_a_paper_comes_out_right(client, seller, name):
    assert hand_in(client, odd_but_right()[name], "surat.pdf").status_code == 303

    assert_corners(private_store().read(db.session.scalars(select(Permit.scan)).one()))


def test_what_a_palette_leaves_clear_is_white_like_paper(client, seller):
    assert sell(client, see_through()).status_code == 303

    for data in every_size():
        assert_corners(data, (*CORNERS[:3], WHITE))
    assert YELLOW != WHITE


@pytest.mark.parametrize("name", refused())
def test_what_is_no_photo_gets_a_sentence_and_nothing_typed_is_lost(client, seller, name):
    data, sentence = refused()[name]

    answer = sell(client, data)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="Telur asin"' in answer.text
    assert 'value="19rb"' in answer.text
    assert [db.session.scalar(select(func.count()).select_from(table)) for table in (Photo, Product)] == [0, 0]


@pytest.mark.parametrize("name", refused())
def test_what_is_no_photo_of_a_paper_gets_a_sentence_and_the_number_stays(client, seller, name):
    data, sentence = refused()[name]

    answer = hand_in(client, data)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'value="{NUMBERS["pirt"]}"' in answer.text
    assert db.session.scalar(select(func.count()).select_from(Permit)) == 0


def test_a_photo_that_also_calls_itself_a_pdf_is_read_as_one_or_the_other_and_keeps_no_page(client, seller):
    both = odd_photos.encoded(odd_photos.corners(), "JPEG", comment=b"%PDF-1.7 <script>alert(1)</script>")

    assert sell(client, both).status_code == 303
    answer = hand_in(client, both)

    for data in every_size():
        assert_corners(data)
    assert (answer.status_code, "PDF ini tidak bisa dibaca" in answer.text) == (422, True)
