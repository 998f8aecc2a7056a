"""Bazaars as a seller meets them, and her pendamping for her."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind

from app.core.cookies import private_page
from app.core.db import transaction
from app.core.errors import DomainError, Unreadable
from app.core.forms import posted
from app.core.i18n import _, language
from app.core.policy import allow, current_actor
from app.goods.shops import policies as shop_policies
from app.goods.shops.models import Shop
from app.goods.shops.queries import get_own_shop
from app.people.accounts.policies import is_pendamping
from app.trade.bazaars import applying, asked, policies, queries, rules, words
from app.trade.bazaars.applying import Wish
from app.trade.bazaars.door import bp
from app.trade.bazaars.forms import ApplyForm, HelpForm
from app.trade.bazaars.models import Application, Bazaar
from app.trade.bazaars.showing import leaf_of


@bp.get("/jualan/bazar")
@allow(shop_policies.owns, get_own_shop)
def mine(shop: Shop) -> Response:
    """Show a seller the open calls, where she stands, and what she was told."""
    applications = queries.list_of_shop(shop.id)
    live = {each.bazaar_id for each in applications if queries.now_of(each) in rules.LIVE}
    page = render_template(
        "trade/bazaars/mine.html",
        calls=[leaf_of(each) for each in queries.list_calls(shop.regency_code) if each.id not in live],
        standings=[standing_of(each) for each in applications],
        messages=[(each, words.message(each)) for each in asked.list_messages(shop.owner_id)],
    )
    return private_page(page)


def standing_of(application: Application) -> dict[str, Any]:
    """Return where an application stands, in words that its seller may read now."""
    state = queries.now_of(application)
    announced = queries.is_announced(application.bazaar)
    return {
        "application": application,
        "bazaar": application.bazaar,
        "leaf": leaf_of(application.bazaar),
        "state": state,
        "word": words.standing(application, state, announced=announced),
        "announced": announced,
        "open_to": application.state in applying.OBJECTIONABLE,
        "answer_by": queries.answer_by(application),
        "asked": application.asks_again and state in rules.ASKED_AGAIN,
    }


@bp.route("/jualan/bazar/<id:bazaar_id>/daftar", methods=["GET", "POST"])
@allow(policies.may_apply, queries.get_bazaar)
def apply(bazaar: Bazaar) -> ResponseReturnValue:
    """Apply in one screen, with last time's answers filled in."""
    shop = get_own_shop(current_actor())
    live = queries.find_live(bazaar.id, shop.id)
    if live is not None:
        return redirect(url_for("bazaars.standing", application_id=live.id), 303)
    form = ApplyForm(data=_last(shop))
    if not form.filled():
        return _apply_page(form, bazaar)
    try:
        with transaction():
            application = applying.apply(bazaar, shop, _wish(form), _key(form), by=current_actor())
    except DomainError as refusal:
        form.form_errors = [str(refusal)]
        return _apply_page(form, bazaar, refusal.status)
    _thank(application)
    return redirect(url_for("bazaars.standing", application_id=application.id), 303)


def _last(shop: Shop) -> dict[str, Any]:
    last = queries.find_last_of(shop.id)
    return {"barang": last.goods, "listrik": last.power, "catatan": last.note} if last else {}


def _wish(form: ApplyForm) -> Wish:
    return Wish(goods=form.barang.data, power=bool(form.listrik.data), note=form.catatan.data or "")


def _key(form: ApplyForm) -> str:
    return (form.kunci.data or "")[:64] or secrets.token_urlsafe(16)


def _thank(application: Application) -> None:
    said = _("Terkirim. Nomor pendaftaran %(n)s.", n=application.number)
    if application.late:
        said += " " + _("Pendaftaran ini terlambat, jadi dinilai setelah yang tepat waktu.")
    flash(said, "success")


def _apply_page(form: ApplyForm, bazaar: Bazaar, status: int | None = None) -> ResponseReturnValue:
    form.kunci.data = _key(form)
    status = status or (422 if form.is_submitted() else 200)
    page = render_template(
        "trade/bazaars/apply.html",
        form=form,
        bazaar=bazaar,
        leaf=leaf_of(bazaar),
        questions=asked.list_questions(bazaar.id),
        open=queries.state_of(bazaar) == "open_call",
    )
    return private_page(page, status)


@bp.post("/jualan/bazar/<id:bazaar_id>/tanya")
@allow(policies.may_apply, queries.get_bazaar)
def ask(bazaar: Bazaar) -> ResponseReturnValue:
    """Ask something about the call."""
    acts: dict[str, Any] = {"": lambda: applying.ask(bazaar, posted("pertanyaan")[:300], by=current_actor())}
    if not posted("pertanyaan"):
        raise Unreadable
    return _do(
        acts, url_for("bazaars.apply", bazaar_id=bazaar.id), _("Pertanyaan terkirim. Jawabannya dibaca semua orang.")
    )


@bp.get("/jualan/bazar/pendaftaran/<id:application_id>")
@allow(policies.owns, queries.get_application)
def standing(application: Application) -> Response:
    """Show a seller her application."""
    return _standing_page(application, "bazaars.standing", "/jualan/bazar")


