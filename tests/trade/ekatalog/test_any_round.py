"""Random lives of rounds: whoever does whatever in whatever order, only the steps of the table are taken."""

from __future__ import annotations

import random
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from app.core import books
from app.core.db import db, transaction
from app.core.errors import DomainError
from app.trade.ekatalog import filling, outside, queries, reviewing, rules
from app.trade.ekatalog.models import Submission
from tests.factories import ekatalog as made
from tests.factories.people import make_account

REACHED: set[str] = set()
# What is drawn follows from words and numbers anywhere in the house: where a story misses a state, the next is told.
MOST_VOLUMES = 5
EXPECTED = {"returned", "approved", "exported", "sent_outside", "not_suitable", "withdrawn", "closed", "shown_outside"}
# What people are likely to do in each state; now and then they do what fits another.
LIKELY = {
    "collecting": ("send", "send", "send", "send", "withdraw"),
    "returned": ("mend", "mend", "send", "send"),
    "ready_for_review": ("take", "take", "take", "take", "take", "withdraw"),
    "in_review": ("approve", "approve", "approve", "send_back", "not_suitable"),
    "approved": ("sign", "sign", "sign", "give_back"),
    "exported": ("sent_outside", "sent_outside", "close"),
    "sent_outside": ("shown_outside", "shown_outside", "refused_outside"),
    "shown_outside": ("needs_update", "delisted_outside"),
    "refused_outside": ("go_on", "close"),
    "needs_update": ("go_on", "close"),
    "delisted_outside": ("go_on", "close"),
}
ACTS = sorted({each for acts in LIKELY.values() for each in acts})


class Life(RuleBasedStateMachine):
    """One product, two curators, an approver, its seller and her pendamping."""

    turns = count()

    @initialize()
    def begin(self) -> None:
        self.chance = random.Random(next(type(self).turns))
        self.product = made.make_goods()
        self.people = [self.product.shop.owner, *(make_account(role) for role in ("pendamping", "curator", "approver"))]
        self.people.append(make_account("curator"))
        self.number = made.fill(made.start(self.product)).submission.id

    @rule(odd=st.integers(0, 9), who=st.integers(0, 4))
    def act(self, odd: int, who: int) -> None:
        db.session.rollback()
        case = queries.get_case(self.number)
        REACHED.add(case.state)
        name = self.chance.choice(ACTS if odd == 0 else LIKELY.get(case.state, ACTS))
        fitting = [each for each in self.people if odd == 1 or each.role in self.roles(name)]
        by = fitting[who % len(fitting)]
        try:
            with transaction():
                self.perform(name, case, by)
        except DomainError:
            db.session.rollback()
        self.follow()

    @staticmethod
    def roles(name: str) -> set[str]:
        if name in {"send", "withdraw", "mend"}:
            return {"seller", "pendamping"}
        return {"approver"} if name in {"sign", "give_back"} else {"curator"}

    def perform(self, name: str, case: queries.Case, by: object) -> None:
        acts = {
            "send": lambda: filling.send(case, by=by),
            "withdraw": lambda: filling.withdraw(case, by=by),
            "mend": lambda: filling.answer(case, "capacity", {"per_week": self.chance.randint(1, 9)}, by=by),
            "take": lambda: reviewing.take(case, by=by),
            "approve": lambda: reviewing.approve(case, made.all_ok(case), by=by),
            "send_back": lambda: reviewing.send_back(case, {"capacity": ("wrong", "Periksa lagi.")}, by=by),
            "not_suitable": lambda: reviewing.not_suitable(case, "Bukan untuk kantor.", by=by),
            "sign": lambda: reviewing.sign(case, by=by),
            "give_back": lambda: reviewing.give_back(case, "capacity", "Periksa lagi.", by=by),
            "go_on": lambda: outside.go_on(case, by=by),
            "close": lambda: outside.close(case, "Sudah.", by=by),
        }
        if name in acts:
            acts[name]()
        else:
            seen = outside.Sighting(name, case.day, "Rudi", reason_code="other", without_proof=True)
            outside.record(case, seen, None, by=by)

    def follow(self) -> None:
        """Go on with the round that lives; begin another when all have ended."""
        running = queries.find_open(self.product.id)
        state = db.session.get_one(Submission, self.number).state
        REACHED.add(state)
        if running is None:
            self.number = made.fill(made.start(self.product)).submission.id
        else:
            self.number = running.id

    @invariant()
    def the_book_is_true(self) -> None:
        if not hasattr(self, "number"):
            return
        db.session.rollback()
        assert dict(books.verify("ekatalog"))["ekatalog"] == []
        for row in db.session.query(Submission):
            hands = [row.reviewed_by_id, row.signed_by_id, row.submitted_by_id]
            known = [each for each in hands if each]
            assert len(known) == len(set(known))
            assert (row.state in rules.SIGNED) <= (queries.find_bundle(row.id) is not None)


@pytest.mark.slow
def test_only_the_steps_of_the_table_are_ever_taken(app):
    REACHED.clear()
    Life.turns = count()  # the same stories on both engines
    for _more in range(MOST_VOLUMES):
        run_state_machine_as_test(
            Life,
            settings=settings(
                max_examples=6,
                stateful_step_count=16,
                deadline=None,
                derandomize=True,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )
        if EXPECTED <= REACHED:
            break
    assert EXPECTED <= REACHED
