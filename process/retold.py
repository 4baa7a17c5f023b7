"""One event told twice is one: what sentences, and the headline, tell of it is put together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from process.clauses import Clause
from process.dates import DateMention
from process.lexicon import EventType
from process.patterns import Match
from process.tagged import Part, Status
from process.tokens import Sentence


@dataclass(frozen=True, slots=True)
class Candidate:
    """An event as one sentence tells it.

    `named` tells whether the sentence names anything, `own` whether it names actors, `broad` whether the place is a
    whole country; `spare` and `nearby` are actors and place, `recent` the day, told before.
    """

    match: Match
    type: str
    status: Status
    actors: tuple[str, ...]
    place: str | None
    date: str | None
    part: Part
    sentence: Sentence
    order: int = 0
    clause: Clause | None = None
    named: bool = True
    broad: bool = False
    own: bool = True
    spare: tuple[str, ...] = ()
    nearby: str | None = None
    recent: DateMention | None = None


def merge(candidates: Sequence[Candidate], types: Mapping[str, EventType]) -> list[Candidate]:
    """One event per type, actors and date, in the order in which the text tells them."""
    kept: list[Candidate] = []
    for one in candidates:
        if one.part == "text":
            _add(kept, one)
    for headline in reversed([one for one in candidates if one.part == "title"]):
        _add_headline(kept, headline, types[headline.type])
    return kept


def without_general(told: Sequence[Candidate], types: Mapping[str, EventType]) -> list[Candidate]:
    """Without the attack that an airstrike, a bombing … of the same article is called when it is told again."""
    kept: list[Candidate] = []
    for one in told:
        special = (other for other in told if other.type in types[one.type].yields_to)
        if not any(_is_general(one, other) for other in special):
            kept.append(one)
    return kept


def _is_general(one: Candidate, special: Candidate) -> bool:
    again = not one.own or set(one.actors) <= set(special.actors)
    place = not one.place or not special.place or one.place == special.place or one.broad != special.broad
    return again and place and _one_day(one, special)


def _add(kept: list[Candidate], one: Candidate) -> None:
    for place, other in enumerate(kept):
        if one.type == other.type and _same(one, other):
            kept[place] = _together(other, one)
            return
    kept.append(one)


def _add_headline(kept: list[Candidate], headline: Candidate, event: EventType) -> None:
    """The text tells better when and whether: a headline adds the names that the text's event lacks, but in an
    election, where the text names who stands, not who endorses him.
    """
    told = [place for place, one in enumerate(kept) if one.type == headline.type]
    fitting = [place for place in told if set(kept[place].actors) & set(headline.actors)]
    fitting += [place for place in told if not (kept[place].actors and headline.actors)]
    if not fitting and len(told) == 1:
        fitting = told
    if not fitting:
        kept.insert(0, headline)
        return
    one = kept[fitting[0]]
    fewer = len(one.actors) < (1 if event.won else len(headline.actors))
    actors = headline.actors if fewer else one.actors
    kept[fitting[0]] = replace(one, actors=actors, place=one.place or headline.place, date=one.date or headline.date)


def _same(one: Candidate, other: Candidate) -> bool:
    """Whether two sentences of the text tell one event: nothing that they tell of it contradicts."""
    # "the exercise", "the talks": told before; but "further ships will be sent" is another
    again = not one.actors and not one.date and (one.match.verb is None or other.status == "ongoing")
    again = again and one.status in ("happened", "planned")
    if not again and one.status != other.status and {one.status, other.status} != {"happened", "ongoing"}:
        return False
    if not _one_day(one, other):
        return False
    if one.place and other.place and one.place != other.place and one.broad == other.broad:
        return False
    first, second = set(one.actors), set(other.actors)
    if min(len(first), len(second)) > 1 and first - second and second - first:  # Trump called Putin, then Zelensky
        return False
    return not (first and second) or bool(first & second)


def _one_day(one: Candidate, other: Candidate) -> bool:
    first, second = one.date or "", other.date or ""
    return first.startswith(second) or second.startswith(first)


def _together(first: Candidate, second: Candidate) -> Candidate:
    """The one told first, with what only the other knows; what goes on by one of them is not over, where a noun tells
    it again ("the drills").
    """
    again = first.match.verb is None or second.match.verb is None
    ongoing = again and {first.status, second.status} == {"happened", "ongoing"}
    longest = max((first.date, second.date), key=lambda iso: len(iso or ""))
    return replace(
        first,
        status="ongoing" if ongoing else first.status,
        actors=first.actors or second.actors,
        place=second.place if second.place and (first.broad or not first.place) else first.place,
        broad=first.broad and (second.broad or not second.place),
        date=(first.date and longest) or second.date,
    )
