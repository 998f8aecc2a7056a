"""Words that curators keep: how people write what they look for, and what tells of food that may not be P-IRT."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.db import transaction
from app.core.i18n import _
from app.core.policy import allow, current_actor
from app.goods.categories.models import MarketWord
from app.goods.reference import forms, operations, policies, queries, rules, wording
from app.goods.reference.door import bp
from app.goods.reference.forms import WORD_FORMS, SpellingForm

ADDRESSES = {kind: which for which, kind in rules.WORD_LISTS.items()}


@bp.get("/dinsos/acuan/daftar/<slug:which>")
@allow(policies.may_keep, queries.get_word_kind)
def words(kind: str) -> str:
    """List the words of a kind, those that hold what was asked for."""
    holds, after = (rules.fold(request.args.get(name, "")[:80]) for name in ("cari", "setelah"))
    found = queries.list_words(kind, holds, after)
    shown = found[: queries.WORDS_PAGE]
    more = shown[-1].word if len(found) > len(shown) else None
    return _page("words", kind, words=shown, holds=holds, more=more, first=not after)


@bp.route("/dinsos/acuan/daftar/<slug:which>/baru", methods=["GET", "POST"])
@allow(policies.may_keep, queries.get_word_kind)
def add_word(kind: str) -> ResponseReturnValue:
    """Put one more word into a list."""
    form = WORD_FORMS[kind]()
    if not form.is_submitted():
        return _page("word", kind, form=form, word=None)
    if not form.validate():
        return _page("word", kind, form=form, word=None), 422
    try:
        with transaction():
            wording.add_word(kind, form.facts(), by=current_actor())
    except (wording.WordTaken, wording.Unfit) as refusal:
        _beside(form, refusal)
        return _page("word", kind, form=form, word=None), refusal.status
    flash(_saved(kind), "success")
    return redirect(url_for("reference.words", which=ADDRESSES[kind]), 303)


@bp.route("/dinsos/acuan/kata/<id:word_id>", methods=["GET", "POST"])
@allow(policies.may_keep, queries.get_word)
def word(word: MarketWord) -> ResponseReturnValue:
    """Change what a word stands for."""
    form, number = WORD_FORMS[word.kind](), word.id
    if not form.is_submitted():
        form.arti.data, form.versi.data = word.meaning, str(word.version)
        return _word_page(word, form)
    form.kata.data = word.word
    if not form.validate():
        return _word_page(word, form), 422
    try:
        with transaction():
            wording.edit_word(word, form.facts(word.word).meaning, version=form.seen(), by=current_actor())
    except operations.Stale as refusal:
        newer = queries.get_word(number)
        form.form_errors, form.versi.data = [str(refusal)], str(newer.version)
        return _word_page(newer, form, newer=newer), refusal.status
    except wording.Unfit as refusal:
        _beside(form, refusal)
        return _word_page(queries.get_word(number), form), refusal.status
    flash(_saved(word.kind), "success")
    return redirect(url_for("reference.words", which=ADDRESSES[word.kind]), 303)


@bp.post("/dinsos/acuan/kata/<id:word_id>/hapus")
@allow(policies.may_keep, queries.get_word)
def remove_word(word: MarketWord) -> ResponseReturnValue:
    """Take a word out of its list."""
    form, kind, said, number = SpellingForm(), word.kind, word.word, word.id
    try:
        with transaction():
            wording.remove_word(word, version=form.seen(), by=current_actor())
    except operations.Stale as refusal:
        newer = queries.get_word(number)
        flash(str(refusal), "warning")
        return redirect(url_for("reference.word", word_id=newer.id), 303)
    flash(_("“%(word)s” dihapus dari daftar.", word=said), "success")
    return redirect(url_for("reference.words", which=ADDRESSES[kind]), 303)


def _saved(kind: str) -> str:
    if kind == "spelling":
        return _("Tersimpan. Pencarian langsung mengikuti.")
    return _("Tersimpan. Surat yang perlu langsung mengikuti.")


def _beside(form: SpellingForm, refusal: wording.WordTaken | wording.Unfit) -> None:
    means = isinstance(refusal, wording.Unfit) and refusal.fault.code in wording.AT_MEANING
    form.note("arti" if means else "kata", refusal)


def _page(name: str, kind: str, **facts: Any) -> str:
    told = {"forms": forms, "kind": kind, "which": ADDRESSES[kind], "newer": None}
    return render_template(f"goods/reference/{name}.html", **(told | facts))


def _word_page(word: MarketWord, form: SpellingForm, newer: MarketWord | None = None) -> str:
    changes = queries.list_changes((word.kind, str(word.id)))
    return _page("word", word.kind, form=form, word=word, newer=newer, changes=changes)
