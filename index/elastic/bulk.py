"""Bulk requests with an outcome for each action: done, refused for its own fault, or sent again a little later."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from itertools import chain
from typing import Any

from elasticsearch import ApiError, Elasticsearch

from index.elastic.client import ElasticServer, reason, refused
from index.port import Refusal
from ingest.errors import Unavailable

_BYTES = 8_000_000  # of a request; Elasticsearch takes 100 MB by default
_ENOUGH = 50  # actions that are worth a request
_AT_ONCE = 2  # requests: Elasticsearch writes each with one thread
_HAND_OVER = 0.001  # seconds that a request needs to set off: Python does one thing at a time
_PAUSES = (0.1, 0.4, 1.6)  # seconds before what the server was too busy for is sent again
_BUSY = (429, 502, 503, 504)
_TOO_LARGE = 413
_GONE = "index_not_found_exception"
_BLOCKED = "cluster_block_exception"  # read-only, as when the disk is nearly full: waiting a second helps nobody


@dataclass(frozen=True, slots=True)
class Action:
    """One action on an article's document: its one or two lines of a bulk request."""

    article_id: str
    lines: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class _Fault:
    """What the server says of an action that it did not do."""

    action: Action
    status: int
    kind: str
    why: str


def send(client: Elasticsearch, server: ElasticServer, actions: Iterable[Action]) -> list[Refusal]:
    """Send all actions, some while others are still being made. Returns those refused for their own fault.

    What was made while all senders were busy goes as one request: the busier the server, the fewer it gets.
    Raises Unavailable and client errors.
    """
    refusals: list[Refusal] = []
    under_way: set[Future[list[Refusal]]] = set()

    def free() -> bool:
        return len(under_way) < _AT_ONCE or any(each.done() for each in under_way)

    with ThreadPoolExecutor(_AT_ONCE) as senders:
        for chunk in _chunks(actions, free):
            if len(under_way) == _AT_ONCE:
                done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
                refusals += chain.from_iterable(each.result() for each in done)
            under_way.add(senders.submit(_deliver, client, server, chunk))
            time.sleep(_HAND_OVER)
        refusals += chain.from_iterable(each.result() for each in under_way)
    return refusals


def _deliver(client: Elasticsearch, server: ElasticServer, chunk: Sequence[Action]) -> list[Refusal]:
    """Send until the server has taken or refused each. What it is too busy for goes again after a pause, only that."""
    refusals: list[Refusal] = []
    waiting = chunk
    for pause in (*_PAUSES, None):
        faults = _post(client, waiting)
        busy = [fault for fault in faults if fault.status in _BUSY and fault.kind != _BLOCKED]
        refusals += [_refusal(server, fault) for fault in faults if fault not in busy]
        if not busy:
            break
        if pause is None:
            raise refused(server, busy[0].status, busy[0].why)
        time.sleep(pause)
        waiting = [fault.action for fault in busy]
    return refusals


def _post(client: Elasticsearch, actions: Sequence[Action]) -> list[_Fault]:
    lines: list[Any] = [line for action in actions for line in action.lines]  # the client sends bytes as they are
    try:
        answer = client.bulk(operations=lines, require_alias=True, filter_path="errors,items.*.status,items.*.error")
    except ApiError as error:
        if error.status_code in _BUSY or (error.status_code == _TOO_LARGE and len(actions) == 1):
            return [_Fault(action, error.status_code, "", reason(error.body)) for action in actions]
        raise
    if not answer["errors"]:
        return []
    outcomes = (next(iter(item.values())) for item in answer["items"])
    return [
        _Fault(action, outcome["status"], outcome["error"]["type"], reason(outcome))
        for action, outcome in zip(actions, outcomes, strict=True)
        if "error" in outcome
    ]


def _refusal(server: ElasticServer, fault: _Fault) -> Refusal:
    """The fault as the document's own. Raises Unavailable when it is not."""
    if fault.kind == _GONE:
        raise Unavailable(f"the search index at {server.shown} was rebuilt or removed meanwhile; trying again", 1.0)
    if fault.kind == _BLOCKED or fault.status in (401, 403) or fault.status >= 500:
        raise refused(server, fault.status, fault.why)
    return Refusal(fault.action.article_id, fault.why)


def _chunks(actions: Iterable[Action], free: Callable[[], bool]) -> Iterator[list[Action]]:
    """The actions in requests: each as soon as it is worth while and a sender is free, or before it gets too large."""
    chunk: list[Action] = []
    size = 0
    for action in actions:
        length = sum(map(len, action.lines))
        if chunk and (size + length > _BYTES or (len(chunk) >= _ENOUGH and free())):
            yield chunk
            chunk, size = [], 0
        chunk.append(action)
        size += length
    if chunk:
        yield chunk
