"""The rules as data: everybody may read them, one drafts, all are tried, another lets them hold from a day to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.core.clock import today
from app.core.cookies import private_page
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.i18n import _
from app.core.policy import allow, current_actor
from app.growth.graduation import policies, queries, rulemaking, trials, words
from app.growth.graduation.door import bp
from app.growth.graduation.forms import ActivateForm, RulesForm
from app.growth.graduation.models import RuleSet
from app.kit import masking
from app.people.accounts.queries import names_of
from app.people.families import queries as families
from app.people.places import queries as places
from app.people.places.queries import settings_of

WAIT_SECONDS = 3


@dataclass(frozen=True)
class Shown:
    """A trial on the screen: totals (none where one is small), and for who sees the families areas, answers, names."""

    day: date
    against: RuleSet
    total: list[int] | None
    areas: list[tuple[str, list[int]]]
    answers: list[tuple[str, list[int]]]
    newly: list[tuple[int, str]]
    no_longer: list[tuple[int, str]]


@bp.get("/dinsos/perkembangan/aturan")
@allow(policies.watches)
def list_rules() -> ResponseReturnValue:
    """List the rule sets of the kabupaten and the one that ships."""
    actor = current_actor()
    regency = actor.region_code[:5]
    page = render_template(
        "growth/graduation/rules.html",
        sets=queries.list_rule_sets(regency),
        holding=queries.rules_for(regency, today(settings_of(regency).zone)).id,
        drafts=policies.drafts_rules(actor),
    )
    return private_page(page)


@bp.get("/dinsos/perkembangan/aturan/<id:rule_set_id>")
@allow(policies.may_see_rules, queries.get_rule_set)
def rule_set(found: RuleSet) -> ResponseReturnValue:
    """Show one rule set in words, and what it would change; while that is counted the page asks again by itself."""
    response = private_page(_page(found, _activation(found)))
    if found.status == "draft" and found.trial is None:
        response.headers["Refresh"] = str(WAIT_SECONDS)
    return response


def _activation(found: RuleSet) -> ActivateForm:
    return ActivateForm(today(settings_of(found.regency_code or "").zone))


def _page(found: RuleSet, form: ActivateForm) -> str:
    actor = current_actor()
    people = {each for each in (found.drafted_by_id, found.activated_by_id) if each}
    return render_template(
        "growth/graduation/rule_set.html",
        found=found,
        **_words_of(found),
        people=names_of(people),
        shown=_shown(found),
        may_activate=policies.may_activate(actor, found),
        may_try=policies.may_try(actor, found),
        form=form,
    )


def _words_of(found: RuleSet) -> dict[str, Any]:
    """Return the criteria and the signs of a rule set, each as (title, limit)."""
    return {
        "criteria": [(words.CRITERIA[each["code"]], words.limit_of(each)) for each in found.criteria],
        "signs": [(words.CRITERIA[each["code"]], words.limit_of(each)) for each in found.flags["signs"]],
    }


def _shown(found: RuleSet) -> Shown | None:
    """Return what a trial counted, for whoever looks; a small count is only for those who see the families."""
    actor, trial = current_actor(), found.trial
    if trial is None or not policies.may_see_trial(actor, found):
        return None
    day, against = date.fromisoformat(trial["day"]), queries.get_rule_set(trial["against"])
    total = trials.total(trial)
    if actor.role not in policies.DECIDES:
        return Shown(day, against, total if trials.may_be_told(total, masking.LEAST) else None, [], [], [], [])
    names = places.names_of(set(trial["areas"]))
    known = families.list_named([kpm_id for kpm_id, _way in trial["who"]], scope=actor)
    return Shown(
        day=day,
        against=against,
        total=total,
        areas=sorted((names.get(code, code), sums) for code, sums in trial["areas"].items()),
        answers=[(str(words.CRITERIA[code]), sums) for code, sums in trial["criteria"].items()],
        newly=[(kpm_id, known[kpm_id]) for kpm_id, way in trial["who"] if way > 0 and kpm_id in known],
        no_longer=[(kpm_id, known[kpm_id]) for kpm_id, way in trial["who"] if way < 0 and kpm_id in known],
    )


@bp.route("/dinsos/perkembangan/aturan/baru", methods=["GET", "POST"])
@allow(policies.drafts_rules)
def draft_rules() -> ResponseReturnValue:
    """Draft other limits, beginning with those that hold now."""
    actor = current_actor()
    regency = actor.region_code[:5]
    held = queries.rules_for(regency, today(settings_of(regency).zone))
    form = RulesForm.made_from(held)
    if form.filled():
        with transaction():
            made = rulemaking.draft_rules(regency, form.criteria(), form.flags(), form.catatan.data, by=actor)
        flash(_("Rancangan disimpan. Uji cobanya sedang dihitung, lalu orang lain yang memberlakukannya."))
        return redirect(url_for("graduation.rule_set", rule_set_id=made.id), 303)
    return private_page(render_template("growth/graduation/draft.html", form=form, held=held, words=words))


@bp.post("/dinsos/perkembangan/aturan/<id:rule_set_id>/uji")
@allow(policies.may_try, queries.get_rule_set)
def try_rules(found: RuleSet) -> ResponseReturnValue:
    """Count once more what a draft would change, with what is known today."""
    with transaction():
        rulemaking.ask_trial(found)
    return redirect(url_for("graduation.rule_set", rule_set_id=found.id), 303)


@bp.post("/dinsos/perkembangan/aturan/<id:rule_set_id>/berlaku")
@allow(policies.may_activate, queries.get_rule_set)
def activate_rules(found: RuleSet) -> ResponseReturnValue:
    """Let drafted rules hold from a day to come."""
    form = _activation(found)
    if not form.filled() or not form.mulai.data:
        return private_page(_page(found, form), 200)
    try:
        with transaction():
            rulemaking.activate_rules(found, form.mulai.data, by=current_actor())
    except DomainError as refusal:
        form.form_errors = [str(refusal)]
        return private_page(_page(found, form), refusal.status)
    flash(_("Aturan akan berlaku mulai hari itu."))
    return redirect(url_for("graduation.rule_set", rule_set_id=found.id), 303)
