"""Walk 3: a seller comes in with her card, and a photo of salted eggs becomes a product."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect
from sqlalchemy import func, select

from app.core import jobs
from app.core.db import db
from app.goods.photos.models import Photo
from app.goods.products.models import Product, Variant
from tests.factories import phone_photos
from tests.factories.goods import make_product, make_shop, make_waiting_product
from tests.factories.people import PIN, make_account, make_card
from tests.journeys import steps

pytestmark = pytest.mark.journey

NO_PHOTO: FilePayload = {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": b"this is a letter, not a photo"}


@pytest.fixture
def nur(app):
    return make_shop(make_account(name="Nurhayati"), name="Telur Asin Bu Nur")


def photo(kind: str = "JPEG") -> FilePayload:
    """A photo as the phone hands it to the form."""
    data = phone_photos.phone_jpeg() if kind == "JPEG" else phone_photos.phone_photo(kind)
    ending = {"JPEG": "jpg", "HEIF": "heic"}.get(kind, kind.lower())
    return {"name": f"IMG_2044.{ending}", "mimeType": f"image/{ending.replace('jpg', 'jpeg')}", "buffer": data}


def describe(page: Page, name: str = "Telur asin isi 5", price: str = "25rb") -> None:
    """Everything about a product but its photo."""
    page.get_by_label("Nama produk", exact=True).fill(name)
    page.get_by_label("Harga", exact=True).fill(price)
    page.get_by_label("Satuan", exact=True).fill("pak")
    page.get_by_label("Jumlah", exact=True).fill("12")


def as_typed(page: Page, name: str = "Telur asin isi 5", price: str = "25rb") -> None:
    """See that nothing of it was lost."""
    expect(page.get_by_label("Nama produk", exact=True)).to_have_value(name)
    expect(page.get_by_label("Harga", exact=True)).to_have_value(price)
    expect(page.get_by_label("Satuan", exact=True)).to_have_value("pak")
    expect(page.get_by_label("Jumlah", exact=True)).to_have_value("12")


def count_products() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Product)) or 0


def served(page: Page, ending: str) -> Image.Image:
    """Fetch a size of the newest photo as a browser would."""
    db.session.rollback()
    stem = db.session.scalars(select(Photo.stem).order_by(Photo.id.desc()).limit(1)).one()
    answer = page.request.get(f"/media/{stem}-{ending}")
    assert answer.status == 200
    return Image.open(io.BytesIO(answer.body()))


def assert_upright_and_bare(image: Image.Image, kind: str, width: int) -> None:
    """The red half is above, and nothing tells where, when or with what it was taken."""
    assert (image.format, image.width) == (kind, width)
    assert not image.getexif()
    assert not {"exif", "xmp", "comment", "photoshop"} & set(image.info)
    small = image.convert("RGB").resize((8, 8))
    above, below = small.getpixel((0, 1)), small.getpixel((0, 6))
    assert isinstance(above, tuple) and isinstance(below, tuple)
    assert above[0] > 2 * above[2] and below[2] > 2 * below[0]


@pytest.mark.main_job
def test_the_card_once_then_the_pin(phone, nur, eyes):
    owner = make_account(name="Rohimah", phone="+6281290005678", pin=None)
    shop = make_shop(owner, name="Rengginang Bu Imah")
    make_product(shop)
    make_waiting_product(shop)
    eyes.watch(phone)
    phone.goto("/")
    phone.get_by_role("link", name="Masuk", exact=True).first.click()
    phone.get_by_label("Nomor HP", exact=True).fill("0812-9000-5678")
    phone.get_by_label("Kode kartu", exact=True).fill(make_card(owner).lower())
    steps.press(phone, "Masuk")
    steps.heading(phone, "Halo, Rohimah")
    steps.choose_pin(phone, "123456", whose="HP bersama")
    expect(phone.get_by_role("alert")).to_contain_text("PIN ini mudah ditebak.")
    expect(phone.get_by_label("HP bersama")).to_be_checked()
    eyes.look(phone, "3-pin-lemah")
    steps.choose_pin(phone, whose="HP bersama")

    expect(phone).to_have_url(re.compile("/jualan$"))
    ways = phone.get_by_role("navigation", name="Pilihan").get_by_role("link")
    expect(ways).to_have_count(5)
    expect(ways.filter(has_text="Produk saya")).to_contain_text("2 produk")
    expect(ways.filter(has_text="Pesanan baru")).to_contain_text("0 sedang disiapkan")
    eyes.look(phone, "3-jualan")

    steps.press(phone, "Keluar")
    expect(phone.get_by_role("status").first).to_contain_text("Sudah keluar.")
    phone.goto("/jualan")
    expect(phone).to_have_url(re.compile("/masuk"))
    expect(phone.get_by_label("Kode kartu", exact=True)).to_have_count(0)
    eyes.look(phone, "3-masuk-pin")
    phone.get_by_label("Nomor HP", exact=True).fill("081290005678")
    phone.get_by_label("PIN", exact=True).fill(PIN)
    steps.press(phone, "Masuk")
    expect(phone).to_have_url(re.compile("/jualan$"))


@pytest.mark.main_job
def test_a_camera_photo_becomes_a_product_and_tells_nothing(phone, nur, eyes):
    eyes.watch(phone)
    steps.let_in(phone, nur.owner)
    steps.follow(phone, "Jual produk baru", exact=False)
    eyes.look(phone, "3-jual-kosong")
    phone.get_by_label("Foto", exact=True).set_input_files(photo())
    expect(phone.locator("#foto-say")).to_contain_text("Foto dikecilkan dari")
    describe(phone)
    eyes.look(phone, "3-jual-terisi")
    steps.press(phone, "Jual sekarang")

    expect(phone.locator("main")).to_contain_text("Menunggu diperiksa")
    expect(phone.locator("main")).to_contain_text("Rp25.000")
    jobs.run_due()
    phone.reload()
    eyes.look(phone, "3-menunggu")
    for side in (320, 640):
        assert_upright_and_bare(served(phone, f"{side}.webp"), "WEBP", side)
    assert_upright_and_bare(served(phone, "1280.webp"), "WEBP", 960)
    assert_upright_and_bare(served(phone, "960.jpg"), "JPEG", 720)

    phone.goto("/jualan/produk")
    expect(phone.get_by_role("article")).to_contain_text("Telur asin isi 5")
    eyes.look(phone, "3-produk-saya")


SLOW_PHONE = """const draw = window.createImageBitmap;
window.createImageBitmap = async (...given) => {
  await new Promise((done) => { window.goOn = done; });
  return draw(...given);
};"""


def test_who_sends_before_the_photo_is_small_waits_for_it_instead_of_sending_all_of_it(phone, nur, eyes):
    phone.add_init_script(SLOW_PHONE)
    eyes.watch(phone)
    steps.let_in(phone, nur.owner, "/jualan/produk/baru")
    describe(phone)
    whole = photo()
    phone.get_by_label("Foto", exact=True).set_input_files(whole)
    expect(phone.locator("#foto-say")).to_have_text("Foto sedang dikecilkan…")

    with phone.expect_event("requestfinished", lambda request: request.method == "POST") as sent:
        steps.press(phone, "Jual sekarang")
        phone.evaluate("goOn()")

    assert int(sent.value.all_headers()["content-length"]) < len(whole["buffer"]) / 3
    expect(phone.locator("main")).to_contain_text("Menunggu diperiksa")
    assert count_products() == 1


@pytest.mark.parametrize("kinds", [("JPEG",), ("PNG", "WEBP", "HEIF")], ids=" ".join)
def test_every_kind_of_photo_works_without_script(plain_phone, nur, eyes, kinds):
    eyes.watch(plain_phone)
    steps.let_in(plain_phone, nur.owner)
    for made, kind in enumerate(kinds, start=1):
        steps.follow(plain_phone, "Jual produk baru", exact=False)
        plain_phone.get_by_label("Foto", exact=True).set_input_files(photo(kind))
        describe(plain_phone, name=f"Telur asin nomor {made}", price="Rp 25.000,-")
        steps.press(plain_phone, "Jual sekarang")
        steps.heading(plain_phone, f"Telur asin nomor {made}")
        expect(plain_phone.locator("main")).to_contain_text("Rp25.000")
        plain_phone.goto("/jualan/produk")
    assert count_products() == len(kinds)
    eyes.look(plain_phone, f"3-produk-tanpa-skrip-{len(kinds)}")

    jobs.run_due()
    db.session.rollback()
    for each in db.session.scalars(select(Photo)):
        assert each.ready
    assert_upright_and_bare(served(plain_phone, "640.webp"), "WEBP", 640)


def test_a_failed_photo_keeps_what_was_typed(phone, nur, eyes):
    eyes.watch(phone)
    steps.let_in(phone, nur.owner, "/jualan/produk/baru")
    phone.get_by_label("Foto", exact=True).set_input_files(NO_PHOTO)
    describe(phone)
    steps.press(phone, "Jual sekarang")
    expect(phone.get_by_role("alert")).to_contain_text("Ini bukan foto yang bisa dipakai.")
    as_typed(phone)
    eyes.look(phone, "3-foto-gagal")

    phone.get_by_label("Ambil dari galeri").set_input_files(photo("WEBP"))
    phone.get_by_label("Harga", exact=True).fill("dua ribu kurang")
    steps.press(phone, "Jual sekarang")
    expect(phone.get_by_role("alert")).to_contain_text("Harga:")
    expect(phone.locator("main")).to_contain_text("Foto ini sudah tersimpan.")
    eyes.look(phone, "3-harga-salah")
    phone.get_by_label("Harga", exact=True).fill("1,5 juta")
    steps.press(phone, "Jual sekarang")
    expect(phone.locator("main")).to_contain_text("Rp1.500.000")
    assert count_products() == 1


def test_neither_a_lost_signal_nor_the_back_button_costs_a_word(phone, nur, eyes):
    eyes.watch(phone)
    steps.let_in(phone, nur.owner, "/jualan/produk/baru")
    phone.get_by_label("Foto", exact=True).set_input_files(photo("WEBP"))
    describe(phone)
    phone.context.set_offline(True)
    steps.press(phone, "Jual sekarang")
    expect(phone.get_by_text("Tidak ada sinyal.")).to_be_visible()
    as_typed(phone)
    phone.context.set_offline(False)
    expect(phone.get_by_text("Tidak ada sinyal.")).to_be_hidden()

    phone.get_by_role("link", name="Produk saya", exact=True).first.click()
    steps.heading(phone, "Produk saya")
    phone.go_back()
    steps.heading(phone, "Jual produk baru")
    as_typed(phone)

    phone.goto("/jualan/produk/baru")  # as after a flat battery
    as_typed(phone)
    expect(phone.get_by_text("Isian yang tadi sudah dikembalikan.")).to_be_visible()
    eyes.look(phone, "3-isian-kembali")
    phone.get_by_label("Foto", exact=True).set_input_files(photo("WEBP"))
    expect(phone.locator("#foto-say")).to_contain_text("Foto dikecilkan dari")
    phone.get_by_role("button", name="Jual sekarang").dblclick()
    expect(phone).to_have_url(re.compile(r"/jualan/produk/\d+$"))
    assert count_products() == 1
    phone.goto("/jualan/produk/baru")
    expect(phone.get_by_label("Nama produk", exact=True)).to_have_value("")


def test_the_last_letter_before_she_leaves_is_kept_too(phone, nur):
    steps.let_in(phone, nur.owner, "/jualan/produk/baru")
    phone.get_by_label("Harga", exact=True).fill("19rb")
    phone.get_by_label("Nama produk", exact=True).press_sequentially("Telor asin bakar")
    phone.goto("/jualan/produk")

    phone.goto("/jualan/produk/baru")
    expect(phone.get_by_label("Nama produk", exact=True)).to_have_value("Telor asin bakar")
    expect(phone.get_by_label("Harga", exact=True)).to_have_value("19rb")


@pytest.mark.main_job
def test_the_same_form_sent_twice_makes_one_product(plain_phone, nur, eyes):
    eyes.watch(plain_phone)
    steps.let_in(plain_phone, nur.owner, "/jualan/produk/baru")
    plain_phone.get_by_label("Foto", exact=True).set_input_files(photo("WEBP"))
    describe(plain_phone)
    key = plain_phone.locator("#kunci").input_value()
    steps.press(plain_phone, "Jual sekarang")
    expect(plain_phone.locator("main")).to_contain_text("Menunggu diperiksa")
    first = plain_phone.url
    plain_phone.goto("/jualan/produk/baru")
    plain_phone.locator("#kunci").evaluate("(field, key) => { field.value = key; }", key)
    plain_phone.get_by_label("Foto", exact=True).set_input_files(photo("WEBP"))
    describe(plain_phone)
    steps.press(plain_phone, "Jual sekarang")

    expect(plain_phone).to_have_url(first)
    assert count_products() == 1
    db.session.rollback()
    assert db.session.scalars(select(Variant.price)).one().amount == 25_000
