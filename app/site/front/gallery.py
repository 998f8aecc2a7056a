"""Samples for the gallery of components: made-up goods, orders and a form in each of its states."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from PIL import Image, ImageDraw
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, FileField, PasswordField, RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind
from wtforms.widgets import CheckboxInput

from app.core.clock import now
from app.core.forms import Form, PhoneField, PriceField, QuantityField, Required, TextBlock, TextLine
from app.goods.photos.rules import SMALL_SIDE, Picture
from app.kit.rupiah import Rupiah


@dataclass
class SampleCard:
    """A product as a shelf shows it."""

    id: int
    name: str
    price: Rupiah
    unit: str
    kecamatan: str
    drawing: str
    tint: str = ""
    badges: list[tuple[str, str]] = field(default_factory=list)
    sold_out: bool = False
    spread: bool = False
    slug: str = "contoh"
    shop_name: str = "Lapak contoh"
    small: str = ""


@dataclass
class SampleShop:
    """A stall as a list shows it."""

    name: str
    kecamatan: str
    product_count: int
    drawing: str
    tint: str = ""
    known: bool = True
    slug: str = "contoh"
    photo: Picture | None = None


@dataclass
class SampleWay:
    """A way in the header of whoever is signed in."""

    url: str
    label: str
    icon: str
    count: int = 0
    current: bool = False
    home: str = "#"


@dataclass
class SampleOrder:
    """An order as its seller's list shows it."""

    code: str
    title: str
    state_kind: str
    state_word: str
    where: str
    when: str
    total: Rupiah
    paid_word: str
    drawing: str
    tint: str = ""
    paid: bool = False
    cancelled: bool = False
    url: str = "#"
    photo: None = None


def _choices(*pairs: tuple[str, str]) -> list[Any]:
    return [SelectChoice(value=value, label=label) for value, label in pairs]


class SampleForm(Form):
    """One field of each kind."""

    name = TextLine("Nama produk", [Required()])
    price = PriceField("Harga", [Required()], render_kw={"inputmode": "numeric", "autocomplete": "off"})
    amount = QuantityField("Berapa yang ada?", render_kw={"inputmode": "numeric"})
    phone = PhoneField("Nomor WhatsApp", render_kw={"autocomplete": "tel", "inputmode": "tel"})
    pin = PasswordField("PIN", render_kw={"inputmode": "numeric", "autocomplete": "current-password"})
    sandi = PasswordField("Kata sandi Anda", render_kw={"autocomplete": "current-password"})
    story = TextBlock("Ceritanya")
    desa = SelectField("Desa", choices=_choices(("", "Pilih desa"), ("a", "Tirtayasa"), ("b", "Pontang")))
    reach = RadioField(
        "Terima di mana?",
        choices=_choices(("bazar", "Ambil di bazar"), ("lapak", "Ambil di lapak"), ("antar", "Diantar")),
        default="bazar",
    )
    kind = RadioField(
        "Ini apa?",
        choices=_choices(("telur", "Telur asin"), ("keripik", "Keripik"), ("kue", "Kue"), ("gerabah", "Gerabah")),
        default="keripik",
    )
    way = RadioField(
        "Cara terima",
        choices=[
            SelectChoice(value="lapak", label="Ambil di lapak"),
            SelectChoice(value="antar", label="Diantar", render_kw={"disabled": True}),
        ],
        default="lapak",
    )
    days = SelectMultipleField(
        "Hari buka",
        choices=_choices(("sen", "Senin"), ("sab", "Sabtu"), ("min", "Minggu")),
        option_widget=CheckboxInput(),
    )
    agree = BooleanField("Produk boleh tampil di katalog")
    photo = FileField("Foto")
    again = FileField("Foto lagi")


