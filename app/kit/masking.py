"""Which sums may be shown: one over one to four people is hidden, and so much beside it that nothing gives it back.

Source: spec/growth.md, invariant 10; docs/algorithms/hidden-cells.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

LEAST: Final = 5
"""Below this, whoever sees no family sees no number either, nor a total that would give it away."""


def too_few(people: int, least: int = LEAST) -> bool:
    """Tell whether a sum over so many people must be hidden; nobody at all is no secret.

    >>> too_few(0), too_few(4), too_few(5)
    (False, True, False)
    """
    return 0 < people < least


def hidden(people: Mapping[str, int], *, overlap: bool = False, least: int = LEAST) -> frozenset[str]:
    """Return which cells of a table with a total stay hidden, given how many people stand behind each.

    The small ones, and the next smallest beside them, until what is left when the shown cells are taken off the total
    is a sum over enough people again, in two cells at the least, of which neither can be told.

    Args:
        people: sellers or families by cell.
        overlap: one of them may stand in several cells, as a seller does in several channels. What the cells hold
            together is then known only to be as many as the largest of them.
        least: how many are enough.

    >>> sorted(hidden({"anyar": 3, "ciomas": 12, "petir": 7, "kopo": 0}))
    ['anyar', 'petir']
    >>> sorted(hidden({"anyar": 3, "ciomas": 12, "petir": 4, "kopo": 0}))
    ['anyar', 'petir']
    """
    selling = {key: count for key, count in people.items() if count > 0}
    kept = {key for key, count in selling.items() if too_few(count, least)}
    if not kept:
        return frozenset()
    # Every cell holds at least one, so a rest of as many people as cells would say that each holds exactly one.
    for key in sorted(selling, key=lambda each: (selling[each], each)):
        counts = [selling[each] for each in kept]
        together = max(counts) if overlap else sum(counts)
        if len(kept) > 1 and together >= least and sum(counts) > len(kept):
            break
        kept.add(key)
    if sum(selling[each] for each in kept) <= len(kept):
        # Nothing is left to hide beside them but the empty cells: then nobody can tell which ones hold anybody.
        kept.update(people)
    return frozenset(kept)


def hidden_table(people: Mapping[str, int]) -> frozenset[str]:
    """Return what stays hidden of a table whose total is shown too; everything when the total itself is small.

    >>> sorted(hidden_table({"yes": 3, "no": 1})), hidden_table({"yes": 5, "no": 9})
    (['no', 'yes'], frozenset())
    """
    return frozenset(people) if too_few(sum(people.values())) else hidden(people)


def shown_table(people: Mapping[str, int], cells: Iterable[str] = ()) -> dict[str, int | None]:
    """Return how many people stand in each cell of a table whose total is shown too; None where that stays hidden.

    Args:
        people: how many stand behind each cell that holds anybody.
        cells: all cells of the table, so that empty ones can be closed too where only they are left to hide among.

    >>> shown_table({"anyar": 3, "ciomas": 12, "petir": 7}, ["kopo"])
    {'kopo': 0, 'anyar': None, 'ciomas': 12, 'petir': None}
    """
    everything = people if too_few(sum(people.values())) else dict.fromkeys(cells, 0) | dict(people)
    kept = hidden_table(everything)
    return {key: None if key in kept else count for key, count in everything.items()}
