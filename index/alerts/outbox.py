"""The outbox: every mail is recorded here before it is sent, in the transaction that recorded the news it is about.

The life of a mail: queued -> sending -> sent | failed | unknown. An attempt leaves it "queued" while nothing has been
handed over; only at the last moment before the receiver can have the mail (by SMTP, before the closing dot of DATA) it
becomes "sending", durably. So after a crash, "queued" is known not to be delivered and is tried again, and
only a crash or a cut between that moment and the server's answer leaves doubt. Then the transport is asked. A maildir
knows, by the file's name. SMTP cannot know, and a mail must never come twice, so the mail stays "unknown", is shown as
such in the history, and is not sent again.
"""

import hashlib
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr

from index.alerts.database import AlertDatabase, moment, stamp
from index.alerts.rule import Rule
from index.alerts.source import Source


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that is due. `groups`: its news. `message`: its bytes once they were made. `recipients`: those left.

    `digest`: whether it gathered news until its hour had come.
    """

    id: int
    message_id: str
    rule: str
    query: str
    created: datetime
    attempts: int
    everyone: Sequence[str]
    recipients: Sequence[str]
    message: bytes | None
    groups: Sequence[Sequence[Source]]
    digest: bool = False


class Outbox:
    """Posting is done inside the caller's transaction; the rest are transactions of their own. Raises Unavailable."""

    def __init__(self, database: AlertDatabase, sender: str) -> None:
        """`sender` is the From of the mails; its domain ends their Message-IDs."""
        self._database = database
        self._domain = parseaddr(sender)[1].rpartition("@")[2] or "wirewatch.invalid"

    def post(
        self, connection: sqlite3.Connection, rule: Rule, key: str, recipients: Sequence[str], now: datetime
    ) -> int:
        """The id of the mail that news of that `key` goes into: one of its own, or the digest being gathered."""
        if rule.every.every is None:
            return self._queue(connection, rule, self._message_id(rule, key), recipients, now, now)
        due = now
        while True:
            due = rule.every.next(due)
            message_id = self._message_id(rule, stamp(due))
            row = connection.execute(
                "SELECT id, state = 'queued' AND message IS NULL FROM mails WHERE message_id = ?", (message_id,)
            ).fetchone()
            if row is None:
                return self._queue(connection, rule, message_id, recipients, now, due)
            if row[1]:
                return int(row[0])

    def exclusively(self) -> AbstractContextManager[bool]:
        """Be the one mailer of this outbox; False while another process or thread is. The lock dies with its holder."""
        return self._database.alone("mailer")

    def due(self, now: datetime) -> Sequence[Mail]:
        """The queued mails to try now, oldest first; at most a hundred."""
        return self._read("state = 'queued' AND next_try <= ? ORDER BY next_try, id LIMIT 100", stamp(now))

    def interrupted(self) -> Sequence[Mail]:
        """The mails that a mailer was handing over when it died. Ask only while being the one mailer."""
        return self._read("state = 'sending' ORDER BY id")

    def freeze(self, mail: Mail, subject: str, message: bytes) -> bool:
        """Keep the mail's text as every attempt sends it. What joins its groups from now on comes too late for it.

        False, and nothing is kept, when more news went into the mail since it was read: read it again.
        """
        with self._database.transaction() as connection:
            (now,) = connection.execute("SELECT count(*) FROM groups WHERE mail = ?", (mail.id,)).fetchone()
            if now != len(mail.groups):
                return False
            connection.execute("UPDATE mails SET subject = ?, message = ? WHERE id = ?", (subject, message, mail.id))
            connection.executemany(
                "UPDATE sources SET mailed = 1 WHERE article = ? AND grouped IN (SELECT id FROM groups WHERE mail = ?)",
                [(source.article, mail.id) for group in mail.groups for source in group],
            )
            return True

    def sending(self, mail: Mail) -> None:
        """Record, durably, that the next byte may deliver the mail."""
        with self._database.transaction() as connection:
            connection.execute("UPDATE mails SET state = 'sending' WHERE id = ?", (mail.id,))

    def settle(
        self, mail: Mail, states: Mapping[str, tuple[str, str | None]], error: str | None, now: datetime
    ) -> None:
        """Record the end of an attempt for recipients: state ("sent", "failed", "unknown") and error of each.

        The mail is finished when nobody is left; it is then "unknown" if one is, else "sent" if one is, else "failed".
        """
        with self._database.transaction() as connection:
            connection.executemany(
                "UPDATE deliveries SET state = ?, error = ? WHERE mail = ? AND recipient = ?",
                [(state, why, mail.id, recipient) for recipient, (state, why) in states.items()],
            )
            rows = connection.execute("SELECT DISTINCT state FROM deliveries WHERE mail = ?", (mail.id,))
            found = {state for (state,) in rows}
            end = next(state for state in ("pending", "unknown", "sent", "failed") if state in found)
            connection.execute(
                "UPDATE mails SET state = ?, error = ?, finished = ?, message = iif(? = 'sent', NULL, message)"
                " WHERE id = ?",
                ("queued" if end == "pending" else end, error, None if end == "pending" else stamp(now), end, mail.id),
            )

    def postpone(self, mail: Mail, error: str, until: datetime) -> None:
        """Record a failed attempt that is to be repeated."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE mails SET state = 'queued', attempts = attempts + 1, error = ?, next_try = ? WHERE id = ?",
                (error, stamp(until), mail.id),
            )

    def _message_id(self, rule: Rule, part: str) -> str:
        digest = hashlib.sha256(f"{rule.name}\n{part}".encode()).hexdigest()[:32]
        return f"<{digest}@{self._domain}>"

    def _queue(
        self,
        connection: sqlite3.Connection,
        rule: Rule,
        message_id: str,
        recipients: Sequence[str],
        now: datetime,
        due: datetime,
    ) -> int:
        row = connection.execute(
            "INSERT INTO mails (message_id, rule, query, digest, created, due, next_try) VALUES (?, ?, ?, ?, ?, ?, ?)"
            " RETURNING id",
            (message_id, rule.name, rule.query, rule.every.every is not None, stamp(now), stamp(due), stamp(due)),
        ).fetchone()
        connection.executemany(
            "INSERT INTO deliveries (mail, recipient) VALUES (?, ?)", [(row[0], recipient) for recipient in recipients]
        )
        return int(row[0])

    def _read(self, where: str, *parameters: str) -> Sequence[Mail]:
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT id, message_id, rule, query, digest, created, attempts, message FROM mails WHERE " + where,  # noqa: S608
                parameters,
            ).fetchall()
            return [_mail(connection, row) for row in rows]


def _mail(connection: sqlite3.Connection, row: tuple[int, str, str, str, int, str, int, bytes | None]) -> Mail:
    number, message_id, rule, query, digest, created, attempts, message = row
    people = connection.execute(
        "SELECT recipient, state FROM deliveries WHERE mail = ? ORDER BY rowid", (number,)
    ).fetchall()
    groups: dict[int, list[Source]] = {}
    for group, text in connection.execute(
        "SELECT groups.id, source FROM groups JOIN sources ON grouped = groups.id WHERE mail = ?"
        " ORDER BY groups.id, sources.rowid",
        (number,),
    ):
        groups.setdefault(group, []).append(Source.model_validate_json(text))
    return Mail(
        id=number,
        message_id=message_id,
        rule=rule,
        query=query,
        created=moment(created),
        attempts=attempts,
        everyone=[recipient for recipient, _ in people],
        recipients=[recipient for recipient, state in people if state == "pending"],
        message=message,
        groups=list(groups.values()),
        digest=bool(digest),
    )
