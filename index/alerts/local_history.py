"""What was alerted, as alerts.sqlite tells it."""

import sqlite3
from collections.abc import Sequence

from index.alerts.database import AlertDatabase, moment
from index.alerts.history import AlertedArticle, AlertRow, Recipient
from index.alerts.source import Source

_COLUMNS = "id, created, due, finished, rule, subject, state, attempts, error, message_id"


class LocalHistory:
    """An `AlertHistory` for the processes of one machine."""

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
                f"SELECT {_COLUMNS} FROM mails WHERE ?1 IS NULL OR rule = ?1 ORDER BY id DESC LIMIT ?2",  # noqa: S608
                (rule, limit),
            ).fetchall()
            return [_row(connection, mail) for mail in mails]

    def close(self) -> None:
        """Give back the file."""
        self._database.close()


def read_mail(connection: sqlite3.Connection, number: int) -> AlertRow:
    """The mail of that number in the outbox."""
    mail = connection.execute(f"SELECT {_COLUMNS} FROM mails WHERE id = ?", (number,)).fetchone()  # noqa: S608
    return _row(connection, mail)


def _row(
    connection: sqlite3.Connection, mail: tuple[int, str, str, str | None, str, str, str, int, str, str]
) -> AlertRow:
    number, created, due, finished, of_rule, subject, state, attempts, error, message_id = mail
    people = connection.execute(
        "SELECT recipient, state, error FROM deliveries WHERE mail = ? ORDER BY rowid", (number,)
    )
    articles = connection.execute(
        "SELECT source, mailed FROM sources JOIN groups ON groups.id = grouped WHERE mail = ?"
        " ORDER BY groups.id, sources.rowid",
        (number,),
    )
    return AlertRow(
        time=moment(created),
        due=moment(due),
        finished=moment(finished) if finished else None,
        rule=of_rule,
        to=[Recipient(*person) for person in people],
        subject=subject or "",
        state=state,
        attempts=attempts,
        error=error,
        message_id=message_id,
        articles=[_article(text, mailed) for text, mailed in articles],
    )


def _article(text: str, mailed: int) -> AlertedArticle:
    source = Source.model_validate_json(text)
    return AlertedArticle(source.article, source.title, source.url, source.source, source.language, bool(mailed))
