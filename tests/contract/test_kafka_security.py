"""Entering a Kafka that wants TLS and a login; and what one is told when it does not work."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from deploy.stack import kafka
from deploy.stack.kafka import Secured
from deploy.stack.server import free_port
from ingest.errors import Unavailable
from ingest.log.kafka import KafkaLog
from ingest.log.kafka_address import KafkaAddress
from ingest.log.port import ARTICLES, Message
from tests.servers import required

USER, PASSWORD = "desk", "s3cret@:/word"


@dataclass(frozen=True, slots=True)
class Doors:
    """Ports of one broker, by their certificates; `ca` signed them all. `plain` has no TLS."""

    good: int
    expired: int
    other_name: int
    plain: str
    ca: Path
    other_ca: Path


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    folder = tmp_path_factory.mktemp("secured")
    authority, other = trustme.CA(), trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    other.cert_pem.write_to_path(folder / "other.pem")
    yesterday = datetime.now(UTC) - timedelta(days=1)
    certificates = {
        "good": authority.issue_cert("127.0.0.1"),
        "expired": authority.issue_cert("127.0.0.1", not_before=yesterday - timedelta(days=9), not_after=yesterday),
        "other-name": authority.issue_cert("kafka.example"),
    }
    secured = [
        Secured(free_port(), keystore(folder / name, one), {USER: PASSWORD}) for name, one in certificates.items()
    ]
    server = required(lambda: kafka.start(folder / "kafka", secured=secured))
    good, expired, other_name = (one.port for one in secured)
    yield Doors(good, expired, other_name, server.url.removeprefix("kafka://"), folder / "ca.pem", folder / "other.pem")
    kafka.stop(folder / "kafka")


def keystore(path: Path, certificate: trustme.LeafCert) -> Path:
    """The key as PKCS 8, which Kafka wants, then the chain."""
    key = load_pem_private_key(certificate.private_key_pem.bytes(), None)
    pkcs8 = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(pkcs8 + b"".join(blob.bytes() for blob in certificate.cert_chain_pems))
    return path


def told_by(url: str) -> str:
    """What one is told who appends to the log of that address."""
    log = KafkaLog(KafkaAddress.parse(url), "secured")
    with pytest.raises(Unavailable) as caught:
        log.append([Message(ARTICLES, "a", b"{}")])
    log.close()
    told = str(caught.value)
    assert PASSWORD not in told
    assert "\n" not in told
    return told


@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"])
def test_the_log_works_through_tls_with_a_login(doors: Doors, mechanism: str) -> None:
    login = f"{USER}:{quote(PASSWORD, safe='')}"
    url = f"kafka://{login}@127.0.0.1:{doors.good}?security=sasl_ssl&mechanism={mechanism}&ca={doors.ca}"
    log = KafkaLog(KafkaAddress.parse(url), f"via-{mechanism.lower()}")
    assert "partitions 4" in log.check()
    log.close()


@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-512"])
def test_a_wrong_password_is_told_with_the_user_it_was_for(doors: Doors, mechanism: str) -> None:
    told = told_by(f"kafka://{USER}:wrong@127.0.0.1:{doors.good}?mechanism={mechanism}&ca={doors.ca}")
    assert f"refuses user 'desk' with {mechanism}" in told
    assert "set them in `url` of [log]" in told


def test_an_expired_certificate_is_told_as_such(doors: Doors) -> None:
    told = told_by(f"kafka://{USER}:x@127.0.0.1:{doors.expired}?ca={doors.ca}")
    assert f"the certificate of 127.0.0.1:{doors.expired} has expired; renew it on the broker" in told


def test_a_certificate_for_another_host_is_told_as_such(doors: Doors) -> None:
    assert "is for another host" in told_by(f"kafka://{USER}:x@127.0.0.1:{doors.other_name}?ca={doors.ca}")


def test_an_unknown_authority_is_told_with_the_setting_that_names_it(doors: Doors) -> None:
    told = told_by(f"kafka://{USER}:x@127.0.0.1:{doors.good}?ca={doors.other_ca}")
    assert "is not signed by an authority trusted here" in told
    assert "set ca=FILE" in told


def test_tls_where_there_is_none_is_told(doors: Doors) -> None:
    assert "does not speak TLS" in told_by(f"kafka://{doors.plain}?security=ssl")


def test_no_tls_where_it_is_wanted_is_told(doors: Doors) -> None:
    assert "if it wants TLS or a login, set security=" in told_by(f"kafka://127.0.0.1:{doors.good}")


def test_an_address_where_nothing_listens_is_told() -> None:
    port = free_port()
    assert f"127.0.0.1:{port} does not answer" in told_by(f"kafka://127.0.0.1:{port}")


def test_a_host_that_does_not_exist_is_told() -> None:
    assert "there is no host kafka.invalid" in told_by("kafka://kafka.invalid:9092")
