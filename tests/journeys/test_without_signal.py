"""She writes down what she sells without a signal: the phone keeps it, whatever happens, and brings it in once."""

from __future__ import annotations

import re
import signal
from contextlib import suppress

import pytest
from PIL import Image
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.core import books
from app.core.db import db
from app.core.storage import private_store
from app.trade.notebook.models import SalePhoto
from app.trade.sales.models import SaleRecord
from tests.factories.goods import make_product
from tests.factories.people import make_device
from tests.factories.trade import make_stall
from tests.journeys import steps

pytestmark = pytest.mark.journey

PAGE = "/jualan/catat"


@pytest.fixture
def umi(app):
    owner, shop = make_stall(name="Rengginang Bu Umi")
    make_product(shop, "Rengginang terasi", price=15_000, qty=20)
    make_device(owner, "the-phone-of-umi")
    return owner, shop


def enter(page: Page, url: str, phone: str, device: str) -> None:
    """Sign a seller in on a phone that knows her."""
    page.context.add_cookies([{"name": "hp", "value": device, "url": url}])
    steps.enter_with_pin(page, phone)
    expect(page).to_have_url(re.compile("/jualan$"))


def ready(page: Page) -> None:
    """Open the notebook, and wait until the phone can open it alone."""
    page.goto(PAGE)
    page.locator("[data-unsent=siap]").wait_for(state="attached")
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")


def write_down(page: Page, what: str, *, name: str = "", quantity: str = "1", money: str = "") -> None:
    page.get_by_label(what).check()
    if name:
        page.get_by_label("Nama barang").fill(name)
    page.get_by_label("Jumlah", exact=True).fill(quantity)
    page.get_by_label("Uang yang diterima").fill(money)
    page.get_by_role("button", name="Catat", exact=True).click()


def notes() -> list[tuple[str, int, int]]:
    db.session.rollback()
    query = select(SaleRecord).where(SaleRecord.source_type == "notebook").order_by(SaleRecord.id)
    return [(each.free_text, each.qty, each.amount.amount) for each in db.session.scalars(query)]


def waiting(page: Page, number: int) -> None:
    """So many notes wait on the phone."""
    expect(page.get_by_role("heading", name=f"Belum terkirim ({number})")).to_be_visible()


def test_the_server_is_gone_and_comes_back_and_each_note_arrives_once(umi, phone, live_server, eyes):
    enter(phone, live_server.url, umi[0].phone, "the-phone-of-umi")
    ready(phone)
    live_server.stop(signal.SIGKILL)

    phone.goto(PAGE)
    steps.heading(phone, "Catat jualan")
    expect(phone.get_by_text("Sedang tidak ada sinyal.")).to_be_visible()
    write_down(phone, "Rengginang terasi", quantity="2")
    waiting(phone, 1)
    write_down(phone, "Barang lain", name="Opak", quantity="seribu lebih", money="25rb")
    waiting(phone, 2)
    write_down(phone, "Barang lain")
    expect(phone.get_by_text("Isi dulu apa yang laku, jumlahnya, dan uangnya.")).to_be_visible()
    eyes.look(phone, "n-tanpa-sinyal")

    live_server.start()
    phone.goto(PAGE)
    expect(phone.get_by_role("article").filter(has_text="Batalkan catatan")).to_contain_text("2 × Rengginang terasi")
    waiting(phone, 1)
    assert notes() == [("", 2, 30_000)]
    expect(phone.get_by_text("Isi dengan angka bulat, misalnya 12")).to_be_visible()
    expect(phone.get_by_text(re.compile(r"Terakhir terkirim \d\d\.\d\d, "))).to_be_visible()
    eyes.look(phone, "n-belum-terkirim")

    phone.get_by_role("button", name="Perbaiki").click()
    expect(phone.get_by_label("Nama barang")).to_have_value("Opak")
    phone.get_by_label("Jumlah", exact=True).fill("5")
    steps.press(phone, "Catat")
    expect(phone.locator("main")).to_contain_text("Tercatat: Rp25.000.")
    waiting(phone, 0)
    assert notes() == [("", 2, 30_000), ("Opak", 5, 25_000)]
    assert [each for _name, found in books.verify() for each in found] == []


