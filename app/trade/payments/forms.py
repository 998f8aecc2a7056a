"""What a seller says about how she is paid, and what buyer and seller say about money."""

from __future__ import annotations

from typing import Any, Final

from flask import request
from wtforms import HiddenField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind
from wtforms.validators import ValidationError

from app.core import optional, qr
from app.core.forms import AtMost, Form, Parsed, Required, RupiahField, TextBlock, TextLine, Versioned
from app.core.i18n import _, _l
from app.core.scans import PictureField
from app.kit import digits, qris, text
from app.kit.qris import Qris, UnreadableQris
from app.people.accounts.forms import PinAgain
from app.trade.payments import banks, rules

REFUSED: Final = {
    "empty": _l("Kirim foto kode QRIS, atau tempel isinya."),
    "not_qris": _l("Ini bukan kode QRIS. Cari kode dengan tulisan QRIS di atasnya."),
    "broken": _l("Isi kode QRIS ini tidak utuh. Foto lagi, atau salin semuanya."),
    "check": _l("Kode QRIS ini rusak: ada huruf yang berubah. Foto lagi, atau salin lagi semuanya."),
    "country": _l("Ini kode bayar dari negara lain. Pakai QRIS Indonesia."),
    "currency": _l("Kode ini bukan untuk rupiah. Pakai QRIS dengan rupiah."),
    "once": _l("Kode ini untuk satu pembayaran saja. Pakai kode QRIS yang dipajang di lapak, tanpa jumlah uang."),
    "fee": _l("Kode ini meminta tip atau biaya tambahan. Pembeli tidak boleh dipungut biaya. Minta kode tanpa biaya."),
}
NOT_FOUND: Final = _l("Kode QR tidak terlihat di foto. Foto lebih dekat dan terang, atau tempel isinya di bawah.")
NAMES: Final = {"qris": _l("QRIS"), "transfer": _l("Transfer bank")}
SEVERAL: Final = _l("Ada beberapa kode QRIS di foto. Foto satu kode saja.")
NO_READER: Final = _l("Foto kode belum bisa dibaca di sini. Tempel isinya di bawah.")
ACCOUNT: Final = {
    "not_digits": _l("Nomor rekening hanya angka."),
    "length": _l("Nomor rekening biasanya 10 sampai 16 angka. Periksa lagi."),
}


def _bank_choices() -> list[Any]:
    none = SelectChoice(value="", label=_("Pilih bank"))
    return [none, *(SelectChoice(value=code, label=name) for code, name in banks.names().items())]


class QrisForm(Versioned):
    """Her own code: as a photo, or as its text; the second time with the name that she confirmed."""

    foto = PictureField(_l("Foto kode QRIS"))
    kode = TextBlock(_l("Isi kode QRIS"), validators=[AtMost(600)], render_kw={"rows": 3, "maxlength": 600})
    yakin = HiddenField()

    def read(self) -> Qris | None:
        """Return the code that was sent; None when there is none, with the reason beside its field."""
        if not self.filled():
            return None
        typed = str(self.kode.data or "")
        if self.foto.master is None:
            return self._parse("kode" if typed else "foto", typed)
        try:
            found = qr.read_codes(self.foto.master)
        except optional.Unavailable:
            self.note("foto", NO_READER)
            return None
        national = [each for each in found if _is_qris(each)]
        if len(national) > 1:
            self.note("foto", SEVERAL)
            return None
        if not found:
            self.note("foto", NOT_FOUND)
            return None
        return self._parse("foto", (national or found)[0])

    def _parse(self, field: str, typed: str) -> Qris | None:
        try:
            return qris.parse_static(typed)
        except UnreadableQris as problem:
            self.note(field, REFUSED[problem.code])
            return None


def _is_qris(typed: str) -> bool:
    try:
        qris.parse(typed)
    except UnreadableQris:
        return False
    return True


class AccountField(Parsed):
    """The number of a bank account, as people write it."""

    def parse(self, typed: str) -> str:
        """Read `0123-01-004567-53-9`."""
        try:
            return rules.parse_account(typed)
        except rules.UnreadableAccount as problem:
            raise ValueError(str(ACCOUNT[problem.code])) from None

    def process_formdata(self, valuelist: Any) -> None:
        """Read, with the reason in its own words."""
        self.typed = text.clean_line(str(valuelist[0])[:60]) if valuelist else ""
        self.data = self.parse(self.typed) if self.typed else None


def _has_letters(form: Any, field: Any) -> None:
    if field.data and not text.has_letters(field.data):
        raise ValidationError(_("Isi nama dengan huruf, seperti di buku tabungan."))


class AccountForm(Versioned, PinAgain):
    """Her bank account, after her PIN."""

    bank = SelectField(_l("Bank"), choices=_bank_choices, validators=[Required(_l("Pilih banknya."))])
    nomor = AccountField(
        _l("Nomor rekening"),
        validators=[Required(_l("Isi nomor rekening."))],
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": 40},
    )
    pemilik = TextLine(
        _l("Nama pemilik rekening"),
        validators=[Required(_l("Isi nama pemilik rekening.")), AtMost(rules.MOST_HOLDER), _has_letters],
        render_kw={"autocomplete": "off", "maxlength": rules.MOST_HOLDER},
    )


class SwitchForm(Versioned):
    """Off, or on again."""

    cara = HiddenField()
    nyala = HiddenField()


FEWEST_KEY, MOST_KEY = 8, 40


def _some(form: Any, field: Any) -> None:
    if field.data is not None and field.data.amount <= 0:
        raise ValidationError(_("Isi lebih dari nol."))


def _key(field: Any) -> str:
    typed = text.clean_line(str(field.data or "")[: MOST_KEY + 1])
    return typed if FEWEST_KEY <= len(typed) <= MOST_KEY else ""


class AmountField(RupiahField):
    """Money that went from one to the other."""

    sentence = _l("Jumlah uang harus angka, misalnya 25000")


class ClaimForm(Form):
    """What a buyer says that she paid. `kunci` makes a double tap one claim."""

    kunci = HiddenField()
    jumlah = AmountField(
        _l("Jumlah yang dibayar"),
        validators=[Required(_l("Isi jumlah yang dibayar.")), _some],
        render_kw={"inputmode": "numeric"},
    )
    foto = PictureField(_l("Foto bukti bayar"), whose=lambda: ("proof", (request.view_args or {}).get("code", "")))

    def key(self) -> str:
        """Return the idempotency key, empty when the form brought none that can be kept."""
        return _key(self.kunci)


class MoneyForm(Versioned):
    """What a seller says about money: which act it is stands in `apa`."""

    apa = HiddenField()
    kunci = HiddenField()
    entri = HiddenField()
    jumlah = AmountField(_l("Jumlah uang"), validators=[_some], render_kw={"inputmode": "numeric"})

    def key(self) -> str:
        """Return the idempotency key, empty when the form brought none that can be kept."""
        return _key(self.kunci)

    def entry_id(self) -> int:
        """Return which claim is meant, 0 for none."""
        return digits.whole(str(self.entri.data or "")) or 0
