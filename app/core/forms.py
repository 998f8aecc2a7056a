"""Forms: fields that forgive how people type and clean what strangers send, with messages in plain Indonesian.

Protection against foreign forms is global (core/guard), so no form carries a token of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from flask import request
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, StopValidation, ValidationError

from app.core.errors import DomainError
from app.core.i18n import _, _l
from app.core.scans import PictureField
from app.kit import digits, mail, phone, quantities, text
from app.kit.rupiah import Rupiah

MOST_TEXT = 20_000

REQUIRED = _l("Bagian ini perlu diisi.")


class Form(FlaskForm):  # type: ignore[misc]
    """Parent of every form."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """No token per form; messages come from us."""

        csrf = False
        locales: ClassVar[tuple[str, ...]] = ("id",)

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Take what our pages send: a body of another kind is no form, and may be nested without end."""
            if request.is_json and formdata is not None:
                return request.form
            return _without_nul(super().wrap_formdata(form, formdata))

        def get_translations(self, form: Any) -> _Messages:
            """Return our own wording for the library's messages."""
            return _Messages()

    def validate(self, extra_validators: Any = None) -> bool:
        """Tell whether everything holds; pictures are read when all the rest does."""
        holds = bool(super().validate(extra_validators))
        return holds and all(field.read() for field in self if isinstance(field, PictureField))

    def filled(self) -> bool:
        """Tell whether this was sent and holds."""
        return bool(self.validate_on_submit())

    def note(self, field: str, sentence: object) -> None:
        """Put a refusal beside a field."""
        target: Field = self[field]
        target.errors = [*target.errors, str(sentence)]


class Versioned(Form):
    """A form about a record that others may change meanwhile: `versi` is the version that was on the screen."""

    versi = HiddenField()

    def version(self) -> int:
        """Return the version the page showed; one that no page of ours shows is 0, which is always stale."""
        return digits.whole(str(self.versi.data or ""), digits.VERSION_DIGITS) or 0

    def stale(self, refusal: DomainError, version: int) -> None:
        """Say that it was changed meanwhile; what was typed stays, and sent again it counts."""
        self.form_errors = [str(refusal)]
        self.versi.data = str(version)


def _without_nul(formdata: Any) -> Any:
    """Drop the one sign that PostgreSQL cannot store, from hidden fields too: no page of ours sends it."""
    if not formdata or not any("\x00" in each for several in request.form.listvalues() for each in several):
        return formdata
    rows = formdata.items(multi=True)
    return MultiDict([(name, each.replace("\x00", "") if isinstance(each, str) else each) for name, each in rows])


class _Messages:
    """Every sentence that WTForms itself can say."""

    KNOWN: ClassVar[dict[str, Any]] = {
        "This field is required.": REQUIRED,
        "Not a valid integer value.": _l("Isi dengan angka bulat."),
        "Not a valid decimal value.": _l("Isi dengan angka."),
        "Not a valid choice.": _l("Pilih salah satu."),
        "Not a valid date value.": _l("Isi tanggal, misalnya 2026-12-05."),
        "Not a valid time value.": _l("Isi jam, misalnya 09.00."),
        "Invalid Choice: could not coerce.": _l("Pilih salah satu."),
        "Choices cannot be None.": _l("Pilih salah satu."),
    }

    def gettext(self, message: str) -> str:
        """Translate a sentence of the library."""
        return str(self.KNOWN.get(message, REQUIRED if "required" in message else _l("Isian ini belum benar.")))

    def ngettext(self, one: str, many: str, num: int) -> str:
        """Translate a sentence with a number."""
        return self.gettext(many)


class Required(InputRequired):
    """The field must hold something besides spaces."""

    def __init__(self, message: object = REQUIRED) -> None:
        super().__init__(message=message)  # type: ignore[arg-type]

    def __call__(self, form: Any, field: Field) -> None:
        """Refuse emptiness after cleaning."""
        if field.data in (None, "", []) and not field.errors:
            raise StopValidation(str(self.message))


class AtMost(Length):
    """At most so many signs."""

    def __init__(self, most: int) -> None:
        super().__init__(max=most, message=_l("Terlalu panjang. Paling banyak %(most)d huruf.", most=most))


class AtLeast(Length):
    """At least so many signs."""

    def __init__(self, least: int) -> None:
        super().__init__(min=least, message=_l("Terlalu pendek. Paling sedikit %(least)d huruf.", least=least))


class TextLine(StringField):
    """One line of text, cleaned of everything that cannot be seen."""

    data: Any

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Take the first value only; doubled parameters do not add up."""
        self.data = text.clean_line(str(valuelist[0])[:MOST_TEXT]) if valuelist else None


class TextBlock(TextAreaField):
    """Several lines of text, cleaned likewise."""

    data: Any

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Take the first value only."""
        self.data = text.clean_block(str(valuelist[0])[:MOST_TEXT]) if valuelist else None


class Parsed(StringField):
    """Text that is read into a value; what was typed stays in the field when it cannot be read."""

    data: Any
    sentence = _l("Isian ini belum benar.")

    def parse(self, typed: str) -> Any:
        """Return the value, or raise ValueError."""
        raise ValueError

    def show(self, value: Any) -> str:
        """Return how a stored value stands in the field."""
        return str(value)

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Read, and remember what was typed."""
        self.typed = text.clean_line(str(valuelist[0])[:200]) if valuelist else ""
        self.data = None
        if not self.typed:
            return
        try:
            self.data = self.parse(self.typed)
        except ValueError:
            raise ValueError(str(self.sentence)) from None

    def _value(self) -> str:
        typed = getattr(self, "typed", None)
        if typed is not None:
            return str(typed)
        return "" if self.data is None else self.show(self.data)


class RupiahField(Parsed):
    """Money in any form people type it."""

    sentence = _l("Isi uangnya dengan angka, misalnya 12000")

    def parse(self, typed: str) -> Rupiah:
        """Read `25rb`, `Rp 25.000,00`, `25000`."""
        return Rupiah.parse(typed)

    def show(self, value: Any) -> str:
        """Show with dots and without Rp."""
        return str(value).removeprefix("Rp")


class PriceField(RupiahField):
    """What a buyer pays."""

    sentence = _l("Harga harus angka, misalnya 12000")


class QuantityField(Parsed):
    """A whole number of things."""

    sentence = _l("Isi dengan angka bulat, misalnya 12")

    def parse(self, typed: str) -> int:
        """Read `12`, `1.000`, `12 bungkus`."""
        return quantities.parse_count(typed)


class PhoneField(Parsed):
    """A mobile number in any form; the value is E.164."""

    sentence = _l("Nomor HP belum benar, misalnya 0812-3456-7890")

    def parse(self, typed: str) -> str:
        """Read `0812…`, `+62 812…`, `62812…`."""
        return phone.normalise(typed)

    def show(self, value: Any) -> str:
        """Show as people write it."""
        return phone.show(value)


class EmailField(Parsed):
    """An address of e-mail."""

    sentence = _l("Alamat surel belum benar, misalnya nama@contoh.id")

    def parse(self, typed: str) -> str:
        """Read `Nama@Contoh.ID`."""
        return mail.normalise(typed)


def between(least: int, most: int) -> Callable[[Any, Any], None]:
    """Refuse a number outside a range."""

    def check(form: Any, field: Any) -> None:
        if field.data is not None and not least <= field.data <= most:
            raise ValidationError(_("Isi antara %(least)s dan %(most)s.", least=least, most=most))

    return check


def posted(name: str) -> str:
    """Return one posted value, cleaned; empty when absent."""
    return text.clean_line(request.form.get(name, "")[:MOST_TEXT])