def test_on_a_phone_in_two_hands_each_sees_and_sends_her_own(umi, phone, live_server, eyes):
    other, _shop = make_stall(name="Dapur Bu Ida")
    make_device(other, "the-phone-of-ida")
    enter(phone, live_server.url, umi[0].phone, "the-phone-of-umi")
    ready(phone)
    phone.context.set_offline(True)
    phone.goto(PAGE)
    write_down(phone, "Barang lain", name="Opak", quantity="5", money="25000")
    waiting(phone, 1)
    # The signal is back, but what she wrote does not get through: she leaves with one note on the phone.
    phone.context.route("**" + PAGE + "/antrean", lambda route: route.abort())
    phone.context.set_offline(False)
    phone.goto("/jualan")
    phone.get_by_role("button", name="Keluar", exact=True).click()
    steps.heading(phone, "Keluar dari HP ini?")
    expect(phone.get_by_text("1 catatan jualan di HP ini belum terkirim.")).to_be_visible()
    eyes.look(phone, "n-keluar")
    steps.press(phone, "Keluar")
    expect(phone).to_have_url(re.compile("/masuk"))
    phone.context.unroute("**" + PAGE + "/antrean")

    phone.context.set_offline(True)
    phone.goto(PAGE)
    expect(phone.get_by_text("Masuk dulu saat ada sinyal.")).to_be_visible()
    expect(phone.get_by_text("Opak")).to_have_count(0)
    phone.context.set_offline(False)

    enter(phone, live_server.url, other.phone, "the-phone-of-ida")
    ready(phone)
    expect(phone.get_by_text("Opak")).to_have_count(0)
    assert notes() == []
    phone.get_by_role("button", name="Keluar", exact=True).click()
    expect(phone).to_have_url(re.compile("/masuk"))

    enter(phone, live_server.url, umi[0].phone, "the-phone-of-umi")
    phone.goto(PAGE)
    waiting(phone, 0)
    assert notes() == [("Opak", 5, 25_000)]


def load_again(phone):
    """Load the page anew; what was sent lets the page load itself anew, and the later of the two wins."""
    with suppress(PlaywrightError):
        phone.reload()
    phone.locator("[data-unsent=siap]").wait_for(state="attached")


def test_a_receipt_photographed_without_a_signal_waits_with_its_note_and_arrives_once(
    umi, phone, live_server, eyes, tmp_path
):
    receipt = tmp_path / "nota.jpg"
    Image.effect_noise((1200, 900), 40).convert("RGB").save(receipt, "JPEG", quality=90)
    enter(phone, live_server.url, umi[0].phone, "the-phone-of-umi")
    ready(phone)
    phone.context.set_offline(True)
    phone.goto(PAGE)
    phone.get_by_label("Foto nota").set_input_files(receipt)
    write_down(phone, "Barang lain", name="Opak", quantity="5", money="25rb")
    waiting(phone, 1)
    write_down(phone, "Rengginang terasi", quantity="2")
    waiting(phone, 2)
    assert notes() == []

    # The line breaks after the server has taken the photo: the phone does not know, and brings it again.
    asked: list[str] = []

    def let_go(route):
        if route.request.method != "POST":
            return route.continue_()
        asked.append("POST")
        if len(asked) > 1:
            return route.continue_()
        route.fetch()
        route.abort()
        return asked.append("lost")

    phone.context.route("**" + PAGE, let_go)
    phone.context.set_offline(False)
    phone.goto(PAGE)
    steps.arrives(phone, lambda: "lost" in asked)
    load_again(phone)
    waiting(phone, 0)
    load_again(phone)
    waiting(phone, 0)

    assert sorted(notes()) == [("", 2, 30_000), ("Opak", 5, 25_000)]
    photographed = db.session.scalars(select(SalePhoto)).one()
    assert db.session.get_one(SaleRecord, photographed.sale_id).grade == "C"
    assert private_store().has(photographed.file)
    expect(phone.get_by_role("link", name="Lihat foto nota")).to_have_count(1)
    eyes.look(phone, "n-foto-terkirim")
    assert [each for _name, found in books.verify() for each in found] == []


def test_the_browser_is_killed_without_a_signal_and_what_she_wrote_arrives_once(umi, profile, live_server):
    page = profile.open()
    enter(page, live_server.url, umi[0].phone, "the-phone-of-umi")
    ready(page)
    # She signed in yesterday: a browser writes its cookies down when it closes, else only every half minute.
    profile.context.close()
    page = profile.open()
    profile.context.set_offline(True)
    page.goto(PAGE)
    write_down(page, "Rengginang terasi", quantity="2")
    waiting(page, 1)
    write_down(page, "Barang lain", name="Opak", quantity="5", money="25rb")
    waiting(page, 2)
    profile.kill()
    assert notes() == []

    page = profile.open()
    profile.context.set_offline(True)
    page.goto(PAGE)
    waiting(page, 2)
    profile.kill()

    page = profile.open()
    page.goto(PAGE)
    waiting(page, 0)
    assert notes() == [("", 2, 30_000), ("Opak", 5, 25_000)]
    load_again(page)
    waiting(page, 0)
    assert len(notes()) == 2
    assert [each for _name, found in books.verify() for each in found] == []
