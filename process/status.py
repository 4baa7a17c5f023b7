"""The status of an event: what the words around its trigger say about whether it came to pass."""

from collections.abc import Iterable
from dataclasses import dataclass

from process.lexicon import Lexicon
from process.patterns import Match, PatternIndex, View
from process.tagged import Status

_HARD = frozenset(";:“”«»„()—–|") | {'"'}
_REACH = 9
_INFINITIVE_REACH = 20
"""How far before an infinitive its modal verb may stand ("will ... bis zum Wochenende ... in das Land schicken")."""
_NEAR = 5
_QUOTES = frozenset('"“”«»„')
_QUOTED_NAME = 4
"""Words between quotation marks that are a name in its sentence („Trident Juncture“), not somebody's speech."""


@dataclass(frozen=True, slots=True)
class Clause:
    """Tokens [first, last) that speak about the trigger."""

    first: int
    last: int


def clause(view: View, match: Match, breakers: Iterable[str]) -> Clause:
    """The clause around a match: to the next hard stop, or word that opens another thought, on both sides."""
    stops = frozenset(_HARD | frozenset(breakers))
    first, last = match.first, match.last
    while first > view.first and (step := _step(view, first - 1, -1, stops)):
        first -= step
    while last < view.last and (step := _step(view, last, 1, stops)):
        last += step
    return Clause(first, last)


def _step(view: View, at: int, way: int, stops: frozenset[str]) -> int:
    """How many tokens the clause grows by at `at`: one for a word, all of a short quoted name, 0 at a stop."""
    if view.lower[at] not in stops:
        return 1
    if view.lower[at] in _QUOTES:
        for size in range(2, _QUOTED_NAME + 2):
            other = at + way * size
            if not view.first <= other < view.last or view.lower[other] in stops - _QUOTES:
                return 0
            if view.lower[other] in _QUOTES:
                return size + 1
    return 0


def status_of(view: View, match: Match, within: Clause, lexicon: Lexicon) -> Status | None:
    """The event's status; None where the words only imagine it (threats, calls for, conditionals, history)."""
    if match.pattern.status:
        return match.pattern.status  # type: ignore[return-value]
    reach = _INFINITIVE_REACH if "inf" in match.tenses else _REACH
    before = View(view.lower, max(within.first, match.first - reach), match.first, view.names)
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
    if (
        "inf" in match.tenses
        and match.verb
        and match.verb > view.first
        and view.lower[match.verb - 1] in ("to", "zu", "para")
    ):
        return "planned"
    if any(_any(lexicon.cues["ongoing"], one) for one in (close, inside, behind)):
        return "ongoing"
    if match.tenses == {"cond"}:
        return "planned" if _any(lexicon.cues["attribution"], view) else None  # "said that he would come"
    return "happened"


def _any(cues: PatternIndex, view: View) -> bool:
    return view.first < view.last and bool(cues.matches(view))
