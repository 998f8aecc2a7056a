"""What is typed to complain to the office, to find a complaint again, and to answer it."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind
from wtforms.validators import Length, Optional

from app.core.forms import AtLeast, AtMost, Form, PhoneField, Required, TextBlock, TextLine
from app.core.i18n import _l
from app.office.tickets import rules, words

_PHONE = {"type": "tel", "inputmode": "tel", "autocomplete": "tel"}


def _kinds() -> list[Any]:
    return [SelectChoice(value=kind, label=words.kind(kind)) for kind in rules.KINDS]


class TicketForm(Form):
    """What is wrong; a number only if somebody wants to find it again without the link."""

    kunci = HiddenField(validators=[Length(max=64)])
    tentang = RadioField(_l("Tentang apa?"), choices=_kinds, validators=[Required(_l("Pilih satu."))])
    cerita = TextBlock(
        _l("Apa yang terjadi?"),
        validators=[Required(_l("Ceritakan apa yang terjadi.")), AtLeast(rules.FEWEST_WORDS), AtMost(rules.MOST_WORDS)],
    )
    telepon = PhoneField(_l("Nomor HP Anda"), validators=[Optional()], render_kw=_PHONE)


class FindForm(Form):
    """Which complaint, and whose number is on it."""

    kode = TextLine(_l("Nomor aduan"), validators=[Required(), AtMost(20)], render_kw={"autocomplete": "off"})
    telepon = PhoneField(_l("Nomor HP di aduan"), validators=[Required()], render_kw=_PHONE)


class AnswerForm(Form):
    """The one answer."""

    jawaban = TextBlock(_l("Jawaban"), validators=[Required(_l("Tulis jawabannya dulu.")), AtMost(rules.MOST_WORDS)])
