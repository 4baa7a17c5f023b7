"""Making kafka-python's clients so that one which cannot connect leaves nothing behind."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from kafka.net.compat import KafkaNetClient

_STOP_MS = 1000
_ASK_AGAIN_MS = 10

Client = TypeVar("Client")


def connected(kind: Callable[..., Client], **settings: Any) -> Client:
    """A `KafkaConsumer`, `KafkaProducer` or `KafkaAdminClient` with these settings. Raises what its constructor raises.

    kafka-python leaves the thread of a client that could not connect running; a stage that tries again and again while
    the brokers are away would gather them. And whatever it is told, it lets 100 ms pass between two questions about
    topics, so that a new client, whose first question is about none, would know as late who leads its partitions.
    """
    made: list[KafkaNetClient] = []

    def client(**config: Any) -> KafkaNetClient:
        made.append(KafkaNetClient(**config))
        made[-1].cluster.config["retry_backoff_ms"] = _ASK_AGAIN_MS
        return made[-1]

    try:
        return kind(kafka_client=client, **settings)
    except BaseException:
        for each in made:
            with suppress(Exception):  # what the constructor raised is what to tell
                each.close()
            each._net.stop(timeout_ms=_STOP_MS)
        raise
