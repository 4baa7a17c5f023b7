"""Where Kafka is, read from the URL in the settings."""

from pathlib import Path

import pytest

from ingest.errors import WirewatchError
from ingest.log.kafka_address import KafkaAddress


def test_an_address_names_brokers_and_their_ports() -> None:
    address = KafkaAddress.parse("kafka://one:9093,two,[::1]:9094")
    assert address.servers == (("one", 9093), ("two", 9092), ("::1", 9094))
    assert address.security == "plaintext"
    assert str(address) == "one:9093,two:9092,::1:9094"


def test_a_user_means_tls_and_scram_and_may_have_any_letters() -> None:
    address = KafkaAddress.parse("kafka://a%40desk:p%3A%2F%40ss@one")
    assert (address.user, address.password) == ("a@desk", "p:/@ss")
    assert (address.security, address.mechanism) == ("sasl_ssl", "SCRAM-SHA-256")
    assert address.client()["sasl_plain_password"] == "p:/@ss"


def test_the_password_is_in_no_text_about_the_address() -> None:
    address = KafkaAddress.parse("kafka://desk:hidden@one")
    assert "hidden" not in repr(address)
    assert "hidden" not in str(address)


def test_options_are_taken_in_any_case(tmp_path: Path) -> None:
    ca = tmp_path / "ca.pem"
    ca.touch()
    address = KafkaAddress.parse(f"kafka://desk:x@one?security=SASL_PLAINTEXT&mechanism=plain&ca={ca}")
    assert (address.security, address.mechanism, address.ca) == ("sasl_plaintext", "PLAIN", ca)


def test_an_authority_means_tls(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").touch()
    assert KafkaAddress.parse(f"kafka://one?ca={tmp_path / 'ca.pem'}").security == "ssl"


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("kafka://", "has no host and port"),
        ("kafka://one:port", "has no host and port in 'one:port'"),
        ("kafka://one:70000", "has no host and port"),
        ("kafka://one?tls=yes", "has no option tls; known are security, mechanism and ca"),
        ("kafka://one?security=tls", "cannot have security=tls; choose one of plaintext, ssl"),
        ("kafka://desk:secret@one?mechanism=GSSAPI", "cannot have mechanism=GSSAPI; choose one of SCRAM-SHA-256"),
        ("kafka://one?security=sasl_ssl", "needs user:password@"),
        ("kafka://desk:secret@one?security=ssl", "needs user:password@"),
        ("kafka://one?ca=/nowhere/ca.pem", "names the file ca=/nowhere/ca.pem, which cannot be read"),
    ],
)
def test_a_mistake_in_the_address_is_told_with_the_setting_to_change(url: str, told: str) -> None:
    with pytest.raises(WirewatchError) as caught:
        KafkaAddress.parse(url)
    assert told in str(caught.value)
    assert "Set `url` of [log]" in str(caught.value)
    assert "secret" not in str(caught.value)