@bp.post("/jualan/bazar/pendaftaran/<id:application_id>")
@allow(policies.owns, queries.get_application)
def act(application: Application) -> ResponseReturnValue:
    """Say yes or no, step back, mend, object."""
    return _act(application, "bazaars.standing")


def _standing_page(application: Application, endpoint: str, home: str) -> Response:
    bazaar = application.bazaar
    shown = standing_of(application)
    page = render_template(
        "trade/bazaars/standing.html",
        **shown,
        home=home,
        reason=words.reason,
        action=url_for(endpoint, application_id=application.id),
        why=_why(application) if shown["state"] == "waitlisted" else [],
        parts=_own_points(application) if shown["announced"] else [],
        stall=queries.find_stall_of(application.id),
        objection=asked.find_objection(application.id),
        contact=bazaar.contact,
    )
    return private_page(page)


def _why(application: Application) -> list[str]:
    """Name the pools that keep a waiting seller from a place."""
    bazaar = application.bazaar
    pools = queries.pools_of(bazaar)
    taken = rules.counts(pools, queries.holders_of(bazaar.id))
    full = rules.full_for(application.pools, pools, taken, reserve=queries.keeps_reserve(bazaar))
    names = words.pool_names(full)
    return [names[key] for key in full]


def _own_points(application: Application) -> list[tuple[str, str]]:
    """Return her own points, part by part: the mean of her reviewers."""
    reviews = queries.list_reviews([application.id])[application.id]
    parts, point = [], "." if language() == "en" else ","
    for key, most in rules.RUBRIC:
        given = [each.scores[key] for each in reviews if key in each.scores]
        if given:
            mean = rules.mean_score(given)
            parts.append((str(words.PARTS[key]), f"{mean // 100}{point}{mean % 100:02d} / {most}"))
    return parts


def _act(application: Application, endpoint: str) -> ResponseReturnValue:
    actor = current_actor()
    wish = Wish(posted("barang")[:200] or application.goods, application.power, application.note)
    acts: dict[str, Any] = {
        "ikut": lambda: applying.confirm(application, by=actor),
        "tidak-ikut": lambda: applying.decline(application, by=actor),
        "masih-ikut": lambda: applying.stay(application, by=actor),
        "batal": lambda: applying.withdraw(application, by=actor),
        "perbaiki": lambda: applying.mend(application, wish, by=actor),
        "keberatan": lambda: applying.object_to(application, posted("keberatan")[:500], by=actor),
    }
    return _do(acts, url_for(endpoint, application_id=application.id), _("Tersimpan."))


def _do(acts: dict[str, Any], after: str, sentence: str) -> ResponseReturnValue:
    act = acts.get(posted("langkah"))
    if act is None:
        raise Unreadable
    try:
        with transaction():
            act()
    except DomainError as refusal:
        flash(str(refusal), "error")
        return redirect(after, 303)
    flash(sentence, "success")
    return redirect(after, 303)


@bp.get("/dampingan/bazar")
@allow(is_pendamping)
def caseload() -> Response:
    """Show a pendamping the open calls and how her sellers stand."""
    actor = current_actor()
    page = render_template(
        "trade/bazaars/caseload.html",
        calls=[leaf_of(each) for each in queries.list_calls(actor.region_code)],
        standings=[standing_of(each) for each in queries.list_caseload_applications(actor)],
    )
    return private_page(page)


@bp.route("/dampingan/bazar/daftar", methods=["GET", "POST"])
@allow(is_pendamping)
def apply_for() -> ResponseReturnValue:
    """Apply for a seller of the caseload; both names are stored."""
    actor = current_actor()
    calls = {str(each.id): each for each in queries.list_calls(actor.region_code)}
    shops = {str(each.id): each for each in queries.list_caseload(actor)}
    form = HelpForm()
    form.bazar.choices = [SelectChoice(value=key, label=each.name) for key, each in calls.items()]
    form.penjual.choices = [
        SelectChoice(value=key, label=f"{each.name} · {each.owner.name}") for key, each in shops.items()
    ]
    if not form.filled():
        return _help_page(form)
    bazaar, shop = calls[form.bazar.data], shops[form.penjual.data]
    try:
        with transaction():
            application = applying.apply(bazaar, shop, _wish(form), _key(form), by=actor)
    except DomainError as refusal:
        form.form_errors = [str(refusal)]
        return _help_page(form, refusal.status)
    _thank(application)
    return redirect(url_for("bazaars.standing_for", application_id=application.id), 303)


def _help_page(form: HelpForm, status: int | None = None) -> ResponseReturnValue:
    form.kunci.data = _key(form)
    status = status or (422 if form.is_submitted() else 200)
    return private_page(render_template("trade/bazaars/apply_for.html", form=form), status)


@bp.get("/dampingan/bazar/pendaftaran/<id:application_id>")
@allow(policies.helps, queries.get_application)
def standing_for(application: Application) -> Response:
    """Show a pendamping the application of her seller."""
    return _standing_page(application, "bazaars.standing_for", "/dampingan/bazar")


@bp.post("/dampingan/bazar/pendaftaran/<id:application_id>")
@allow(policies.helps, queries.get_application)
def act_for(application: Application) -> ResponseReturnValue:
    """Answer for her, with both names."""
    return _act(application, "bazaars.standing_for")
