"""What the search for an event's roles looks at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from process.clauses import Clause
from process.gazetteer_entry import Entry
from process.lexicon import EventType
from process.mention import Mention
from process.patterns import Match, View


@dataclass(frozen=True, slots=True)
class Scene:
    """A sentence, its names, the trigger with its clause, and what was told before.

    `relatives` are the sentence's relative clauses; `before` are the names of the sentences before, the latest first;
    `dateline` is where the report was written, `lead` whether the sentence is one of its first; `home` is the country
    that the article names most; `counts` is how often it names each thing, `people` whom it names with their office,
    `titled` who bears each title.
    """

    view: View
    mentions: Sequence[Mention]
    clause: Clause
    match: Match
    event: EventType
    relatives: Sequence[Clause] = ()
    before: Sequence[Mention] = ()
    dateline: Mention | None = None
    lead: bool = False
    home: Entry | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    people: Sequence[Mention] = ()
    titled: Mapping[str, Sequence[Mention]] = field(default_factory=dict)
