"""A buyer's link opens with its signature alone: a wrong one answers like an order that never was, and is counted."""

from __future__ import annotations

import pytest

from app.core import limits
from app.trade.orders import links
from config import LIMITS
from tests.house import addresses
from tests.security import walk
from tests.security.dump import stored
from tests.security.test_hostile import forget_limits
from tests.security.test_ownership import difference

MOST = LIMITS["order-look-up"][0]


def signed_stops(app, world):
    """Yield every address that access.csv calls signed, for an order of the seller."""
    signed = {row["endpoint"] for row in addresses.matrix() if row["ownership"] == "signed"}
    for method in ("GET", "POST"):
        for stop in walk.stops(app, {name: values[:1] for name, values in world.near.items()}, method):
            if stop.rule.endpoint in signed and "code" in stop.rule.arguments:
                yield stop


def test_a_wrong_signature_answers_like_an_order_that_never_was(app, world, browser):
    client, before = browser(), stored()
    other = world.rival["code"][0]
    tries = ("", "?s=", "?s=xxxxxxxxxxxxxxxx", f"?s={links.link_signature(other)}", f"?s={'a' * 500}")
    looked_at = list(signed_stops(app, world))

    for stop in looked_at:
        for query in tries:
            real = client.open(stop.path + query, method=stop.method)
            absent = client.open(stop.missing + query, method=stop.method)
            forget_limits()

            assert real.status_code == 404, stop.path + query
            assert not difference(stop, real, absent), stop.path + query

    assert looked_at
    assert stored() == before


def test_a_signature_of_any_case_or_length_but_its_own_opens_nothing(app, world):
    code, signature = next(iter(world.signed.items()))

    assert links.is_signed(code, signature)
    for wrong in (signature[:-1], signature + "a", signature[::-1], "", "é" * 16, "\x00" * 16):
        assert not links.is_signed(code, wrong)


def test_guessing_links_is_counted_and_no_forged_header_dodges_it(app, world, browser):
    code = world.near["code"][0]
    answers = [
        browser().get(f"/pesanan/{code}?s=tebakan{number}", headers={"X-Forwarded-For": f"203.0.113.{number}"})
        for number in range(MOST + 1)
    ]

    assert {answer.status_code for answer in answers[:-1]} == {404}
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_whoever_has_the_link_is_not_slowed_by_others_at_her_address(app, world, browser):
    code, signature = next(iter(world.signed.items()))
    for number in range(MOST + 1):
        browser().get(f"/pesanan/{code}?s=tebakan{number}")

    assert browser().get(f"/pesanan/{code}?s={signature}").status_code == 200


def test_without_the_count_guessing_goes_on(app, world, browser, monkeypatch):
    monkeypatch.setattr(limits, "check", lambda *_args: None)

    with pytest.raises(AssertionError):
        test_guessing_links_is_counted_and_no_forged_header_dodges_it(app, world, browser)


def test_a_signature_that_is_not_looked_at_goes_red(app, world, browser, monkeypatch):
    monkeypatch.setattr(links, "is_signed", lambda code, given: True)

    with pytest.raises(AssertionError):
        test_a_wrong_signature_answers_like_an_order_that_never_was(app, world, browser)
