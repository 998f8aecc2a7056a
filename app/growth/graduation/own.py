"""The family's own view: every figure in plain words, who reads it, what was decided, and how to object or withdraw."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.cookies import private_page
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.forms import posted
from app.core.i18n import _
from app.core.panels import fill
from app.core.policy import allow, current_actor
from app.growth.graduation import appeals, display, policies, queries, rules, words
from app.growth.graduation.door import bp
from app.growth.graduation.forms import ObjectionForm
from app.growth.graduation.known import list_decided
from app.growth.graduation.pieces import rows_page
from app.growth.graduation.queries import MONITORING
from app.growth.mentoring import agreed
from app.people.families import operations as families
from app.people.families import queries as family_queries
from app.people.families import rules as family_rules
from app.people.families import words as family_words
from app.people.families.models import Kpm


@fill("account.consents", order=60)
def account_panel(account_id: int) -> str:
    """Lead a seller with a family to what is known of it; nothing for everybody else."""
    actor = current_actor()
    if actor.id != account_id or queries.find_own_kpm(actor) is None:
        return ""
    return render_template("growth/graduation/_own.html")


@bp.get("/jualan/perkembangan")
@allow(policies.is_family, queries.get_own_kpm)
def mine(kpm: Kpm) -> ResponseReturnValue:
    """Show a seller everything that is known of her own family's livelihood."""
    return private_page(_page(kpm, ObjectionForm(formdata=None)))


def _page(kpm: Kpm, form: ObjectionForm) -> str:
    objections = queries.list_appeals(kpm.id)
    growth, (decisions, people) = display.growth_of(kpm), list_decided(kpm.id)
    looks, lookers = family_queries.list_lookers(kpm.id)
    return render_template(
        "growth/graduation/mine.html",
        growth=growth,
        consents=growth.sales_used,
        decisions=decisions,
        appeals=objections,
        open_appeal=next((each for each in objections if each.state in rules.OPEN_APPEAL), None),
        said=queries.words_of(kpm.id),
        looks=looks,
        people=growth.people | people | lookers,
        look_words=family_words.LOOKS,
        purpose=family_words.purpose,
        wish=growth.wish,
        words=words,
        form=form,
    )


@bp.get("/jualan/perkembangan/ukuran")
@allow(policies.is_family, queries.get_own_kpm)
def my_rows(kpm: Kpm) -> ResponseReturnValue:
    """Show her the lines behind a figure."""
    if "apa" not in request.args:
        return redirect(url_for("graduation.mine"), 303)
    return private_page(rows_page(kpm, "", url_for("graduation.mine")))


@bp.post("/jualan/perkembangan/keberatan")
@allow(policies.is_family, queries.get_own_kpm)
def object_myself(kpm: Kpm) -> ResponseReturnValue:
    """Let her object in her own words."""
    form = ObjectionForm()
    if not form.filled():
        return private_page(_page(kpm, form), 200)
    try:
        with transaction():
            appeals.file(kpm, form.ucapan.data, channel="page", by=current_actor())
    except DomainError as refusal:
        form.form_errors = [str(refusal)]
        return private_page(_page(kpm, form), refusal.status)
    flash(_("Keberatan Anda diterima. Orang lain yang memeriksa, paling lambat 14 hari kerja."))
    return redirect(url_for("graduation.mine"), 303)


@bp.post("/jualan/perkembangan/keberatan/cabut")
@allow(policies.is_family, queries.get_own_kpm)
def withdraw_mine(kpm: Kpm) -> ResponseReturnValue:
    """Let her take her objection back."""
    found = queries.find_open_appeal(kpm.id)
    if found is not None:
        with transaction():
            appeals.withdraw(found, by=current_actor())
        flash(_("Keberatan dicabut."))
    return redirect(url_for("graduation.mine"), 303)


@bp.post("/jualan/perkembangan/izin")
@allow(policies.is_family, queries.get_own_kpm)
def consent(kpm: Kpm) -> ResponseReturnValue:
    """Take the consent to be followed back, or give it again; it holds from this moment."""
    actor = current_actor()
    with transaction():
        if posted("izin") == "ya":
            families.give_consent(
                kpm, MONITORING, wording_version=family_rules.WORDING, method="own_phone", by=actor
            )  # fmt: skip
        else:
            families.withdraw_consent(kpm, MONITORING, by=actor)
    flash(_("Izin tersimpan, berlaku sejak sekarang. Jualan Anda tetap jalan seperti biasa."))
    return redirect(url_for("graduation.mine"), 303)


@bp.post("/jualan/perkembangan/keinginan")
@allow(policies.is_family, queries.get_own_kpm)
def own_wish(kpm: Kpm) -> ResponseReturnValue:
    """Let her say that she wishes to stand without aid, or take that back; nothing else follows from it."""
    with transaction():
        agreed.wish(kpm, alone=posted("mandiri") == "ya", by=current_actor())
    flash(_("Tersimpan. Pendamping membacanya dan membicarakannya dengan Anda. Bantuan Anda tidak berubah."))
    return redirect(url_for("graduation.mine"), 303)
