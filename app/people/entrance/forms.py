"""What people type at the door."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import HiddenField, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind

from app.core.forms import AtMost, Form, PhoneField, Required, TextLine
from app.core.i18n import _l
from app.kit import codes
from app.people.accounts.forms import PinField, SecretField, check_new_pin, check_same


class CodeField(TextLine):
    """A printed code; case, dashes and look-alikes are forgiven."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Bring it to the form in which it was made."""
        super().process_formdata(valuelist)
        self.typed = (self.data or "")[:60]
        self.data = codes.normalise(self.typed)

    def _value(self) -> str:
        return str(getattr(self, "typed", self.data or ""))


class _Entering(Form):
    """The parts that every way in has: where to go afterwards."""

    next = HiddenField()


class PinForm(_Entering):
    """A phone that is known."""

    telepon = PhoneField(
        _l("Nomor HP"),
        validators=[Required()],
        render_kw={"type": "tel", "inputmode": "tel", "autocomplete": "username"},
    )
    pin = PinField(
        _l("PIN"),
        validators=[Required()],
        render_kw={"inputmode": "numeric", "autocomplete": "current-password"},
    )


class CardForm(_Entering):
    """A phone that is new."""

    telepon = PhoneField(
        _l("Nomor HP"),
        validators=[Required()],
        render_kw={"type": "tel", "inputmode": "tel", "autocomplete": "username"},
    )
    kode_kartu = CodeField(
        _l("Kode kartu"),
        validators=[Required(), AtMost(60)],
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )


class PhoneForm(Form):
    """Whose phone it is, and the PIN: a new one twice, or the one she has."""

    hp = RadioField(
        _l("HP ini milik siapa?"),
        choices=[
            SelectChoice(value="sendiri", label=_l("HP sendiri")),
            SelectChoice(value="bersama", label=_l("HP bersama")),
        ],
        validators=[Required(_l("Pilih salah satu."))],
    )
    pin = PinField(_l("PIN"), validators=[Required()], render_kw={"inputmode": "numeric"})
    pin_lagi = PinField(_l("PIN sekali lagi"), validators=[Required()], render_kw={"inputmode": "numeric"})

    def __init__(self, phone: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._phone = phone

    def validate_pin(self, field: PinField) -> None:
        """Refuse what others would try first."""
        if self.pin_lagi is not None:
            check_new_pin(field.data, self._phone)

    def validate_pin_lagi(self, field: PinField) -> None:
        """Both must be the same."""
        check_same(self.pin.data, field.data)


class ChoiceForm(Form):
    """Which of the sellers who share this phone, number and PIN."""

    akun = RadioField(_l("Masuk ke lapak mana?"), coerce=int, validators=[Required(_l("Pilih salah satu."))])


def choices_of(labels: dict[int, str]) -> list[Any]:
    """Return the choices of `ChoiceForm.akun`: account id and what it is called."""
    return [SelectChoice(value=str(number), label=label) for number, label in labels.items()]


class PasswordForm(_Entering):
    """The office."""

    nama_pengguna = TextLine(
        _l("Nama pengguna"),
        validators=[Required(), AtMost(60)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    kata_sandi = SecretField(_l("Kata sandi"), validators=[Required()], render_kw={"autocomplete": "current-password"})


class TotpForm(Form):
    """The second factor."""

    kode = PinField(
        _l("Kode 6 angka"),
        validators=[Required()],
        render_kw={"inputmode": "numeric", "autocomplete": "one-time-code", "type": "text"},
    )
