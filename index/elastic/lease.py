"""Who rebuilds the index. While one process does, no other rebuilds, and none writes: what it wrote would be lost.

A document in an index of its own says so, with the time of its last sign of life. After a minute without one the
rebuild counts as dead, and its lease may be taken away.
"""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from elasticsearch import ConflictError, Elasticsearch, NotFoundError

from ingest.clock import Clock
from ingest.errors import Unavailable

DOCUMENT = "rebuild"
_DEAD_AFTER = timedelta(seconds=60)
_RENEWED_AFTER = timedelta(seconds=5)


class Lease:
    """The right to rebuild. Every method may raise the client's errors."""

    def __init__(self, client: Elasticsearch, name: str, clock: Clock) -> None:
        self._client = client
        self.index = f"{name}-rebuild"
        self._clock = clock
        self._owner = secrets.token_hex(8)
        self._renewed = datetime.min.replace(tzinfo=UTC)

    def take(self) -> None:
        """Raises Unavailable while another holds it."""
        try:
            held = self._client.get(index=self.index, id=DOCUMENT).body
            self.refuse_if_held(held)
            self._write(if_seq_no=held["_seq_no"], if_primary_term=held["_primary_term"])
        except NotFoundError:
            self._write(op_type="create")

    def renew(self, *, at_once: bool = False) -> None:
        """A sign of life, where the last is some time ago. Raises Unavailable when another has taken the lease away."""
        if at_once or self._clock() - self._renewed >= _RENEWED_AFTER:
            held = self._own()
            if held is None:
                raise Unavailable("another process has rebuilt the search index meanwhile; this one stops", 30.0)
            self._write(if_seq_no=held["_seq_no"], if_primary_term=held["_primary_term"])

    def give_back(self) -> None:
        """Let others write and rebuild."""
        if held := self._own():
            condition = {"if_seq_no": held["_seq_no"], "if_primary_term": held["_primary_term"]}
            self._client.options(ignore_status=(404, 409)).delete(index=self.index, id=DOCUMENT, **condition)

    def _own(self) -> dict[str, Any] | None:
        """The lease's document, where it is still ours."""
        held = dict(self._client.options(ignore_status=404).get(index=self.index, id=DOCUMENT).body)
        return held if held.get("found") and held["_source"]["owner"] == self._owner else None

    def refuse_if_held(self, held: dict[str, Any]) -> None:
        """Raises Unavailable when this, the lease's document, says that a rebuild lives which is not ours."""
        source = held.get("_source")
        if not source or source["owner"] == self._owner:
            return
        if self._clock() - datetime.fromisoformat(source["alive"]) < _DEAD_AFTER:
            raise Unavailable("the search index is being rebuilt; writing goes on when that is done", 5.0)

    def _write(self, **condition: Any) -> None:
        now = self._clock()
        try:
            self._client.index(
                index=self.index, id=DOCUMENT, document={"owner": self._owner, "alive": now.isoformat()}, **condition
            )
        except ConflictError:
            raise Unavailable("another process rebuilds the search index; let it do the work", 5.0) from None
        self._renewed = now
