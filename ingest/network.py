"""The network under the fetcher: addresses are judged when connected to, and all waiting ends at a deadline."""

import socket
import ssl
import threading
import time
from collections.abc import Iterable, Sequence
from typing import Any

import httpcore

from ingest.address import Network, refusal

_Options = Iterable[tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]]


class ForbiddenAddress(Exception):
    """The host has no address that may be fetched. The message says which it has and what they are."""


class Deadline:
    """A moment by which everything must be over, and the time left until then."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self, at_most: float | None = None) -> float:
        """Seconds left, never more than `at_most`. Raises httpcore.ReadTimeout when there are none."""
        remaining = self._end - time.monotonic()
        if remaining <= 0:
            raise httpcore.ReadTimeout("the total time is over")
        return remaining if at_most is None else min(remaining, at_most)


class GuardedNetwork(httpcore.NetworkBackend):
    """Connects to public addresses and to those in `allowed` networks, for as long as `deadline` lets it.

    The name is resolved here and the connection made to the very address that was judged, so a name that changes
    its mind between the check and the use (DNS rebinding) gains nothing.
    """

    def __init__(self, allowed: Sequence[Network], deadline: Deadline) -> None:
        self._allowed = allowed
        self._deadline = deadline
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: _Options | None = None,
    ) -> httpcore.NetworkStream:
        """Raises ForbiddenAddress, httpcore.ConnectError, httpcore.TimeoutException."""
        addresses = _resolve(host.strip("[]"), port, self._deadline.left(timeout))
        reasons = {address: refusal(address, self._allowed) for address in addresses}
        permitted = [address for address, reason in reasons.items() if reason is None]
        if not permitted:
            raise ForbiddenAddress(", ".join(f"{address} is {reason}" for address, reason in reasons.items()))
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in permitted:
            try:
                stream = self._plain.connect_tcp(
                    address, port, self._deadline.left(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _DeadlineStream(stream, self._deadline)
        raise failure


class _DeadlineStream(httpcore.NetworkStream):
    """A stream whose every wait is cut at the deadline, so that a slow drip ends as well as a silence does."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left(timeout))
        return _DeadlineStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _resolve(host: str, port: int, timeout: float) -> list[str]:
    """The addresses of a host, each once, in the resolver's order. The system's resolver knows no timeout, so it waits
    in a thread of its own."""
    answers: list[str] = []
    faults: list[Exception] = []

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.extend(dict.fromkeys(str(entry[4][0]) for entry in found))
        except (OSError, UnicodeError) as error:  # UnicodeError: a label that is empty or too long
            faults.append(error)

    resolver = threading.Thread(target=ask, name=f"resolve {host}", daemon=True)
    resolver.start()
    resolver.join(timeout)
    if resolver.is_alive():
        raise httpcore.ConnectTimeout(f"looking up {host} took too long")
    if faults:
        raise httpcore.ConnectError(f"there is no host {host} ({faults[0]})")
    return answers
