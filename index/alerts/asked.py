"""What a query asks of events, so that a mail tells of the event that was asked for and not of the article's others."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.query import And, Boost, Exact, Named, Or, Query
from process.tagged import Event


@dataclass(frozen=True, slots=True)
class Asked:
    """Event types, statuses and canonical names that a query names; what it excludes is not among them."""

    types: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    def choose(self, events: Sequence[Event]) -> Sequence[Event]:
        """The events of these types; of those, while any is left, the ones of these statuses and with these names.

        Title first, then in the order of the text.
        """
        chosen = [event for event in events if not self.types or event.type in self.types]
        chosen = [event for event in chosen if event.status in self.statuses] or chosen
        chosen = [event for event in chosen if self.names & {*event.actors, event.place}] or chosen
        return sorted(chosen, key=lambda event: (event.part != "title", event.start))


def asked(query: Query) -> Asked:
    """What the query asks."""
    leaves = list(_leaves(query))
    exact = [leaf for leaf in leaves if isinstance(leaf, Exact)]
    return Asked(
        types=frozenset(leaf.value for leaf in exact if leaf.field == "event"),
        statuses=frozenset(leaf.value for leaf in exact if leaf.field == "status"),
        names=frozenset(name for leaf in leaves if isinstance(leaf, Named) for name in leaf.names),
    )


def _leaves(query: Query) -> Iterator[Exact | Named]:
    match query:
        case And() | Or():
            for clause in query.clauses:
                yield from _leaves(clause)
        case Boost():
            yield from _leaves(query.clause)
        case Exact() | Named():
            yield query
