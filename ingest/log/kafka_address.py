"""Where Kafka is and how one gets in, read from the URL in the settings.

`kafka://user:password@host:9092,host2:9092?security=sasl_ssl&mechanism=SCRAM-SHA-256&ca=FILE`; user and password are
percent-encoded. `security` is plaintext, ssl, sasl_plaintext or sasl_ssl: what is not given follows from the rest.
"""

import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from ingest.errors import WirewatchError

SECURITY = ("plaintext", "ssl", "sasl_plaintext", "sasl_ssl")
MECHANISMS = ("SCRAM-SHA-256", "SCRAM-SHA-512", "PLAIN")
PORT = 9092

_REQUEST_SECONDS = 10
_BOOTSTRAP_SECONDS = 5
_LONGEST_BACKOFF_SECONDS = 2


@dataclass(frozen=True, slots=True)
class KafkaAddress:
    """Brokers as (host, port), and how to enter. `ca` is a PEM file of authorities, in place of the system's."""

    servers: tuple[tuple[str, int], ...]
    security: str = "plaintext"
    mechanism: str = MECHANISMS[0]
    user: str = ""
    password: str = field(default="", repr=False)
    ca: Path | None = None

    @classmethod
    def parse(cls, url: str) -> "KafkaAddress":
        """The address in a `kafka://` URL. Raises WirewatchError, without telling the password."""
        parts = urlsplit(url)
        login, _, hosts = parts.netloc.rpartition("@")
        user, _, password = map(unquote, login.partition(":"))
        options = dict(parse_qsl(parts.query, keep_blank_values=True))
        tls = "ssl" if "ca" in options or user else "plaintext"
        security = options.pop("security", f"sasl_{tls}" if user else tls).lower()
        mechanism = options.pop("mechanism", MECHANISMS[0]).upper()
        ca = options.pop("ca", None)
        _require(not options, f"has no option {', '.join(options)}; known are security, mechanism and ca")
        _require(security in SECURITY, f"cannot have security={security}; choose one of {', '.join(SECURITY)}")
        _require(mechanism in MECHANISMS, f"cannot have mechanism={mechanism}; choose one of {', '.join(MECHANISMS)}")
        _require(bool(user) == security.startswith("sasl"), "needs user:password@ with security=sasl_…, and only then")
        _require(ca is None or Path(ca).is_file(), f"names the file ca={ca}, which cannot be read")
        servers = tuple(_server(host) for host in hosts.split(","))
        return cls(servers, security, mechanism, user, password, Path(ca) if ca else None)

    def __str__(self) -> str:
        return ",".join(f"{host}:{port}" for host, port in self.servers)

    @property
    def tls(self) -> bool:
        """Whether connections are encrypted."""
        return self.security.endswith("ssl")

    def tls_context(self) -> ssl.SSLContext:
        """What to trust: the authorities of `ca`, else the system's; names of hosts are checked."""
        return ssl.create_default_context(cafile=self.ca)

    def client(self) -> dict[str, Any]:
        """The settings that each client of kafka-python needs to connect."""
        settings: dict[str, Any] = {
            "bootstrap_servers": [f"{host}:{port}" for host, port in self.servers],
            "client_id": "wirewatch",
            "security_protocol": self.security.upper(),
            "request_timeout_ms": _REQUEST_SECONDS * 1000,
            "bootstrap_timeout_ms": _BOOTSTRAP_SECONDS * 1000,
            "reconnect_backoff_max_ms": _LONGEST_BACKOFF_SECONDS * 1000,
            "metadata_max_age_ms": 60_000,
        }
        if self.tls:
            settings["ssl_context"] = self.tls_context()
        if self.user:
            settings["sasl_mechanism"] = self.mechanism
            settings["sasl_plain_username"] = self.user
            settings["sasl_plain_password"] = self.password
        return settings


def _server(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":") if not text.endswith("]") else (text, "", "")
    if not colon:
        host, port = text, str(PORT)
    host = host.strip("[]")
    _require(bool(host) and port.isdigit() and 0 < int(port) < 65536, f"has no host and port in {text!r}")
    return host, int(port)


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise WirewatchError(f"the Kafka address {otherwise}. Set `url` of [log], such as kafka://host:9092,host2:9092")
