"""Kafka's errors told so that one can act on them."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from kafka.errors import (
    AuthorizationError,
    KafkaConnectionError,
    KafkaError,
    KafkaTimeoutError,
    MessageSizeTooLargeError,
    RecordListTooLargeError,
    SaslAuthenticationFailedError,
    UnsupportedSaslMechanismError,
)
from kafka.net.compat import KafkaNetClient

from ingest.errors import Unavailable, WirewatchError
from ingest.log.kafka_address import KafkaAddress
from ingest.log.port import RecordTooLarge

_REFUSED = (SaslAuthenticationFailedError, UnsupportedSaslMechanismError)
_CONNECT_SECONDS = 3.0
_TRIES = 3
_SOON = 1.0
_WHEN_MENDED = 30.0  # seconds; what only people can mend need not be tried every second

# OpenSSL's numbers for why a certificate is refused (X509_V_ERR_…)
_EXPIRED = 10
_OTHER_HOST = (62, 64)


@contextmanager
def told(address: KafkaAddress) -> Iterator[None]:
    """Raise what the port names, with what is wrong and what to do, for what kafka-python raises in the block."""
    try:
        yield
    except WirewatchError:
        raise
    except _REFUSED as error:
        raise Unavailable(
            f"Kafka at {address} refuses user {address.user!r} with {address.mechanism}: wrong name, password or"
            " mechanism; set them in `url` of [log]",
            _WHEN_MENDED,
        ) from error
    except AuthorizationError as error:
        who = f"user {address.user!r}" if address.user else "clients without login"
        raise Unavailable(
            f"Kafka at {address} does not allow this to {who} ({_line(error)}); grant what docs/operations-kafka.md"
            " lists",
            _WHEN_MENDED,
        ) from error
    except (MessageSizeTooLargeError, RecordListTooLargeError) as error:
        raise RecordTooLarge(
            f"Kafka at {address} does not take a record this large; raise max.message.bytes of its topic"
        ) from error
    except (KafkaError, OSError) as error:
        if isinstance(error, KafkaTimeoutError | OSError):
            with told(address):
                _require_login(address)
        raise Unavailable(f"Kafka at {address} did not do it: {_line(error)}", _SOON) from error


def require_reachable(address: KafkaAddress) -> int:
    """The first broker of the address that one can connect to, by its place. Raises Unavailable where there is none."""
    problems: list[str] = []
    for place, (host, port) in enumerate(address.servers):
        problem = _problem(address, host, port)
        if problem is None:
            return place
        problems.append(problem)
    raise Unavailable(f"Kafka cannot be reached: {problems[0]}", _SOON)


def _require_login(address: KafkaAddress) -> None:
    """Try to enter, since kafka-python only says that time ran out. Raises Unavailable, or KafkaError for the login."""
    node = require_reachable(address)
    refusal: KafkaError | None = None
    for _ in range(_TRIES):
        try:
            _enter(address, f"bootstrap-{node}")
        except _REFUSED:
            raise
        except KafkaError as error:
            refusal = error
        else:
            return
    if address.user and isinstance(refusal, KafkaConnectionError):
        # A broker hangs up right behind its refusal, which kafka-python then does not read.
        raise SaslAuthenticationFailedError("hung up during the login") from refusal
    raise Unavailable(
        f"Kafka cannot be reached: {address} accepts connections but does not answer as Kafka does ({_line(refusal)});"
        " if it wants TLS or a login, set security= in `url` of [log]",
        _SOON,
    ) from refusal


def _enter(address: KafkaAddress, node: str) -> None:
    client = KafkaNetClient(**address.client() | {"request_timeout_ms": _CONNECT_SECONDS * 1000})

    async def connected() -> None:
        await client._manager.get_connection(node, timeout_ms=_CONNECT_SECONDS * 1000, pop_on_close=False)

    try:
        client._manager.run(connected)
    finally:
        client.close()


def _problem(address: KafkaAddress, host: str, port: int) -> str | None:
    """Why one cannot connect, and the remedy."""
    where = f"{host}:{port}"
    try:
        with socket.create_connection((host, port), _CONNECT_SECONDS) as connection:
            if address.tls:
                with address.tls_context().wrap_socket(connection, server_hostname=host):
                    pass
    except ssl.SSLCertVerificationError as error:
        return f"the certificate of {where} {_refusal(error)}"
    except ssl.SSLError:
        return f"{where} does not speak TLS; set security=plaintext or security=sasl_plaintext in `url` of [log]"
    except socket.gaierror:
        return f"there is no host {host}; check `url` of [log]"
    except OSError as error:
        return f"{where} does not answer ({error.strerror or error}); start Kafka there, or check `url` of [log]"
    return None


def _refusal(error: ssl.SSLCertVerificationError) -> str:
    if error.verify_code == _EXPIRED:
        return "has expired; renew it on the broker"
    if error.verify_code in _OTHER_HOST:
        return "is for another host; use the name in the certificate in `url` of [log]"
    return (
        f"is not signed by an authority trusted here ({error.verify_message}); set ca=FILE in `url` of [log] to its"
        " authority's certificate"
    )


def _line(error: BaseException | None) -> str:
    return " ".join(f"{type(error).__name__} {error}".split())
