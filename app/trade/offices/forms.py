"""What an office types: who it is, what it needs where and when, and what stands over its papers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from wtforms import DateField, HiddenField, RadioField, SelectField, TimeField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind

from app.core.forms import AtLeast, AtMost, PhoneField, Required, TextBlock, TextLine, Versioned
from app.core.i18n import _, _l, _lp
from app.kit import digits, quantities
from app.kit.periods import Zone
from app.people.places.models import Region
from app.trade.carts.forms import MOST_NAME, MOST_NOTE, CheckedForm, has_letters
from app.trade.offices import rules
from app.trade.orders.meeting import Need

FIELD = "jumlah-"
# No kecamatan has this code, so no seller has a fee for it.
ELSEWHERE = "lain"
MOST_TYPED = 20
# A phone sends the first; where there is no picker, people type the last.
CLOCKS = ["%H:%M", "%H:%M:%S", "%H.%M"]
WAYS = {
    rules.CASH: (_l("Tunai saat barang diterima"), ""),
    rules.TRANSFER: (
        _l("Transfer ke penjual lebih dulu"),
        _l("Sesudah penjual menerima pesanan. Yang belum punya rekening di sini dibayar tunai."),
    ),
    rules.LATER: (
        _l("Bendahara membayar sesudah barang diterima"),
        _l("Nota dan berita acara ada saat serah terima, kuitansi sesudah uangnya diterima penjual."),
    ),
}


def _ways() -> list[Any]:
    return [SelectChoice(value=method, label=str(word)) for method, (word, _hint) in WAYS.items()]


class AskForm(CheckedForm):
    """Who orders, where and until when. `isi` is the sharing that the page showed, signed.

    `regency` is where the goods are made; `kecamatan` is ELSEWHERE when it is none that is listed.
    """

    regency: str | None = None
    isi = HiddenField()
    kantor = TextLine(
        _l("Nama kantor atau sekolah"), [Required(_l("Tulis nama kantornya.")), AtLeast(3), AtMost(120), has_letters]
    )
    bagian = TextLine(_lp("kantor", "Bagian"), [AtMost(120)])
    nama = TextLine(
        _l("Nama"), [Required(_l("Isi nama yang bisa dihubungi.")), AtMost(MOST_NAME), has_letters],
        render_kw={"autocomplete": "name", "maxlength": MOST_NAME},
    )  # fmt: skip
    telepon = PhoneField(
        _l("Nomor WhatsApp"), [Required(_l("Isi nomor WhatsApp, misalnya 0812-3456-7890."))],
        render_kw={"autocomplete": "tel", "inputmode": "tel", "type": "tel"},
    )  # fmt: skip
    tanggal: Any = DateField(_l("Tanggal acara"), [Required(_l("Isi tanggalnya."))], render_kw={"type": "date"})
    jam: Any = TimeField(_l("Sudah harus ada jam"), [Required(_l("Isi jamnya, misalnya 09.00."))], format=CLOCKS)
    tempat = TextLine(
        _l("Diantar ke mana"), [Required(_l("Tulis tempatnya, misalnya Aula Kecamatan.")), AtLeast(3), AtMost(200)]
    )
    kecamatan = SelectField(_l("Di kecamatan apa"), [Required(_l("Pilih kecamatannya."))])
    keperluan = TextLine(_l("Untuk acara apa"), [AtMost(200)])
    catatan = TextBlock(_l("Catatan untuk penjual"), [AtMost(MOST_NOTE)], render_kw={"rows": 2, "maxlength": MOST_NOTE})
    bayar = RadioField(_l("Cara membayar"), choices=_ways, default=rules.CASH)

    def need(self, zone: Zone) -> Need:
        """Return where and until when, on the clocks of the kabupaten; only of a form that holds."""
        moment: datetime = zone.at(self.tanggal.data, self.jam.data)
        return Need(self.tempat.data, moment, self.kecamatan.data)

    def offer_places(self, places: Iterable[Region]) -> None:
        """Fill the choices: these kecamatan, and any other."""
        self.kecamatan.choices = [
            SelectChoice(value="", label=_("Pilih kecamatan")),
            *(SelectChoice(value=each.code, label=each.name) for each in places),
            SelectChoice(value=ELSEWHERE, label=_("Lainnya, ongkos dibicarakan")),
        ]


class HeadingForm(Versioned):
    """What stands over the papers of one request, and who signs them."""

    kop = TextBlock(
        _l("Kop surat"), [Required(_l("Tulis nama kantornya.")), AtMost(400)], render_kw={"rows": 4, "maxlength": 400}
    )
    keperluan = TextLine(_l("Untuk acara apa"), [AtMost(200)])
    penerima = TextLine(_l("Yang menerima barang"), [AtMost(120)])
    bendahara = TextLine(_l("Bendahara"), [AtMost(120)])


class Amounts:
    """How many of each choice: one number beside each, with its own error."""

    def __init__(self, typed: Mapping[int, str]) -> None:
        """Read what was typed beside each choice."""
        self.typed = {variant_id: text[:MOST_TYPED] for variant_id, text in typed.items()}
        self.errors: dict[int, str] = {}
        self.wanted: dict[int, int] = {}

    def read(self) -> bool:
        """Tell whether every number is one that can be asked for."""
        for variant_id, text in self.typed.items():
            try:
                qty = quantities.parse_count(text)
            except quantities.UnreadableQuantity:
                qty = 0
            if not 0 < qty <= rules.MOST_QTY:
                most = digits.grouped(rules.MOST_QTY)
                self.errors[variant_id] = str(_l("Isi angka dari 1 sampai %(most)s.", most=most))
            else:
                self.wanted[variant_id] = qty
        return not self.errors

    @classmethod
    def posted(cls, fields: Iterable[tuple[str, str]]) -> Amounts:
        """Take the numbers out of a form; whatever no page of ours sends is left out."""
        found: dict[int, str] = {}
        for name, value in fields:
            variant_id = digits.whole(name.removeprefix(FIELD)) if name.startswith(FIELD) else None
            if variant_id and len(found) < rules.MOST_LINES:
                found.setdefault(variant_id, value)
        return cls(found)
