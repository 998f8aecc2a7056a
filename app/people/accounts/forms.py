"""What people type to prove who they are, and what they change about their own way in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import PasswordField
from wtforms.validators import ValidationError

from app.core.forms import Form, Required
from app.core.i18n import _, _l
from app.kit import digits, pins
from app.people.accounts.hashing import MOST_SIGNS
from app.people.accounts.rules import PASSWORD_LEAST

FRESH = {"inputmode": "numeric", "autocomplete": "new-password"}


class PinField(PasswordField):
    """Six digits in any script, spaces forgiven; never sent back."""

    data: Any

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Take the first value only."""
        self.data = "".join(digits.plain(str(valuelist[0])[:40]).split()) if valuelist else None


class SecretField(PasswordField):
    """A password exactly as typed; never sent back."""

    data: Any

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Take the first value only."""
        self.data = str(valuelist[0])[:MOST_SIGNS] if valuelist else None


def check_new_pin(pin: str | None, phone: str) -> None:
    """Refuse a PIN of the wrong shape, or one that a neighbour tries first.

    Raises:
        ValidationError: with a sentence for the field.
    """
    if not pins.is_pin(pin or ""):
        raise ValidationError(_("PIN harus 6 angka."))
    if pins.weak_pin(pin or "", phone):
        raise ValidationError(_("PIN ini mudah ditebak. Pilih angka yang tidak berurutan dan bukan tanggal."))


def check_same(first: str | None, second: str | None) -> None:
    """Refuse two spellings of one secret.

    Raises:
        ValidationError: they differ.
    """
    if first != second:
        raise ValidationError(_("Belum sama dengan yang pertama. Ketik lagi."))


class ProofForm(Form):
    """The own password, before somebody else's way in is changed."""

    sandi = SecretField(_l("Kata sandi Anda"), validators=[Required()], render_kw={"autocomplete": "current-password"})


class ProvedForm(ProofForm):
    """A form about somebody else's way in: it asks for the own password, unless that was said a moment ago."""

    def __init__(self, *, proved: bool, **more: Any) -> None:
        """Leave the password out of what was proved already."""
        super().__init__(**more)
        if proved:
            del self.sandi


class PinAgain(Form):
    """The PIN she has, before what only she may change; alone, or as the beginning of another form."""

    pin_sekarang = PinField(
        _l("PIN sekarang"),
        validators=[Required()],
        render_kw={"inputmode": "numeric", "autocomplete": "current-password"},
    )

    def __init__(self, *, proved: bool = False, **more: Any) -> None:
        """Ask only when it was not said a moment ago."""
        super().__init__(**more)
        if proved:
            del self.pin_sekarang


class NewPinForm(PinAgain):
    """Another PIN; the one she has comes first."""

    pin = PinField(_l("PIN baru"), validators=[Required()], render_kw=FRESH)
    pin_lagi = PinField(
        _l("PIN baru sekali lagi"),
        validators=[Required()],
        render_kw=FRESH,
    )

    def __init__(self, phone: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._phone = phone

    def validate_pin(self, field: PinField) -> None:
        """Refuse what others would try first."""
        check_new_pin(field.data, self._phone)

    def validate_pin_lagi(self, field: PinField) -> None:
        """Both must be the same."""
        check_same(self.pin.data, field.data)


class NewPasswordForm(Form):
    """Another password; the one in use comes first."""

    sandi_sekarang = SecretField(
        _l("Kata sandi sekarang"), validators=[Required()], render_kw={"autocomplete": "current-password"}
    )
    sandi = SecretField(_l("Kata sandi baru"), validators=[Required()], render_kw={"autocomplete": "new-password"})
    sandi_lagi = SecretField(
        _l("Kata sandi baru sekali lagi"), validators=[Required()], render_kw={"autocomplete": "new-password"}
    )

    def validate_sandi(self, field: SecretField) -> None:
        """Refuse what others would try first."""
        check_new_password(field.data)

    def validate_sandi_lagi(self, field: SecretField) -> None:
        """Both must be the same."""
        check_same(self.sandi.data, field.data)


class NewTotpForm(Form):
    """Another second factor: the password, and the first code of the new one."""

    sandi_sekarang = SecretField(
        _l("Kata sandi sekarang"), validators=[Required()], render_kw={"autocomplete": "current-password"}
    )
    kode = PinField(
        _l("Kode 6 angka"),
        validators=[Required()],
        render_kw={"inputmode": "numeric", "autocomplete": "one-time-code", "type": "text"},
    )


def check_new_password(text: str | None) -> None:
    """Refuse a password that is short, or made of words everybody here knows.

    Raises:
        ValidationError: with a sentence for the field.
    """
    reason = pins.weak_password(text or "", least=PASSWORD_LEAST)
    if reason == "short":
        raise ValidationError(_("Terlalu pendek. Paling sedikit %(least)s huruf.", least=PASSWORD_LEAST))
    if reason == "long":
        raise ValidationError(_("Terlalu panjang. Paling banyak %(most)s huruf.", most=pins.PASSWORD_MOST))
    if reason:
        raise ValidationError(_("Mudah ditebak. Pakai beberapa kata yang tidak berhubungan."))
