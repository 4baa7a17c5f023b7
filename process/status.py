"""The status of an event: what the words around its trigger say about whether it came to pass."""

from collections.abc import Iterable
from dataclasses import dataclass

from process.lexicon import Lexicon
from process.patterns import Match, PatternIndex, View
from process.tagged import Status

_HARD = frozenset(";:“”«»„()—–|") | {'"'}
_REACH = 9
_NEAR = 5


@dataclass(frozen=True, slots=True)
class Clause:
    """Tokens [first, last) that speak about the trigger."""

    first: int
    last: int


def clause(view: View, match: Match, breakers: Iterable[str]) -> Clause:
    """The clause around a match: to the next hard stop, or word that opens another thought, on both sides."""
    stops = _HARD | frozenset(breakers)
    first, last = match.first, match.last
    while first > view.first and view.lower[first - 1] not in stops:
        first -= 1
    while last < view.last and view.lower[last] not in stops:
        last += 1
    return Clause(first, last)


def status_of(view: View, match: Match, within: Clause, lexicon: Lexicon) -> Status | None:
    """The event's status; None where the words only imagine it (threats, calls for, conditionals, history)."""
    if match.pattern.status:
        return match.pattern.status  # type: ignore[return-value]
    before = View(view.lower, max(within.first, match.first - _REACH), match.first, view.names)
    close = View(view.lower, max(within.first, match.first - _NEAR), match.first, view.names)
    behind = View(view.lower, match.last, min(within.last, match.last + _NEAR), view.names)
    inside = View(view.lower, match.first, match.last, view.names)
    if _any(lexicon.cues["hypothetical"], close):
        return None
    if _any(lexicon.cues["negation"], View(view.lower, max(within.first, match.first - 3), match.first, view.names)):
        return "cancelled"
    if _any(lexicon.cues["cancelled"], close) or _any(lexicon.cues["cancelled"], behind):
        return "cancelled"
    if match.tenses and match.tenses <= {"fut"}:
        return "planned"
    if _any(lexicon.cues["planned"], before) or _any(lexicon.cues["planned"], behind):
        return "planned"
    if match.tenses == {"inf"} and close.first < match.first and view.lower[match.first - 1] == "to":
        return "planned"
    if any(_any(lexicon.cues["ongoing"], one) for one in (close, inside, behind)):
        return "ongoing"
    if match.tenses == {"cond"}:
        return None
    return "happened"


def _any(cues: PatternIndex, view: View) -> bool:
    return view.first < view.last and bool(cues.matches(view))
