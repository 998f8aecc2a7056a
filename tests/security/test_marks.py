"""Being listed proves nothing: whoever may not see families cannot tell who is, or was, on aid.

Two ways to tell are tried: a word of a programme on a page that shows her, and a page that changes when the facts of
her family do.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
import time_machine
from flask import Response, make_response
from sqlalchemy import func, update

from app.core.db import transaction
from app.growth.businesses.models import Business
from app.people.families.models import DesilRecord, Enrollment
from tests.security import kept, walk
from tests.security.world import CANARIES
from tests.support.slices import slice_of

STRANGERS = (kept.NOBODY, kept.BUYER, "rival", "seller_far", "curator", "curator_far", "admin")
WORDS = re.compile(
    r"\b(?:PKH|UEP|KPM|KKS|DTSEN|DTKS|PENA|KUBE|desil|graduasi|bansos|alumni|prasejahtera|miskin|"
    r"(?:penerima|bantuan|program|dana) (?:manfaat|sosial|bantuan|keluarga harapan))\b",
    re.IGNORECASE,
)
MAIN = re.compile(r"<main\b.*?</main>", re.DOTALL)
TAG = re.compile(r"<(?:[^>\"']|\"[^\"]*\"|'[^']*')*>")


def traces(world) -> set[str]:
    """Return what a page says when it shows her: her name, the way to her shop and to her goods."""
    shop, product, *_rest = world.near["slug"]
    return {CANARIES["seller_name"], f'/lapak/{shop}"', f'/produk/{product}"'}


def tellings(world, pages) -> list[str]:
    """Name the pages that show her beside a word of a programme."""
    hers, found = traces(world), []
    for page in pages:
        main = " ".join(MAIN.findall(page.text)) if page.mimetype == "text/html" else page.everything
        if any(trace in main for trace in hers):
            found += [f"{word} on {page.path}" for word in sorted(set(WORDS.findall(TAG.sub(" ", main))))]
    return found


@pytest.mark.parametrize("who", slice_of(STRANGERS, kept.NOBODY, "rival"))
def test_no_page_that_shows_her_speaks_of_a_programme(world, pages, who):
    assert tellings(world, pages(who)) == []


def test_a_badge_on_her_page_goes_red(app, world, monkeypatch):
    shown = app.view_functions["catalogue.shop"]

    def badged(**given: str) -> Response:
        answer = make_response(shown(**given))
        answer.set_data(answer.get_data(as_text=True).replace("</h1>", "</h1><p>Alumni PKH</p>", 1))
        return answer

    monkeypatch.setitem(app.view_functions, "catalogue.shop", badged)

    wrong = tellings(world, kept.walked(app, world, kept.NOBODY, {"catalogue.shop", "catalogue.product"}))

    assert wrong == [f"{word} on /lapak/{world.near['slug'][0]}" for word in ("Alumni", "PKH")]


def another_life(world) -> None:
    """Let her family be in another programme that is over, in another decile, and have no shop."""
    kpm = int(world.near["kpm_id"][0])
    with transaction() as session:
        for row in (
            update(Enrollment).where(Enrollment.kpm_id == kpm).values(program="other", ended_on=func.current_date()),
            update(DesilRecord).where(DesilRecord.kpm_id == kpm).values(desil=9),
            update(Business).where(Business.kpm_id == kpm).values(ended_on=Business.started_on),
        ):
            session.execute(row)


SESSIONS = "accounts.show"  # lists the browsers in which somebody is signed in


def changed(before, after, again) -> list[str]:
    """Name the pages that are not what they were, but for lines that differ at every look."""
    return [
        one.path
        for one, two, three in zip(before, after, again, strict=True)
        if one.status != two.status or differing(lines(one), lines(two), lines(three))
    ]


def lines(page) -> list[str]:
    return walk.alike(page.text).splitlines() if page.mimetype == "text/html" else []


def differing(before, after, again) -> bool:
    if len(before) != len(after):
        return True
    return any(one != two and two == three for one, two, three in zip(before, after, again, strict=True))


@pytest.mark.parametrize("who", slice_of((kept.NOBODY, "rival", "curator", "admin"), kept.NOBODY))
def test_what_strangers_read_does_not_depend_on_her_family(app, database, world, who):
    # At one moment: pages that say how long something waits are the same for both lives.
    with time_machine.travel(datetime.now(UTC), tick=False):
        before = list(kept.walked(app, world, who))
        world = kept.market(database)
        another_life(world)

        # Looked at twice in the same order, since one page may leave a notice on the next.
        after, again = (list(kept.walked(app, world, who)) for _look in range(2))
    shown = [[page for page in walked if kept.endpoint(page) != SESSIONS] for walked in (before, after, again)]

    assert changed(*shown) == []


def test_whoever_follows_her_does_see_another_life(app, world):
    seen = {"families.show"}
    before = list(kept.walked(app, world, "caseworker", seen))

    another_life(world)

    after, again = (list(kept.walked(app, world, "caseworker", seen)) for _look in range(2))
    assert changed(before, after, again) == [page.path for page in before]
