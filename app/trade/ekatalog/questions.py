"""One item as a question: which form it has, what it holds now, and how its answer is kept."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from flask import flash, request

from app.core.db import transaction
from app.core.errors import NotFound
from app.core.forms import Form
from app.core.i18n import _
from app.core.policy import Actor
from app.goods.permits.forms import PermitForm, sentence_of
from app.goods.permits.models import Permit
from app.kit import digits
from app.kit.rupiah import Rupiah
from app.trade.ekatalog import checklist, filling, forms, queries, rules
from app.trade.ekatalog.cases import Case
from app.trade.ekatalog.models import SubmissionPhoto

PLAIN = {
    "capacity": forms.CapacityForm, "lead": forms.LeadForm, "price": forms.CostForm, "ingredients": forms.FoodForm,
    "kbki": forms.KbkiForm,
}  # fmt: skip


class Question:
    """One item of one round; `stays` when the page is shown again after an answer."""

    def __init__(self, case: Case, key: str) -> None:
        """Find the item.

        Raises:
            NotFound: this round is not asked for it.
        """
        found = next((item for item in case.items if item.key == key), None)
        if found is None:
            raise NotFound(key)
        self.case, self.item, self.stays = case, found, False

    @property
    def editable(self) -> bool:
        """Whether it may be answered now, here."""
        return self.item.key in self.case.editable and self.kind not in {"product", "nothing"}

    @property
    def kind(self) -> str:
        """How it is asked: permit, photos, declaration, category, plain; or it is read from the product."""
        key = self.item.key
        if key in forms.PERMITS:
            return "permit"
        if self.item.kind == "photo":
            return "photos"
        if key in forms.DECLARED:
            return "declaration"
        if key in checklist.FROM_PRODUCT:
            return "product"
        return key if key == "category" else "plain" if key in PLAIN else "nothing"

    @cached_property
    def form(self) -> Any:
        """The form, filled with what holds now."""
        key, held = self.item.key, self._held()
        if self.kind == "permit":
            kind: type[PermitForm] = forms.HalalForm if key == "halal" else PermitForm
            return kind(data=held).ask(forms.PERMITS[key])
        if self.kind == "photos":
            return forms.PhotoForm()
        if self.kind == "declaration":
            form = forms.DeclarationForm(data=held)
            form.agreed.label.text = str(forms.DECLARED[key])
            return form
        if self.kind == "category":
            return forms.CategoryForm(data=held).offer(self.categories)
        return PLAIN[key](data=held) if key in PLAIN else Form()

    def _held(self) -> dict[str, Any]:
        answer = self.case.answers.get(self.item.key)
        held = dict(answer.value) if answer else {}
        if "cost" in held:
            held["cost"] = Rupiah(held["cost"])
        if self.permit is not None:
            permit = self.permit
            held |= {"kind": permit.kind, "issued_on": permit.issued_on, "expires_on": permit.expires_on}
            held |= {"kbli": permit.kbli_code, "kbli_version": permit.kbli_version or "2020"}
            held["number"] = "" if permit.number_sealed else permit.number
        return held

    @cached_property
    def permit(self) -> Permit | None:
        """The paper that stands for it now."""
        kinds = forms.PERMITS.get(self.item.key, ())
        return next((self.case.permits[kind] for kind in kinds if kind in self.case.permits), None)

    @property
    def photos(self) -> list[SubmissionPhoto]:
        """The photos that stand for it now."""
        purpose = "label" if self.item.key == "label" else "product"
        return [each for each in self.case.photos if each.purpose == purpose]

    @cached_property
    def categories(self) -> list[Any]:
        """The categories that take her class of business and are open."""
        found = queries.accepting(self.case.submission.profile, self.case.kbli)
        return [each for each in found if rules.is_open(each.open_from, each.open_until, self.case.day)]

    @cached_property
    def best_week(self) -> int:
        """How many were sold in the best week of the half year."""
        return queries.best_week(self.case.submission.product_id, self.case.day)

    def take(self, *, by: Actor) -> bool:
        """Keep the answer that was sent; False when the page must be shown again."""
        if self.kind == "permit":
            return self._take_permit(by)
        if self.kind == "photos":
            return self._take_photo(by)
        if not self.form.filled():
            return False
        value = self.form.value()
        with transaction():
            filling.answer(self.case, self.item.key, value, by=by)
        if self.item.key == "capacity" and rules.is_too_much(value["per_week"], self.best_week):
            text = _("Minggu terbaik selama ini %(best)s. Janji %(promised)s mungkin terlalu banyak.")
            flash(text % {"best": self.best_week, "promised": value["per_week"]}, "warning")
        return True

    def _take_permit(self, by: Actor) -> bool:
        form = self.form
        reason = form.reason.data if isinstance(form, forms.HalalForm) else ""
        if reason and not (form.number.data or "").strip():
            with transaction():
                filling.answer(self.case, self.item.key, {"reason": reason}, by=by)
            return True
        paper = form.read(
            self.case.submission.regency_code, self.case.day, self.case.submission.shop.business_type_slug
        )
        if paper is None:
            return False
        with transaction():
            filling.enter_permit(self.case, self.item.key, paper, form.photo.master, by=by)
        for warning in form.warnings:
            flash(sentence_of(warning), "warning")
        return True

    def _take_photo(self, by: Actor) -> bool:
        gone, self.stays = digits.whole(request.form.get("hapus", "")), True
        if gone is not None:
            with transaction():
                filling.remove_photo(self.case, self.item.key, gone)
            return False
        if not self.form.filled() or self.form.photo.master is None:
            if not self.form.errors:
                self.form.note("photo", _("Pilih fotonya dulu."))
            self.stays = False
            return False
        with transaction():
            filling.add_photo(self.case, self.item.key, self.form.photo.master, by=by)
        return False
