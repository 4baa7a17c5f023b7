"""Making kafka-python's clients so that one which cannot connect leaves nothing behind."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from kafka.net.compat import KafkaNetClient

_STOP_MS = 1000

Client = TypeVar("Client")


def connected(kind: Callable[..., Client], **settings: Any) -> Client:
    """A `KafkaConsumer`, `KafkaProducer` or `KafkaAdminClient` with these settings. Raises what its constructor raises.

    kafka-python leaves the thread of a client that could not connect running; a stage that tries again and again while
    the brokers are away would gather them. And it lets 100 ms pass between two questions about topics: a new client,
    whose first question is about none, would know as late who leads its partitions. So that one does not count.
    """
    made: list[KafkaNetClient] = []

    def client(**config: Any) -> KafkaNetClient:
        made.append(KafkaNetClient(**config))
        return made[-1]

    try:
        ready = kind(kafka_client=client, **settings)
    except BaseException:
        for each in made:
            with suppress(Exception):  # what the constructor raised is what to tell
                each.close()
            each._net.stop(timeout_ms=_STOP_MS)
        raise
    for each in made:
        each.cluster._last_refresh_ms = 0
    return ready
