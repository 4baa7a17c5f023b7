"""The indices of one Wirewatch: one for each month in which articles were fetched, in generations.

`NAME-articles` is the alias that searches read; `NAME-articles-2026.11` that through which the month is written. Behind
them stand `NAME-articles-v1-GENERATION-2026.11`: v1 is the mapping's version. A rebuild fills a new generation
behind aliases of its own and then changes all aliases in one step.
"""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from elasticsearch import BadRequestError, Elasticsearch

from index.elastic.mapping import VERSION, template
from ingest.errors import Unavailable

_FIRST = "0"
_NAME = re.compile(r"-articles-v(?P<version>\d+)-(?P<generation>[0-9a-z]+)-(?P<month>\d{4}\.\d\d)$")


@dataclass(frozen=True, slots=True)
class Generation:
    """Where documents are written: `indices` are there already, months are added as they come."""

    name: str
    indices: tuple[str, ...]
    building: bool = False


class Indices:
    """Names, makes and changes the indices and aliases. Every method may raise the client's errors."""

    def __init__(self, client: Elasticsearch, name: str) -> None:
        self._client = client
        self.reading = f"{name}-articles"
        self._prefix = f"{name}-articles-v{VERSION}-"
        self._any_version = f"{name}-articles-v*"

    def current(self) -> Generation:
        """What searches read. Raises Unavailable when its mapping is another version's."""
        names = sorted(name for name, aliases in self._all().items() if self.reading in aliases)
        for name in names:
            version = self._part(name, "version")
            if version != str(VERSION):
                raise Unavailable(
                    f"the search index {self.reading} has fields of version {version}, this Wirewatch needs {VERSION};"
                    " run `wirewatch reindex` to build it again from the log",
                    30.0,
                )
        return Generation(max((self._part(name, "generation") for name in names), default=_FIRST), tuple(names))

    def fresh(self, now: datetime) -> Generation:
        """A generation to be filled; what an unfinished rebuild left behind is removed."""
        self.drop(name for name, aliases in self._all().items() if self.reading not in aliases)
        return Generation(f"{now:%Y%m%d%H%M%S}{secrets.token_hex(2)}", (), building=True)

    def filled(self, generation: Generation) -> Generation:
        """A generation being filled, with the indices it has by now."""
        found = (name for name in self._all() if self._part(name, "generation") == generation.name)
        return Generation(generation.name, tuple(sorted(found)), building=True)

    def writing(self, generation: Generation, month: str) -> str:
        """The alias through which a month is written."""
        return f"{self.reading}-{generation.name}-{month}" if generation.building else f"{self.reading}-{month}"

    def make(self, generation: Generation, month: str) -> str:
        """Make the index of a month, unless somebody else just did. Returns its name."""
        self._client.indices.put_index_template(name=self._prefix.rstrip("-"), **template(self._prefix))
        name = f"{self._prefix}{generation.name}-{month}"
        aliases: dict[str, Any] = {self.writing(generation, month): {}}
        if not generation.building:
            aliases[self.reading] = {}
        try:
            self._client.indices.create(index=name, aliases=aliases)
        except BadRequestError as error:
            if error.error != "resource_already_exists_exception":
                raise
        return name

    def publish(self, generation: Generation) -> None:
        """Let searches and writes find this generation in the place of all others, in one step; then remove those."""
        found = self._all()
        own = [name for name in found if self._part(name, "generation") == generation.name]
        actions: list[dict[str, Any]] = []
        for name, aliases in found.items():
            actions += [{"remove": {"index": name, "alias": alias}} for alias in aliases]
        for name in own:
            written = f"{self.reading}-{self._part(name, 'month')}"
            actions += [{"add": {"index": name, "alias": alias}} for alias in (self.reading, written)]
        if actions:
            self._client.indices.refresh(index=f"{self._prefix}{generation.name}-*")
            self._client.indices.update_aliases(actions=actions)
        self.drop(name for name in found if name not in own)

    def abandon(self, generation: Generation) -> None:
        """Remove a generation that shall not be."""
        self.drop(name for name in self._all() if self._part(name, "generation") == generation.name)

    def drop(self, names: Iterable[str]) -> None:
        """Remove indices."""
        for name in list(names):
            self._client.indices.delete(index=name, ignore_unavailable=True)

    def _all(self) -> dict[str, set[str]]:
        """All indices of any generation and version, each with its aliases."""
        found = self._client.indices.get_alias(index=self._any_version).body
        return {name: set(entry["aliases"]) for name, entry in found.items() if _NAME.search(name)}

    @staticmethod
    def _part(name: str, part: str) -> str:
        match = _NAME.search(name)
        return match[part] if match else ""
