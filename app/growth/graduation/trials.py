"""What other rules would say of the families that are followed: counted, and kept with the draft alone.

A trial is plain data: `day` and `against` (the id of the rules that hold), for each kecamatan how many families are
followed, stand out now and would then, newly or no longer; for each criterion how many meet it and do not, now and
then; and which families would newly stand out (1) or no longer (-1).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from app.growth.graduation.reckoning import MET, NOT_MET

MOST_NAMED: Final = 200
FAMILIES, NOW, THEN, NEWLY, NO_LONGER = range(5)

Trial = dict[str, Any]
Results = Mapping[str, Any]


def begin(day: date, against: int) -> Trial:
    """Return an empty trial."""
    return {"day": day.isoformat(), "against": against, "areas": {}, "criteria": {}, "who": []}


def count(trial: Trial, kpm_id: int, area: str, now: Results, then: Results) -> None:
    """Add one family: what is said of it now, and what the draft would say.

    >>> trial = begin(date(2026, 11, 29), 1)
    >>> said = {"criteria": [{"code": "I8", "result": "met"}], "watch": []}
    >>> count(trial, 7, "36.04.27", said, {"criteria": [{"code": "I8", "result": "not_met"}], "watch": ["I8", "I7"]})
    >>> trial["areas"], trial["criteria"], trial["who"]
    ({'36.04.27': [1, 0, 1, 1, 0]}, {'I8': [1, 0, 0, 1]}, [[7, 1]])
    """
    sums = trial["areas"].setdefault(area, [0] * 5)
    stands, would = bool(now["watch"]), bool(then["watch"])
    for place, is_so in enumerate((True, stands, would, would and not stands, stands and not would)):
        sums[place] += is_so
    if stands != would and len(trial["who"]) < MOST_NAMED:
        trial["who"].append([kpm_id, 1 if would else -1])
    for place, said in enumerate((now, then)):
        for each in said["criteria"]:
            answers = trial["criteria"].setdefault(each["code"], [0] * 4)
            answers[place] += each["result"] == MET
            answers[2 + place] += each["result"] == NOT_MET


def total(trial: Trial) -> list[int]:
    """Add the kecamatan up.

    >>> total({"areas": {"36.04.27": [3, 1, 2, 1, 0], "36.04.13": [2, 1, 0, 0, 1]}}), total({"areas": {}})
    ([5, 2, 2, 1, 1], [0, 0, 0, 0, 0])
    """
    return [sum(sums[place] for sums in trial["areas"].values()) for place in range(5)]


def may_be_told(counts: list[int], least: int) -> bool:
    """Tell whether somebody who sees no family may read a total: with one small count among them, none is told.

    The total of followed families is left out of what they read, so only what stands out matters.

    >>> may_be_told([90, 12, 20, 8, 0], 5), may_be_told([90, 12, 14, 2, 0], 5)
    (True, False)
    """
    return all(each == 0 or each >= least for each in counts[NOW:])
