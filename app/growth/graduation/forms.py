"""What is written down of cases, objections, graduations and rules."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar

from wtforms import BooleanField, DateField, HiddenField, IntegerField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind
from wtforms.validators import InputRequired, ValidationError

from app.core.forms import REQUIRED, AtLeast, AtMost, Form, Parsed, Required, TextBlock, TextLine, between
from app.core.i18n import _, _l
from app.core.scans import PictureField
from app.growth.graduation import reckoning, rules, words
from app.growth.graduation.models import RuleSet
from app.growth.graduation.rules import KINDS, LEAST_REASON
from app.kit import digits

MOST = 2_000
MOST_DIGITS = 5
TEXT = {"rows": 4, "autocomplete": "off"}


class ProposalForm(Form):
    """A move, why, and what the family says to it."""

    langkah = RadioField(_l("Langkah yang diusulkan"), validators=[InputRequired(_l("Pilih salah satu."))])
    alasan = TextBlock(_l("Alasan"), validators=[Required(), AtLeast(LEAST_REASON), AtMost(MOST)], render_kw=TEXT)
    pandangan = TextBlock(_l("Pandangan keluarga"), validators=[Required(), AtMost(MOST)], render_kw=TEXT)
    setuju = BooleanField(_l("Keluarga menyetujui langkah ini"))

    def __init__(self, moves: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.langkah.choices = [SelectChoice(value=code, label=str(words.STATUSES[code])) for code in moves]


class AnswerForm(Form):
    """Yes or no, and why; the buttons say which."""

    alasan = TextBlock(_l("Alasan"), validators=[Required(), AtLeast(LEAST_REASON), AtMost(MOST)], render_kw=TEXT)


class ObjectionForm(Form):
    """What the family thinks is not right."""

    ucapan = TextBlock(_l("Apa yang menurut Anda tidak benar?"), validators=[Required(), AtMost(MOST)], render_kw=TEXT)


class OnBehalfForm(ObjectionForm):
    """The same, as it reached the office."""

    lewat = SelectField(_l("Sampai lewat"), validators=[Required()])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        ways = [(code, word) for code, word in words.APPEAL_CHANNELS.items() if code != "page"]
        self.lewat.choices = [SelectChoice(value=code, label=str(word)) for code, word in ways]


class GraduationForm(Form):
    """A statement of a family, with what its letter says."""

    kunci = HiddenField()
    cara = RadioField(_l("Jenis graduasi"), validators=[InputRequired(_l("Pilih salah satu."))])
    tanggal: Any = DateField(
        _l("Tanggal pernyataan"), validators=[InputRequired(_l("Isi tanggal."))], render_kw={"type": "date"}
    )
    nomor = TextLine(_l("Nomor surat"), validators=[AtMost(60)], render_kw={"autocomplete": "off"})
    tahun_masuk = TextLine(_l("Ikut program sejak tahun"), validators=[AtMost(10)], render_kw={"inputmode": "numeric"})
    jenis_usaha = TextLine(_l("Usaha keluarga"), validators=[AtMost(120)])
    mulai_usaha = TextLine(_l("Usaha dimulai tahun"), validators=[AtMost(10)], render_kw={"inputmode": "numeric"})
    alasan = TextBlock(_l("Alasan keluarga"), validators=[Required(), AtMost(MOST)], render_kw=TEXT)

    def __init__(self, day: date, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.cara.choices = [SelectChoice(value=code, label=str(words.KINDS[code])) for code in KINDS]
        self._day = day

    def validate_tanggal(self, field: Any) -> None:
        """Refuse a day to come."""
        if field.data and field.data > self._day:
            raise ValidationError(_("Tanggal ini belum tiba."))


class ScanForm(Form):
    """The signed letter."""

    foto = PictureField(
        _l("Surat yang sudah ditandatangani"), [Required(_l("Foto suratnya dulu, atau pilih PDF-nya."))], paper=True
    )


class LimitField(Parsed):
    """A limit as people say it: shares in whole percent, and of what falls by how much."""

    sentence = _l("Isi dengan angka bulat.")

    def __init__(self, criterion: dict[str, Any], **kwargs: Any) -> None:
        self.criterion = criterion
        self.scale = (10 if criterion["unit"] == "per_mille" else 1) * (-1 if words.falls(criterion) else 1)
        super().__init__(
            str(words.CRITERIA[criterion["code"]]), [InputRequired(REQUIRED)], default=criterion["threshold"],
            render_kw={"inputmode": "numeric", "autocomplete": "off"}, **kwargs,
        )  # fmt: skip

    def parse(self, typed: str) -> int:
        """Read `45` and `60 %`."""
        found = digits.whole(digits.plain(typed).removesuffix("%").strip(), MOST_DIGITS)
        if found is None:
            raise ValueError(typed)
        return found * self.scale

    def show(self, value: Any) -> str:
        """Show it as it is typed."""
        return str(value // self.scale)

    def pre_validate(self, form: Any) -> None:
        """Refuse what makes no sense for its unit."""
        least, most = rules.BOUNDS[self.criterion["unit"]]
        if self.data is not None and not least <= abs(self.data) <= most:
            scale = abs(self.scale)
            raise ValidationError(_("Isi antara %(least)s dan %(most)s.", least=least // scale, most=most // scale))


class RulesForm(Form):
    """Other limits for the criteria and signs of a kabupaten, and why; `made_from` gives it a field for each."""

    catatan = TextLine(_l("Apa yang diubah, dan mengapa"), validators=[Required(), AtLeast(LEAST_REASON), AtMost(300)])

    @classmethod
    def made_from(cls, held: RuleSet) -> RulesForm:
        """Return a form that begins with the rules that hold; criteria they leave out can be taken in again."""
        used = {each["code"]: each for each in held.criteria}
        known = {each["code"]: each for each in reckoning.DEFAULT_CRITERIA} | used
        signs, fields = held.flags["signs"], dict[str, Any]()
        for code, each in known.items():
            fields[f"pakai-{code}"] = BooleanField(str(words.CRITERIA[code]), default=code in used)
            fields |= _limit("batas", each)
        for each in signs:
            fields |= _limit("tanda", each)
        told = between(1, len(signs))
        fields["paling-sedikit"] = IntegerField(
            _l("Berapa tanda paling sedikit"), [InputRequired(REQUIRED), told], default=held.flags["least"],
            render_kw={"inputmode": "numeric", "autocomplete": "off"},
        )  # fmt: skip
        made: RulesForm = type("RulesForm", (cls,), {**fields, "known": known, "signs": signs})()
        return made

    known: ClassVar[dict[str, dict[str, Any]]]
    signs: ClassVar[list[dict[str, Any]]]

    def validate_catatan(self, _field: Any) -> None:
        """Refuse rules without any criterion."""
        if not self.criteria():
            raise ValidationError(_("Pakai paling sedikit satu syarat."))

    def criteria(self) -> list[dict[str, Any]]:
        """Return the criteria as they were typed."""
        return [self._typed("batas", each) for code, each in self.known.items() if self[f"pakai-{code}"].data]

    def flags(self) -> dict[str, Any]:
        """Return the warning signs as they were typed."""
        return {
            "least": self["paling-sedikit"].data, "signs": [self._typed("tanda", each) for each in self.signs],
        }  # fmt: skip

    def _typed(self, kind: str, criterion: dict[str, Any]) -> dict[str, Any]:
        name = f"{kind}-{criterion['code']}"
        return criterion | {"threshold": self[name].data} if name in self else criterion


def _limit(kind: str, criterion: dict[str, Any]) -> dict[str, Any]:
    """Return the field of a limit; what is answered by yes has none."""
    return {} if criterion["comparator"] == "is_true" else {f"{kind}-{criterion['code']}": LimitField(criterion)}


class ActivateForm(Form):
    """From which day."""

    mulai = DateField(_l("Mulai berlaku"), validators=[InputRequired(_l("Isi tanggal."))], render_kw={"type": "date"})

    def __init__(self, day: date, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._day = day

    def validate_mulai(self, field: Any) -> None:
        """Refuse today and what was."""
        if field.data and field.data <= self._day:
            tomorrow = self._day + timedelta(days=1)
            raise ValidationError(_("Paling cepat %(day)s.", day=tomorrow.isoformat()))
