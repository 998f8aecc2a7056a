"""Choosing a place in a form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind

from app.core.i18n import _
from app.people.places.models import Region
from app.people.places.queries import names_of


def desa_choices(desa: Sequence[Region]) -> list[Any]:
    """Return the choices of a desa field, grouped by kecamatan, nothing chosen first."""
    kecamatan = names_of({each.parent_code or "" for each in desa})
    ordered = sorted(desa, key=lambda each: (kecamatan.get(each.parent_code or "", ""), each.parent_code, each.name))
    return [
        SelectChoice(value="", label=_("Belum dipilih")),
        *(
            SelectChoice(value=each.code, label=each.name, optgroup=kecamatan.get(each.parent_code or "", ""))
            for each in ordered
        ),
    ]
