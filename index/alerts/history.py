"""What was alerted: for `wirewatch alerts list` and the web pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class AlertedArticle:
    """`mailed` is False for an article that joined its group after the mail was written."""

    id: str
    title: str
    url: str | None
    source: str
    language: str
    mailed: bool


@dataclass(frozen=True, slots=True)
class Recipient:
    """`state`: pending, sent, failed, or unknown (it may have been delivered; it is not sent again)."""

    address: str
    state: str
    error: str | None

    def __str__(self) -> str:
        return self.address


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One mail. `state`: queued (waiting for `due` or for another try), sending, sent, failed, unknown.

    `time` is when it was recorded, `finished` when it was sent or given up. `subject` is empty until it is written.
    """

    time: datetime
    due: datetime
    finished: datetime | None
    rule: str
    to: Sequence[Recipient]
    subject: str
    state: str
    attempts: int
    error: str | None
    message_id: str
    articles: Sequence[AlertedArticle]


class AlertHistory(Protocol):
    """Where the pages and commands read it: the port that each backend keeps. For any thread."""

    def sent(self) -> int:
        """How many mails were sent so far. Raises Unavailable."""

    def list(self, limit: int = 50, rule: str | None = None) -> Sequence[AlertRow]:
        """The newest mails first, of one rule or of all; at most 10,000. Raises Unavailable."""

    def close(self) -> None:
        """Give back connections and files."""


class SharedHistory(AlertHistory, Protocol):
    """A history that machines share. The outbox keeps the original; its owner puts here what has changed."""

    def put(self, rows: Sequence[tuple[int, AlertRow]]) -> None:
        """Add mails or replace them by message_id, durably, each with its number in the outbox. Raises Unavailable."""
