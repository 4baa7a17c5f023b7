"""Delivery by SMTP (RFC 5321), with STARTTLS (RFC 3207) or TLS from the start (RFC 8314) and login (RFC 4954)."""

import re
import smtplib
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser
from email.utils import parseaddr
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, unquote, urlsplit

from index.alerts.transport import FateUnknownError, Receipt, RejectedError
from ingest.errors import Unavailable, WirewatchError

_TIMEOUT = 30.0
"""Seconds for each answer of the server."""

_LAST_TIMEOUT = 120.0
"""Seconds for the answer to the end of the mail: RFC 5321, 4.5.3.2.6 asks for patience, as giving up means doubt."""

Tls = Literal["offered", "required", "never"]


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where to hand mails in. `implicit` is TLS from the first byte; `tls` is about STARTTLS otherwise."""

    host: str
    port: int
    implicit: bool = False
    tls: Tls = "offered"
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    authority: Path | None = None

    @classmethod
    def parse(cls, url: str) -> "SmtpServer":
        """Read `smtp://user:password@host:587` or `smtps://host`, with `?tls=required|never` and `?ca=FILE` (PEM).

        Raises WirewatchError; the message never holds the password.
        """
        try:
            parts = urlsplit(url)
            port = parts.port or (465 if parts.scheme == "smtps" else 587 if parts.username else 25)
        except ValueError as error:
            raise WirewatchError(f"the mail address of the settings cannot be read ({error}); {_EXAMPLE}") from error
        options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        tls = options.pop("tls", "offered")
        authority = options.pop("ca", None)
        if (
            parts.scheme not in ("smtp", "smtps")
            or not parts.hostname
            or options
            or tls not in ("offered", "required", "never")
        ):
            wrong = (
                f"unknown option {next(iter(options))}"
                if options
                else f"{parts.scheme}://{parts.hostname or ''}?tls={tls}"
            )
            raise WirewatchError(f"the mail server of the settings is not one ({wrong}); {_EXAMPLE}")
        return cls(
            host=parts.hostname,
            port=port,
            implicit=parts.scheme == "smtps",
            tls="required" if tls == "required" else "never" if tls == "never" else "offered",
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password or "") if parts.username else None,
            authority=Path(authority) if authority else None,
        )

    def __str__(self) -> str:
        return f"mail server {self.host}:{self.port}"


_EXAMPLE = 'write for example "smtp://user:password@mail.example.org:587" or "smtps://mail.example.org"'


class SmtpTransport:
    """Hands each mail in over a connection of its own; alerts are few."""

    def __init__(self, server: SmtpServer, timeout: float = _TIMEOUT) -> None:
        self._server = server
        self._timeout = timeout

    def send(self, message: bytes, recipients: Sequence[str], committing: Callable[[], None]) -> Receipt:
        """One mail to all recipients that the server takes. See `Transport.send`."""
        sender = parseaddr(str(BytesHeaderParser().parsebytes(message)["From"]))[1]
        refused: dict[str, str] = {}
        deferred: dict[str, str] = {}
        with self._connected() as smtp:
            code, answer = smtp.mail(sender)
            self._expect(250, code, answer, f"does not take mail from {sender}")
            for recipient in recipients:
                code, answer = smtp.rcpt(recipient)
                if code not in (250, 251):
                    (refused if code >= 500 else deferred)[recipient] = _said(code, answer)
            accepted = [each for each in recipients if each not in refused and each not in deferred]
            if accepted:
                self._data(smtp, message, committing)
        return Receipt(accepted, refused, deferred)

    def delivered(self, message_id: str) -> None:
        """SMTP cannot tell."""

    def check(self) -> str:
        """Connect, secure the connection, log in."""
        with self._connected() as smtp:
            secured = "TLS" if isinstance(smtp.sock, ssl.SSLSocket) else "no TLS"
        return f"{self._server}, {secured}, " + (
            f"logged in as {self._server.user}" if self._server.user else "no login"
        )

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        """A connection that is ready for mail. What breaks on it is Unavailable, unless the block knows more."""
        try:
            smtp = self._connect()
        except (OSError, smtplib.SMTPException) as error:
            raise self._unavailable(error) from error
        try:
            self._secure(smtp)
            self._login(smtp)
            yield smtp
            with suppress(OSError, smtplib.SMTPException):
                smtp.quit()
        except (OSError, smtplib.SMTPException) as error:
            raise self._unavailable(error) from error
        finally:
            smtp.close()

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        if server.implicit:
            return smtplib.SMTP_SSL(server.host, server.port, timeout=self._timeout, context=self._context())
        return smtplib.SMTP(server.host, server.port, timeout=self._timeout)

    def _context(self) -> ssl.SSLContext:
        try:
            return ssl.create_default_context(cafile=self._server.authority)
        except FileNotFoundError as error:
            raise WirewatchError(
                f"the certificate file {self._server.authority} is not there; mend ca= of the mail url"
            ) from error

    def _secure(self, smtp: smtplib.SMTP) -> None:
        smtp.ehlo_or_helo_if_needed()
        if self._server.implicit or self._server.tls == "never":
            return
        if smtp.has_extn("starttls"):
            smtp.starttls(context=self._context())
            smtp.ehlo()
        elif self._server.tls == "required":
            raise Unavailable(
                f"{self._server} offers no STARTTLS, which the settings require; ask its operator, or use smtps://"
            )

    def _login(self, smtp: smtplib.SMTP) -> None:
        server = self._server
        if server.user is None or server.password is None:
            return
        local = server.host in ("localhost", "127.0.0.1", "::1")
        if not (local or server.tls == "never" or isinstance(smtp.sock, ssl.SSLSocket)):
            raise Unavailable(
                f"{server} offers no encryption, so the password was not sent; "
                "use smtps://, or add ?tls=never to the mail url if the network is trusted"
            )
        try:
            smtp.login(server.user, server.password)
        except smtplib.SMTPAuthenticationError as error:
            said = _said(error.smtp_code, error.smtp_error)
            raise Unavailable(
                f"{server} does not let {server.user} in ({said}); check user and password of the mail url", 60
            ) from error
        except smtplib.SMTPServerDisconnected as error:
            raise Unavailable(
                f"{server} hung up while {server.user} logged in; check user and password of the mail url", 60
            ) from error
        except smtplib.SMTPNotSupportedError as error:
            raise Unavailable(f"{server} knows no login; leave user and password out of the mail url", 60) from error

    def _data(self, smtp: smtplib.SMTP, message: bytes, committing: Callable[[], None]) -> None:
        """The body up to its closing dot, then `committing`, then the dot: until it is sent the server has no mail."""
        code, answer = smtp.docmd("DATA")
        self._expect(354, code, answer, "does not take the mail")
        assert smtp.sock is not None
        body = re.sub(rb"(?m)^\.", b"..", message)
        smtp.send(body if body.endswith(b"\r\n") else body + b"\r\n")
        committing()
        try:
            smtp.sock.settimeout(max(self._timeout, _LAST_TIMEOUT))
            smtp.send(b".\r\n")
            code, answer = smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            raise FateUnknownError(
                f"{self._server} was lost before it confirmed the mail ({error}); "
                "it may have been delivered, so it is not sent again"
            ) from error
        self._expect(250, code, answer, "does not take the mail")

    def _expect(self, wanted: int, code: int, answer: bytes, what: str) -> None:
        if code >= 500:
            raise RejectedError(f"{self._server} {what}: {_said(code, answer)}")
        if code != wanted:
            raise Unavailable(f"{self._server} {what} now: {_said(code, answer)}")

    def _unavailable(self, error: Exception) -> Unavailable:
        if isinstance(error, ssl.SSLCertVerificationError):
            return Unavailable(
                f"{self._server} shows a certificate that is not trusted ({error.verify_message}); "
                "check the host name, or name its authority with ?ca=FILE in the mail url"
            )
        if isinstance(error, smtplib.SMTPResponseException):
            return Unavailable(f"{self._server}: {_said(error.smtp_code, error.smtp_error)}")
        return Unavailable(f"{self._server} cannot be reached or broke off ({error}); check host, port and network")


def _said(code: int, answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return f"{code} {' '.join(text.split())}"[:300]
