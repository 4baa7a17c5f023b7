"""What was alerted: for `wirewatch alerts list` and the web pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from index.alerts.database import AlertDatabase, moment
from index.alerts.source import Source


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


class AlertHistory:
    """Reads alerts.sqlite; safe from any thread."""

    def __init__(self, database: AlertDatabase) -> None:
        self._database = database

    def sent(self) -> int:
        """How many mails were sent so far. Raises Unavailable."""
        with self._database.reading() as connection:
            (count,) = connection.execute("SELECT count(*) FROM mails WHERE state = 'sent'").fetchone()
            return int(count)

    def list(self, limit: int = 50, rule: str | None = None) -> Sequence[AlertRow]:
        """The newest mails first, of one rule or of all. Raises Unavailable."""
        with self._database.reading() as connection:
            mails = connection.execute(
                "SELECT id, created, due, finished, rule, subject, state, attempts, error, message_id FROM mails"
                " WHERE ?1 IS NULL OR rule = ?1 ORDER BY id DESC LIMIT ?2",
                (rule, limit),
            ).fetchall()
            return [
                AlertRow(
                    time=moment(created),
                    due=moment(due),
                    finished=moment(finished) if finished else None,
                    rule=of_rule,
                    to=[
                        Recipient(*row)
                        for row in connection.execute(
                            "SELECT recipient, state, error FROM deliveries WHERE mail = ? ORDER BY rowid", (mail,)
                        )
                    ],
                    subject=subject or "",
                    state=state,
                    attempts=attempts,
                    error=error,
                    message_id=message_id,
                    articles=[
                        _article(text, mailed)
                        for text, mailed in connection.execute(
                            "SELECT source, mailed FROM sources JOIN groups ON groups.id = grouped WHERE mail = ?"
                            " ORDER BY groups.id, sources.rowid",
                            (mail,),
                        )
                    ],
                )
                for mail, created, due, finished, of_rule, subject, state, attempts, error, message_id in mails
            ]


def _article(text: str, mailed: int) -> AlertedArticle:
    source = Source.model_validate_json(text)
    return AlertedArticle(source.article, source.title, source.url, source.source, source.language, bool(mailed))
