"""Rules added by command, in Elasticsearch, where every machine sees the same: one document for each."""

import json
import threading
from collections.abc import Sequence
from typing import Any

from elasticsearch import ConflictError, NotFoundError

from index.alerts.rule import Rule, stored_rule
from index.elastic.client import ElasticServer, connect, plain_errors
from index.elastic.document import key
from index.elastic.shelf import Shelf
from index.schema import microseconds
from ingest.clock import Clock, utc_now

_WORD = {"type": "keyword"}
_KEPT = {"type": "keyword", "index": False, "doc_values": False}
_PROPERTIES: dict[str, Any] = {
    **dict.fromkeys(("name", "to", "every", "group"), _WORD),
    "query": _KEPT,
    "enabled": {"type": "boolean"},
    "added": {"type": "date"},
    "added_us": {"type": "long"},  # dates know milliseconds, the order of rules wants microseconds
}
_TIMEOUT = 10.0  # seconds; the alerter goes on with the rules it knows rather than wait longer


class ElasticRules:
    """An `AddedRules` for all machines, in `NAME-rules`."""

    def __init__(self, server: ElasticServer, name: str, clock: Clock = utc_now) -> None:
        """Connects when it is first used. Raises WirewatchError for settings that cannot be."""
        self._server = server
        self._client = connect(server).options(request_timeout=_TIMEOUT)
        self._shelf = Shelf(self._client, f"{name}-rules", _PROPERTIES)
        self._clock = clock
        self._lock = threading.Lock()
        self._cached: tuple[tuple[int, int], Sequence[Rule]] = ((0, -1), ())

    def all(self) -> Sequence[Rule]:
        """All of them, in the order in which they were added; read only when something has changed."""
        with self._lock, plain_errors(self._server):
            state = self._state()
            if state != self._cached[0]:
                rows = self._shelf.rows([{"added_us": "asc"}, {"name": "asc"}])
                read = [_rule(row["_source"]) for row in rows]
                self._cached = (state, tuple(rule for rule in read if rule))
            return self._cached[1]

    def add(self, rule: Rule) -> bool:
        """Keep a rule. False when there is one of that name."""
        now = self._clock()
        row = {**rule.model_dump(mode="json"), "added": now.isoformat(), "added_us": microseconds(now)}
        with plain_errors(self._server):
            self._shelf.make()
            try:
                self._client.index(
                    index=self._shelf.name,
                    id=key(rule.name),
                    document=row,
                    op_type="create",
                    require_alias=True,
                    refresh=True,
                )
            except ConflictError:
                return False
        return True

    def remove(self, name: str) -> bool:
        """Drop a rule. False when there is none of that name."""
        with plain_errors(self._server):
            try:
                self._client.delete(index=self._shelf.name, id=key(name), refresh=True)
            except NotFoundError:
                return False
        return True

    def close(self) -> None:
        """Give back connections."""
        self._client.close()

    def _state(self) -> tuple[int, int]:
        """Another one after each change: an addition has a sequence number of its own, a removal lowers the count."""
        found = self._shelf.look(
            size=1, sort=[{"_seq_no": "desc"}], source=False, seq_no_primary_term=True, track_total_hits=True
        )["hits"]
        return found["total"]["value"], max((row["_seq_no"] for row in found["hits"]), default=-1)


def _rule(row: dict[str, Any]) -> Rule | None:
    kept = {field: value for field, value in row.items() if field not in ("added", "added_us")}
    return stored_rule(str(row.get("name")), json.dumps(kept))
