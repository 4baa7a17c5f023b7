"""A small index for what machines share besides articles: `NAME` is an alias, behind it stands `NAME-v1`.

It is made when something is first kept. Fields that a later version adds are kept, too, but not searched, so that
versions can work side by side.
"""

from typing import Any

from elasticsearch import BadRequestError, Elasticsearch

from index.elastic.mapping import MOST_HITS
from index.elastic.search import whole

_VERSION = 1


class Shelf:
    """One such index. Every method may raise the client's errors."""

    def __init__(self, client: Elasticsearch, name: str, properties: dict[str, Any]) -> None:
        self._client = client
        self.name = name
        self._properties = properties

    def make(self) -> None:
        """Make it, unless it is there."""
        if self._client.indices.exists_alias(name=self.name):
            return
        try:
            self._client.indices.create(
                index=f"{self.name}-v{_VERSION}",
                aliases={self.name: {}},
                settings={"number_of_shards": 1, "auto_expand_replicas": "0-1", "refresh_interval": "1s"},
                mappings={"dynamic": False, "properties": self._properties},
            )
        except BadRequestError as error:
            if error.error != "resource_already_exists_exception":
                raise

    def rows(self, sort: list[dict[str, str]], limit: int | None = None, **search: Any) -> list[dict[str, Any]]:
        """What is kept, at most `limit`, in that order, which must be one without ties."""
        rows: list[dict[str, Any]] = []
        while limit is None or len(rows) < limit:
            size = MOST_HITS if limit is None else min(limit - len(rows), MOST_HITS)
            after = {"search_after": rows[-1]["sort"]} if rows else {}
            found = self.look(sort=sort, size=size, **search, **after)["hits"]["hits"]
            rows += found
            if len(found) < size:
                break
        return rows

    def look(self, **search: Any) -> dict[str, Any]:
        """Answer a search; one without hits as long as nothing was ever kept."""
        return whole(self._client, index=self.name, ignore_unavailable=True, **search)
