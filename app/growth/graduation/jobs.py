"""The nightly reckoning: every followed family measured again, in small parts that can be taken up anywhere.

An assessment is kept when it says something new, or begins a new month; so a quiet family adds a row a month.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from app.core import jobs
from app.core.clock import now, today
from app.growth.graduation import measure, operations, queries, reckoning, rulemaking, trials
from app.people.places.queries import settings_of

KIND = "graduation.reckon"
EVERY_SECONDS = 3600
AT_ONCE = 250


@jobs.every(EVERY_SECONDS, "graduation.nightly")
def begin() -> None:
    """Ask for the reckoning of each kabupaten that has families left for today."""
    for regency_code in queries.list_regencies():
        day = today(settings_of(regency_code).zone)
        if queries.list_unreckoned(regency_code, day, 0, 1):
            _ask(regency_code, day, 0)


def _ask(regency_code: str, day: date, after: int) -> None:
    facts = {"regency": regency_code, "day": day.isoformat(), "after": after}
    jobs.enqueue(KIND, facts, key=f"{KIND}:{regency_code}:{day}:{after}")


@jobs.slow_handler(KIND)
def reckon(facts: dict[str, Any]) -> jobs.Finish:
    """Read one part without holding up any writer; what it returns stores it."""
    regency_code, day = facts["regency"], date.fromisoformat(facts["day"])
    kpm_ids = queries.list_unreckoned(regency_code, day, facts["after"], AT_ONCE)
    used = queries.consenting(kpm_ids, now(), day)
    inputs = measure.inputs_of_many(kpm_ids, used, day)

    def finish() -> None:
        store(regency_code, day, inputs, used)
        if len(kpm_ids) == AT_ONCE:
            _ask(regency_code, day, kpm_ids[-1])

    return finish


@jobs.slow_handler(rulemaking.TRIAL)
def try_rules(facts: dict[str, Any]) -> jobs.Finish:
    """Count what a draft would say of one part of the families, and hand the counts on; nothing is kept of a family."""
    draft, day, after = queries.get_rule_set(facts["rules"]), date.fromisoformat(facts["day"]), facts.get("after", 0)
    held = queries.rules_for(draft.regency_code or "", day)
    trial = facts.get("trial") or trials.begin(day, held.id)
    areas = dict(queries.list_followed(draft.regency_code or "", after, AT_ONCE))
    inputs = measure.inputs_of_many(areas, queries.consenting(areas, now(), day), day)
    for kpm_id, told in inputs.items():
        said = (reckoning.assess(each.criteria, each.flags, told) for each in (held, draft))
        trials.count(trial, kpm_id, areas[kpm_id], *said)

    def finish() -> None:
        if len(areas) < AT_ONCE:
            rulemaking.keep_trial(draft.id, trial)
        else:
            last = max(areas)
            rest = facts | {"after": last, "trial": trial}
            jobs.enqueue(rulemaking.TRIAL, rest, key=f"{rulemaking.TRIAL}:{draft.id}:{last}")

    return finish


def store(regency_code: str, day: date, inputs: dict[int, dict[str, Any]], used: set[int]) -> None:
    """Keep what is new of a part. Who took her consent back since it was read is left for the next round."""
    still = queries.consenting(inputs, now(), day)
    ready = [kpm_id for kpm_id in inputs if (kpm_id in used) == (kpm_id in still)]
    rule_set, before = queries.rules_for(regency_code, day), queries.last_results(ready)
    results = {kpm_id: reckoning.assess(rule_set.criteria, rule_set.flags, inputs[kpm_id]) for kpm_id in ready}
    new = [kpm_id for kpm_id in ready if _is_new(before.get(kpm_id), results[kpm_id], day)]
    operations.keep_night(day, {kpm_id: (inputs[kpm_id], results[kpm_id]) for kpm_id in new}, rule_set)
    operations.note_night(day, ready, consents=still)


def _is_new(known: tuple[date, dict[str, Any]] | None, results: dict[str, Any], day: date) -> bool:
    """Tell whether answers or warning signs changed, or a month began; figures alone move every day."""
    if known is None or (known[0].year, known[0].month) != (day.year, day.month):
        return True
    told = [[(each["code"], each["result"]) for each in said["criteria"]] for said in (known[1], results)]
    return told[0] != told[1] or known[1]["watch"] != results["watch"]
