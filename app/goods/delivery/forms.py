"""What a seller says about bringing her goods: one fee for each kecamatan, empty where she does not go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import Field
from wtforms.validators import Optional, ValidationError

from app.core.forms import QuantityField, RupiahField, Versioned, between
from app.core.i18n import _, _l
from app.goods.delivery import rules
from app.goods.delivery.models import DeliveryPlan, DeliveryZone
from app.goods.delivery.rules import Place
from app.kit.rupiah import ZERO, Rupiah

FEE = "ongkos-"


class FeeField(RupiahField):
    """The fee of one delivery."""

    sentence = _l("Isi dengan angka, misalnya 5000. Gratis: isi 0.")


def _fee(form: Any, field: Any) -> None:
    if field.data is not None and not ZERO <= field.data <= rules.MOST_FEE:
        raise ValidationError(_("Paling banyak %(most)s.", most=rules.MOST_FEE))


def _least(form: Any, field: Any) -> None:
    if field.data is not None and not ZERO < field.data <= rules.MOST_LEAST:
        raise ValidationError(_("Isi antara Rp1 dan %(most)s, atau kosongkan.", most=rules.MOST_LEAST))


class PlanForm(Versioned):
    """What holds for every order of a shop; `for_places` adds the fees."""

    minimum: Any = RupiahField(_l("Belanja paling sedikit"), [Optional(), _least])
    cod: Any = QuantityField(
        _l("Boleh bayar di tempat sampai berapa kilometer"), [Optional(), between(0, rules.MOST_KM)]
    )

    other: Any = QuantityField(
        _l("Ke tempat lain, sampai berapa kilometer"), [Optional(), between(1, rules.MOST_KM)], name="lain"
    )

    @property
    def fees(self) -> list[Field]:
        """Return the fields of the fees, the nearest kecamatan first."""
        return [each for each in self if each.name.startswith(FEE)]

    def chosen(self) -> dict[str, Rupiah]:
        """Return the fee of each kecamatan that has one."""
        return {each.name.removeprefix(FEE): each.data for each in self.fees if each.data is not None}


def for_places(places: Sequence[Place], plan: DeliveryPlan | None, known: Mapping[str, DeliveryZone]) -> PlanForm:
    """Return the form of a shop: a fee for each place, filled with what it said before."""
    fields = {
        f"fee_{number}": FeeField(place.name, [Optional(), _fee], name=f"{FEE}{place.code}")
        for number, place in enumerate(places)
    }
    form: PlanForm = type("PlanForm", (PlanForm,), fields)()
    if not form.is_submitted():
        form.versi.data = str(plan.version if plan else 0)
        if plan:
            form.minimum.data, form.cod.data, form.other.data = plan.least, plan.cod_km, plan.other_km
        for number, place in enumerate(places):
            if place.code in known:
                form[f"fee_{number}"].data = known[place.code].fee
    return form
