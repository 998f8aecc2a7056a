"""The rules for everybody: which hold, which held, and what they never do, in plain words and without a name."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from app.core.clock import today
from app.core.errors import NotFound
from app.core.policy import public
from app.core.vault import settings
from app.growth.graduation import queries, rules, words
from app.growth.graduation.door import bp
from app.growth.graduation.models import RuleSet
from app.people.places.queries import settings_of


@bp.get("/aturan-perkembangan")
@public
def public_rules() -> ResponseReturnValue:
    """Say to everybody which rules hold today, in plain words."""
    regency = settings().regency_code
    return _public(queries.rules_for(regency, today(settings_of(regency).zone)))


@bp.get("/aturan-perkembangan/<id:rule_set_id>")
@public
def public_rule_set(rule_set_id: int) -> ResponseReturnValue:
    """Say the same of rules that held or will hold; a draft is nobody's rule yet."""
    found = queries.get_rule_set(rule_set_id)
    if found.status == "draft":
        raise NotFound(rule_set_id)
    return _public(found)


def _public(found: RuleSet) -> str:
    regency = found.regency_code or settings().regency_code
    day = today(settings_of(regency).zone)
    return render_template(
        "growth/graduation/public_rules.html",
        found=found,
        place=settings_of(regency).region_name,
        holding=queries.rules_for(regency, day).id,
        versions=[each for each in queries.list_rule_sets(regency) if each.status != "draft"],
        day=day,
        words=words,
        rules=rules,
        supports={each["code"]: words.SUPPORT.get(each["support"], "") for each in found.criteria},
    )
