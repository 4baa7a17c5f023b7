"""Makes tagged articles by hand, and an alert desk on real files that a test feeds them to."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from urllib.parse import quote

from index.alerts.alerter import Alerter
from index.alerts.database import AlertDatabase
from index.alerts.history import AlertRow
from index.alerts.local_history import LocalHistory
from index.alerts.local_rules import LocalRules
from index.alerts.mail import Composer
from index.alerts.maildir import MaildirTransport
from index.alerts.mailer import Delivered, Mailer
from index.alerts.matcher import Matcher
from index.alerts.outbox import Outbox
from index.alerts.rule import Rule
from index.alerts.rule_store import RuleStore
from index.alerts.transport import Transport
from index.stories import Stories
from ingest.article import Article, article_id, revision
from ingest.log.port import TAGGED, Record
from process.consumer import Outcome
from process.tagged import Entity, Event, Label, Status, TaggedArticle

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SENDER = "Wirewatch <alerts@example.org>"

COUNTRY_OF = {
    "Vladimir Putin": "RU", "Xi Jinping": "CN", "Russia": "RU", "China": "CN", "Iran": "IR", "United States": "US",
    "Moscow": "RU", "Japan": "JP", "Taiwan": "TW",
}  # fmt: skip
_LABELS: dict[str, Label] = {"Vladimir Putin": "PERSON", "Xi Jinping": "PERSON", "East China Sea": "LOC"}


class KnownNames:
    """Resolves the names above to themselves."""

    def resolve(self, name: str) -> tuple[str, ...]:
        return tuple(known for known in [*COUNTRY_OF, "East China Sea"] if known.casefold() == name.casefold())


def event(
    kind: str,
    *actors: str,
    status: Status = "happened",
    place: str | None = None,
    date: str | None = None,
    sentence: str = "",
) -> Event:
    """An event whose sentence is found later, by `tagged`, at the start of the text."""
    return Event(
        type=kind, plover="-", status=status, actors=actors, place=place, date=date,
        sentence=sentence, part="text", start=0, end=len(sentence),
    )  # fmt: skip


def tagged(
    title: str,
    *events: Event,
    text: str = "",
    language: str = "en",
    source: str = "The Daily",
    url: str | None = None,
    fetched: datetime = NOW,
) -> TaggedArticle:
    """A tagged article with the entities that its events name, countries known. Texts differ unless given."""
    url = url or f"https://{source.replace(' ', '').casefold()}.example/{quote(title)}"
    text = text or f"{title}. " + " ".join(f"{source} {title} {number * 7919 % 1009}" for number in range(40))
    proven = [
        each.model_copy(update={"sentence": sentence, "start": number, "end": number + len(sentence)})
        for number, each in enumerate(events)
        if (sentence := each.sentence or text[number : number + 40])
    ]
    names = dict.fromkeys(name for each in events for name in (*each.actors, each.place) if name)
    entities = [
        Entity(
            name=name, label=_LABELS.get(name, "GPE"), text=name, part="text", start=0, end=len(name),
            country=COUNTRY_OF.get(name),
        )
        for name in names
    ]  # fmt: skip
    article = Article(
        id=article_id(url, None, source, title), revision=revision(title, text), url=url, guid=None, source=source,
        feed="https://feed.example/rss", title=title, text=text, language=language, published=fetched,
        published_by="feed", fetched=fetched,
    )  # fmt: skip
    return TaggedArticle(
        article=article, language=language, entities=tuple(entities), events=tuple(proven), tagged=fetched
    )


class Desk:
    """Everything that alerts, on files in one folder; `now` is the clock, which the test moves."""

    def __init__(self, folder: Path, *rules: Rule, transport: Transport | None = None) -> None:
        self.now = NOW
        self.folder = folder
        self.database = AlertDatabase(folder / "alerts.sqlite")
        self.rules = RuleStore(LocalRules(self.database, self.clock), rules)
        self.outbox = Outbox(self.database, SENDER)
        self.stories = Stories(folder / "stories.sqlite")
        self.alerter = Alerter(
            self.database,
            self.outbox,
            self.rules.rules,
            Matcher(KnownNames()),
            self.stories,
            ["desk@example.org"],
            self.clock,
        )
        self.transport = transport or MaildirTransport(folder / "mail")
        self.mailer = Mailer(self.outbox, self.transport, Composer(SENDER, "http://127.0.0.1:8080"), self.clock)
        self._offset = 0

    def clock(self) -> datetime:
        return self.now

    def wait(self, **length: float) -> None:
        """Let time go by."""
        self.now += timedelta(**length)

    def read(self, *articles: TaggedArticle) -> Outcome:
        """Hand the articles to the alerter as one batch."""
        return self.alerter.handle([self.record(each.model_dump_json().encode()) for each in articles])

    def record(self, value: bytes) -> Record:
        """A record of the topic as the log would give it."""
        self._offset += 1
        return Record(TAGGED, 0, self._offset, "key", value, self.now)

    def deliver(self) -> Delivered:
        return self.mailer.deliver_due()

    def mails(self) -> list[EmailMessage]:
        """What is in the maildir, in no order."""
        files = sorted((self.folder / "mail" / "new").glob("*"))
        return [parsed(path.read_bytes()) for path in files]

    def history(self) -> Sequence[AlertRow]:
        return LocalHistory(self.database).list()

    def close(self) -> None:
        self.stories.close()
        self.database.close()


def parsed(message: bytes) -> EmailMessage:
    """The mail as a mail reader understands it."""
    mail = message_from_bytes(message, policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


def body(mail: EmailMessage, kind: str = "plain") -> str:
    """The plain or HTML text of a mail."""
    part = mail.get_body((kind,))
    assert part is not None
    content = part.get_content()
    assert isinstance(content, str)
    return content
