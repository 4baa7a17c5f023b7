"""What was alerted, in Elasticsearch, where every machine and Kibana see it: one document for each mail."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import structlog
from pydantic import TypeAdapter
from pydantic_core import to_json

from index.alerts.history import AlertRow
from index.elastic.bulk import Action, send
from index.elastic.client import ElasticServer, connect, plain_errors
from index.elastic.document import key
from index.elastic.shelf import Shelf

log = structlog.get_logger(__name__)

_TIME = {"type": "date"}
_WORD = {"type": "keyword", "ignore_above": 8000}
_TEXT = {"type": "text", "fields": {"keyword": {"type": "keyword", "ignore_above": 1000}}}
_PROPERTIES: dict[str, Any] = {
    **dict.fromkeys(("time", "due", "finished"), _TIME),
    **dict.fromkeys(("rule", "state", "message_id"), _WORD),
    "to": {"properties": {"address": _WORD, "state": _WORD, "error": {"type": "text"}}},
    "subject": _TEXT,
    "attempts": {"type": "integer"},
    "error": {"type": "text"},
    "articles": {
        "properties": {
            **dict.fromkeys(("id", "source", "language"), _WORD),
            "title": _TEXT,
            "url": {"type": "keyword", "index": False, "doc_values": False},
            "mailed": {"type": "boolean"},
        }
    },
    "number": {"type": "long"},  # in the outbox: parts the mails of one moment
}
_ROW = TypeAdapter(AlertRow)


class ElasticHistory:
    """A `SharedHistory`, in `NAME-alerts`. What was put there is found at once."""

    def __init__(self, server: ElasticServer, name: str) -> None:
        """Connects when it is first used. Raises WirewatchError for settings that cannot be."""
        self._server = server
        self._client = connect(server)
        self._shelf = Shelf(self._client, f"{name}-alerts", _PROPERTIES)

    def put(self, rows: Sequence[tuple[int, AlertRow]]) -> None:
        """Add mails or replace them by message_id. One that Elasticsearch refuses is logged and left out."""
        with plain_errors(self._server):
            self._shelf.make()
            refusals = send(self._client, self._server, [self._action(number, row) for number, row in rows])
            self._client.indices.refresh(index=self._shelf.name)
        for refusal in refusals:
            log.error("an alert cannot be shown in the history", message_id=refusal.id, error=refusal.reason)

    def sent(self) -> int:
        """How many mails were sent so far."""
        with plain_errors(self._server):
            found = self._shelf.look(size=0, track_total_hits=True, query={"term": {"state": "sent"}})
            return int(found["hits"]["total"]["value"])

    def list(self, limit: int = 50, rule: str | None = None) -> Sequence[AlertRow]:
        """The newest mails first, of one rule or of all."""
        query: dict[str, Any] = {"match_all": {}} if rule is None else {"term": {"rule": rule}}
        with plain_errors(self._server):
            rows = self._shelf.rows([{"time": "desc"}, {"number": "desc"}], limit, query=query)
        return [_ROW.validate_python({**row["_source"]}) for row in rows]

    def close(self) -> None:
        """Give back connections."""
        self._client.close()

    def _action(self, number: int, row: AlertRow) -> Action:
        head = {"index": {"_index": self._shelf.name, "_id": key(row.message_id)}}
        return Action(row.message_id, (to_json(head), to_json({**asdict(row), "number": number})))
