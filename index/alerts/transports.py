"""Which transport a mail URL of the settings means."""

from pathlib import Path
from urllib.parse import unquote

from index.alerts.maildir import MaildirTransport
from index.alerts.smtp import SmtpServer, SmtpTransport
from index.alerts.transport import Transport
from ingest.errors import WirewatchError


def open_transport(url: str, data: Path) -> Transport:
    """`maildir:` is the folder `mail` under `data`, `maildir:/folder` that one; `smtp://…`, `smtps://…` are servers.

    Raises WirewatchError for anything else.
    """
    scheme, _, rest = url.partition(":")
    if scheme == "maildir":
        return MaildirTransport(data / (unquote(rest.removeprefix("//")) or "mail"))
    if scheme in ("smtp", "smtps"):
        return SmtpTransport(SmtpServer.parse(url))
    raise WirewatchError(f'mail by "{scheme}:" is not known; the url begins with maildir:, smtp:// or smtps://')
