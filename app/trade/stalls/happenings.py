"""The page of what happens on the days of a bazaar: incidents and photos."""

from __future__ import annotations

from datetime import datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import now
from app.core.cookies import private_page
from app.core.db import transaction
from app.core.i18n import _
from app.core.policy import allow, current_actor
from app.core.steps import key_of, step
from app.kit.periods import zone_named
from app.people.accounts.queries import names_of
from app.trade.bazaars import queries as bazaars
from app.trade.bazaars.models import Bazaar
from app.trade.stalls import forms, happening, policies, queries
from app.trade.stalls.door import bp
from app.trade.stalls.forms import BazaarPhotoForm, IncidentForm
from app.trade.stalls.happening import Happened
from app.trade.stalls.models import BazaarPhoto


@bp.route("/dinsos/bazar/<id:bazaar_id>/kejadian", methods=["GET", "POST"])
@allow(policies.may_look, bazaars.get_bazaar)
def happenings(bazaar: Bazaar) -> ResponseReturnValue:
    """Show what happened at a bazaar and its photos; while it runs, write an incident down."""
    clock = zone_named(queries.zone_of(bazaar)).local(now())
    form = IncidentForm(data={"jam": clock.time().replace(second=0, microsecond=0)})
    key = key_of(form)
    return step(
        form,
        lambda: happening.record(bazaar, _told(form, clock), key, by=current_actor()),
        lambda status: _page(bazaar, form, BazaarPhotoForm(formdata=None), status),
        done=lambda _made: url_for("stalls.happenings", bazaar_id=bazaar.id),
        said=_("Kejadian tercatat."),
        beside={happening.NotThen: "jam"},
    )


def _told(form: IncidentForm, clock: datetime) -> Happened:
    at = datetime.combine(clock.date(), form.jam.data, clock.tzinfo)
    return Happened(form.jenis.data, at, form.kejadian.data or "", form.tindakan.data or "")


@bp.post("/dinsos/bazar/<id:bazaar_id>/foto")
@allow(policies.may_run, bazaars.get_bazaar)
def add_photo(bazaar: Bazaar) -> ResponseReturnValue:
    """Take a photo in for the public page and the report."""
    form = BazaarPhotoForm()
    key = key_of(form)
    return step(
        form,
        lambda: happening.add_photo(bazaar, form.foto.master, form.keterangan.data or "", key, by=current_actor()),
        lambda status: _page(bazaar, IncidentForm(formdata=None), form, status),
        done=lambda _made: url_for("stalls.happenings", bazaar_id=bazaar.id, _anchor="foto-bazar"),
        said=_("Foto tersimpan. Pengunjung melihatnya di halaman bazar."),
    )


@bp.post("/dinsos/bazar/foto/<id:bazaar_photo_id>/hapus")
@allow(policies.may_remove, happening.get_photo)
def remove_photo(photo: BazaarPhoto) -> ResponseReturnValue:
    """Take a photo away for good."""
    here = url_for("stalls.happenings", bazaar_id=photo.bazaar_id, _anchor="foto-bazar")
    with transaction():
        happening.remove_photo(photo, by=current_actor())
    flash(_("Foto dihapus."), "success")
    return redirect(here, 303)


def _page(bazaar: Bazaar, form: IncidentForm, photo_form: BazaarPhotoForm, status: int) -> ResponseReturnValue:
    key_of(form)
    key_of(photo_form)
    incidents = happening.list_incidents(bazaar.id)
    page = render_template(
        "trade/stalls/happenings.html",
        bazaar=bazaar,
        state=bazaars.state_of(bazaar),
        incidents=incidents,
        people=names_of({each.by_id for each in incidents}),
        photos=happening.shown(bazaar.id),
        kinds=forms.INCIDENTS,
        may_run=policies.may_run(current_actor(), bazaar),
        form=form,
        photo_form=photo_form,
    )
    return private_page(page, status)
