"""What is typed about goods that one got, and in answer to it."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind

from app.core.forms import AtMost, Form, Required, TextBlock, Versioned
from app.core.i18n import _l
from app.trade.reviews import rules, words


def _stars() -> list[Any]:
    return [SelectChoice(value=str(each), label=words.stars(each)) for each in reversed(rules.STARS)]


class ReviewForm(Form):
    """Stars, and a few words if somebody has any."""

    bintang = RadioField(_l("Bintang"), choices=_stars, validators=[Required(_l("Pilih satu sampai lima bintang."))])
    kalimat = TextBlock(_l("Kata singkat"), validators=[AtMost(rules.MOST_WORDS)])


class AnswerForm(Form):
    """The one answer of a seller."""

    jawaban = TextBlock(_l("Jawaban"), validators=[Required(_l("Tulis jawabannya dulu.")), AtMost(rules.MOST_WORDS)])


class JudgeForm(Versioned):
    """Whether it may stand, and if not, why."""

    putusan = HiddenField()
    sebab = HiddenField()
