"""Kafka's errors told so that one can act on them."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from kafka.errors import (
    AuthorizationError,
    KafkaError,
    KafkaTimeoutError,
    SaslAuthenticationFailedError,
    UnsupportedSaslMechanismError,
)

from ingest.errors import Unavailable, WirewatchError
from ingest.log.kafka_address import KafkaAddress

_CONNECT_SECONDS = 3.0
_SOON = 1.0
_WHEN_MENDED = 30.0  # seconds; what only people can mend need not be tried every second

# OpenSSL's numbers for why a certificate is refused (X509_V_ERR_…)
_EXPIRED = 10
_OTHER_HOST = (62, 64)


@contextmanager
def told(address: KafkaAddress) -> Iterator[None]:
    """Raise Unavailable, with what is wrong and what to do, for what kafka-python raises in the block."""
    try:
        yield
    except WirewatchError:
        raise
    except (SaslAuthenticationFailedError, UnsupportedSaslMechanismError) as error:
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
    except (KafkaError, OSError) as error:
        if isinstance(error, KafkaTimeoutError | OSError) and (problem := diagnosis(address)):
            raise Unavailable(f"Kafka cannot be reached: {problem}", _SOON) from error
        raise Unavailable(f"Kafka at {address} did not do it: {_line(error)}", _SOON) from error


def diagnosis(address: KafkaAddress) -> str | None:
    """Why one cannot get through to any broker, and the remedy; None when a connection can be made."""
    problems = [_try(address, host, port) for host, port in address.servers]
    return None if None in problems else problems[0]


def _try(address: KafkaAddress, host: str, port: int) -> str | None:
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


def _line(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__} {error}".split())