CARDS = [
    SampleCard(
        1, "Telur asin bebek masir, isi 10", Rupiah(38_000), "10 butir", "Tirtayasa", "g-telur", badges=[("", "Halal")]
    ),
    SampleCard(2, "Keripik pisang kepok manis", Rupiah(12_000), "200 g", "Ciomas", "g-keripik", "masir", sold_out=True),
    SampleCard(
        3,
        "Sate bandeng tanpa duri bumbu kuning khas Pontang yang namanya panjang sekali sampai tiga baris",
        Rupiah(1_450_000),
        "paket isi 12 ekor",
        "Waringinkurung",
        "g-bandeng",
        "nila",
        badges=[("warning", "Pesan sehari dulu")],
    ),
    SampleCard(5, "Emping melinjo", Rupiah(24_000), "250 g", "Baros", "g-emping", badges=[("info", "Ada di bazar")]),
    SampleCard(6, "Gelang manik", Rupiah(15_000), "", "Kramatwatu", "g-gelang", "bata", spread=True),
    SampleCard(4, "Gerabah kendi Bumijaya", Rupiah(65_000), "", "Ciruas", "g-gerabah", "bata"),
]
SHOPS = [
    SampleShop("Telur Asin Muara Tirtayasa", "Tirtayasa", 4, "g-telur"),
    SampleShop("Gerabah Kosambi", "Ciruas", 9, "g-gerabah", "bata"),
    SampleShop("Dapur Bu Nasi", "Pontang", 6, "g-nasi", "masir", known=False),
]
ORDERS = [
    SampleOrder(
        "K7M-2P4",
        "2 × Telur asin masir",
        "warning",
        "Baru",
        "Diambil di lapak, hari ini 15.00",
        "10.42",
        Rupiah(76_000),
        "tunai",
        "g-telur",
    ),
    SampleOrder(
        "H3T-9QX",
        "5 × Keripik pisang",
        "info",
        "Disiapkan",
        "Diantar ke Ciruas",
        "kemarin",
        Rupiah(60_000),
        "Sudah dibayar",
        "g-keripik",
        "masir",
        paid=True,
    ),
    SampleOrder(
        "T8C-6WE",
        "1 × Sate bandeng",
        "success",
        "Siap diambil",
        "Diambil di lapak, sejak 14.10",
        "kemarin",
        Rupiah(145_000),
        "tunai",
        "g-bandeng",
        "nila",
    ),
    SampleOrder(
        "P4R-3YB",
        "3 × Emping melinjo",
        "",
        "Selesai",
        "Diambil di bazar",
        "30 Nov",
        Rupiah(72_000),
        "Sudah dibayar",
        "g-emping",
        paid=True,
    ),
    SampleOrder(
        "B2N-5LA",
        "1 × Kendi",
        "error",
        "Dibatalkan",
        "Diambil di lapak",
        "2 Des",
        Rupiah(65_000),
        "tunai",
        "g-gerabah",
        "bata",
        cancelled=True,
    ),
]
WAYS = [
    SampleWay("#pesanan", "Pesanan", "keranjang", 2, current=True),
    SampleWay("#produk", "Produk", "kotak"),
    SampleWay("#catat", "Catat", "centang"),
]
WEEK = [
    (day, sold, str(sold))
    for day, sold in zip(["Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min"], (40, 64, 38, 76, 92, 176, 0), strict=True)
]
DRAWINGS = (
    "telur keripik emping bandeng bubur gerabah gelang anyaman kue nasi minuman bumbu tani busana rumah jasa ikan kopi "
    "madu tas"
)
ICONS = (
    "cari keranjang pin kalender kanan kiri bawah saring perisai obrol lapak truk kamera centang awas bagikan berkas "
    "cetak grafik jam kotak kurang tambah lonceng orang rumah rupiah tangga unduh tutup hapus pensil bantuan info "
    "kunci salin gambar buku keluar balik sinyal hp qr kartu daun keluarga tanda atur lihat"
)


def _drawn() -> Picture:
    """Draw half an egg as a photo, so that the gallery needs no market."""
    image = Image.new("RGB", (SMALL_SIDE, SMALL_SIDE), "#cfe3dd")
    pen = ImageDraw.Draw(image)
    for colour, left, top, right, bottom in (
        ("#a9c6bd", 52, 236, 272, 290), ("#fffdf5", 70, 60, 250, 278), ("#f0861b", 112, 130, 208, 226),
    ):  # fmt: skip
        pen.ellipse((left, top, right, bottom), fill=colour)
    file = io.BytesIO()
    image.save(file, "WEBP", quality=70)
    address = "data:image/webp;base64," + base64.b64encode(file.getvalue()).decode()
    return Picture(address, address, address, address, SMALL_SIDE, SMALL_SIDE)


def _refused() -> SampleForm:
    form = SampleForm(MultiDict({"price": "dua belas", "name": "", "phone": "08"}), prefix="salah")
    form.validate()
    return form


def samples() -> dict[str, Any]:
    """Return everything that the gallery shows."""
    real = _drawn()
    return {
        "cards": [*CARDS, SampleCard(7, "Telur asin", Rupiah(4_000), "butir", "Pontang", "g-telur", small=real.small)],
        "shops": [*SHOPS, SampleShop("Telur Bu Sarmi", "Pontang", 2, "g-telur", photo=real)],
        "desk_nav": WAYS,
        "real": real,
        "orders": ORDERS,
        "week": WEEK,
        "form": SampleForm(MultiDict(), prefix="baik"),
        "refused": _refused(),
        "drawings": DRAWINGS.split(),
        "icons": ICONS.split(),
        "rupiah": Rupiah,
        "soon": now() + timedelta(minutes=47),
    }
