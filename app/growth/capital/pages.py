"""The pages of aid as they are put together: forms, and one grant with everything."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind

from app.core import vault
from app.core.clock import today
from app.core.cookies import private_page
from app.core.errors import NotFound
from app.core.forms import Form
from app.core.i18n import _
from app.core.policy import current_actor
from app.core.steps import key_of
from app.goods.categories.queries import list_business_types
from app.growth.capital import forms, operations, policies, queries, rules, words
from app.growth.capital.models import AidGrant
from app.people.families import queries as families
from app.people.places import queries as places
from app.people.places.queries import settings_of


def grant_page(
    given: AidGrant,
    status: int = 200,
    *,
    scan_form: forms.ScanForm | None = None,
    receipt_form: forms.ReceiptForm | None = None,
) -> ResponseReturnValue:
    """Render one grant with its forms, one of them as it came back."""
    actor = current_actor()
    scan_form = scan_form or forms.ScanForm(formdata=None)
    receipt_form = receipt_form or forms.ReceiptForm(day_of(given.regency_code), formdata=None)
    key_of(receipt_form)
    scan_form.foto.id = "foto-bast"  # the receipt on the same page has a photo too
    page = render_template(
        "growth/capital/show.html",
        given=given,
        name=families.name_of(given.kpm),
        owes=owes(given, day_of(given.regency_code)),
        late=words.late,
        type_name=types().get(given.business_type_slug, ""),
        kecamatan=places.get_region(given.kecamatan_code).name,
        receipts=queries.list_receipts(given.id),
        scan_form=scan_form,
        receipt_form=receipt_form,
        keeps=policies.may_keep_grant(actor, given),
        reports=policies.may_report(actor, given),
    )
    return private_page(page, status)


def bast_facts(given: AidGrant) -> dict[str, Any]:
    """Return what the record of a handover shows.

    Raises:
        NotFound: nothing was handed over yet.
    """
    if given.bast is None:
        raise NotFound(given)
    person = families.person_of(given.kpm)
    desa = places.get_region(given.kpm.desa_code)
    return {
        "given": given,
        "bast": given.bast,
        "name": families.name_of(given.kpm),
        "address": person.address if person else "",
        "desa": desa,
        "kecamatan": places.get_region(given.kecamatan_code),
        "type_name": types().get(given.business_type_slug, ""),
        "witnesses": vault.unseal(given.bast.witnesses_sealed, operations.witnesses_place(given.bast))
        if given.bast.witnesses_sealed  # erased with the family otherwise
        else "",
        "office": settings_of(given.regency_code),
        "small": len(given.items) > rules.LARGE_ITEMS,
    }


def owes(given: AidGrant, day: date) -> str | None:
    """Say what a grant owes on a day, or None."""
    owed = rules.lateness(
        given.granted_on,
        given.due_report_on,
        day,
        handed_over=given.bast is not None,
        reported=given.report is not None,
    )
    return words.late(owed) if owed else None


def kept(name: str | None) -> str:
    """Return the name of a kept photo.

    Raises:
        NotFound: there is none.
    """
    if name is None:
        raise NotFound
    return name


def day_of(region_code: str) -> date:
    """Return which day it is in a kabupaten."""
    return today(settings_of(region_code).zone)


def types() -> dict[str, str]:
    """Return the names of the types of business."""
    return {each.slug: each.name for each in list_business_types()}


def type_choices() -> list[Any]:
    """Return the types of business to choose from, nothing chosen first."""
    known = (SelectChoice(value=slug, label=name) for slug, name in types().items())
    return [SelectChoice(value="", label=_("Belum dipilih")), *known]


def form_page(page: str, form: Form, status: int, **facts: Any) -> ResponseReturnValue:
    """Render a form."""
    return private_page(render_template(f"growth/capital/{page}.html", form=form, **facts), status)
