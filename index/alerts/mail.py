"""The mail a person gets: what happened, where, when, who, the proof, the sources, why it matched, how to stop it."""

import hashlib
import re
import shlex
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from pathlib import Path

from babel import Locale, UnknownLocaleError
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from index.alerts.outbox import Mail
from index.alerts.source import Source
from process.tagged import Event

_STATUS = {"happened": "", "ongoing": " under way", "planned": " planned", "cancelled": " cancelled"}
_SOURCES_SHOWN = 50
_GROUPS_SHOWN = 100
_QUOTES_SHOWN = 3
_TITLE_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence that proves an event. `language` is for a person, `code` for a machine (ISO 639)."""

    text: str
    code: str
    language: str
    source: str


@dataclass(frozen=True, slots=True)
class Link:
    """One source. `url` is None unless it is a web address."""

    title: str
    url: str | None
    source: str
    language: str
    code: str
    time: datetime
    article: str


@dataclass(frozen=True, slots=True)
class News:
    """One group as the templates show it. What is not told is None or empty. `fragments` are matched pieces of text."""

    headline: str
    what: str | None
    status: str | None
    who: str
    where: str | None
    when: str | None
    also: str
    quotes: Sequence[Quote]
    links: Sequence[Link]
    more: int
    fragments: Sequence[Sequence[tuple[str, bool]]]


class Composer:
    """Writes the mails. `sender` is their From; `pages` the address of the web pages, None when there are none."""

    def __init__(self, sender: str, pages: str | None = None) -> None:
        self._sender = sender
        self._pages = pages.rstrip("/") if pages else None
        self._templates = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=select_autoescape(("html",)),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def compose(self, mail: Mail, now: datetime) -> tuple[str, bytes]:
        """The subject, and the whole message as it goes over the wire."""
        news = [_news(group) for group in mail.groups[:_GROUPS_SHOWN]]
        subject = news[0].headline if len(mail.groups) == 1 else f"{len(mail.groups)} alerts: {plain(mail.rule)}"
        subject = subject.replace(
            "=?", "= ?"
        )  # else an encoded word (RFC 2047) in a title is decoded, line ends and all
        message = EmailMessage(policy=SMTP)
        name, address = parseaddr(self._sender)
        message["From"] = f'"{re.sub(r"[^ -!#-[^-~]", "", name)}" <{address}>' if name else address
        message["To"] = ", ".join(mail.everyone)
        message["Date"] = format_datetime(now)
        message["Message-ID"] = mail.message_id
        message["List-Id"] = (
            f"<{hashlib.sha256(mail.rule.encode()).hexdigest()[:16]}.alerts.{address.rpartition('@')[2]}>"
        )
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office replies, please
        facts = {
            "subject": subject,
            "news": news,
            "left_out": len(mail.groups) - len(news),
            "rule": plain(mail.rule),
            "query": plain(mail.query),
            "remove": "wirewatch rules remove " + shlex.quote(plain(mail.rule)),
            "pages": self._pages,
        }
        for subtype, add in (("plain", message.set_content), ("html", message.add_alternative)):
            template = self._templates.get_template("alert.html" if subtype == "html" else "alert.txt")
            add(template.render(facts), subtype=subtype, charset="utf-8", cte="quoted-printable")
        return subject, _subject_line(subject) + message.as_bytes()


def _subject_line(subject: str) -> bytes:
    """The header by the old encoder: that of EmailMessage drops blanks between words that it has to encode."""
    charset = "us-ascii" if subject.isascii() else "utf-8"
    text = Header(subject, charset, header_name="Subject").encode(linesep="\r\n")
    return b"Subject: " + text.encode("ascii") + b"\r\n"


def plain(text: str, longest: int = _TITLE_LENGTH) -> str:
    """One line of printable text: line ends, controls and direction marks out, cut at a word when too long."""
    line = _printable(text[: 4 * longest]).strip()
    if len(line) <= longest:
        return line
    cut = line[:longest]
    return (cut.rsplit(" ", 1)[0] if " " in cut[longest // 2 :] else cut[:-1]).rstrip() + "…"


def _printable(text: str) -> str:
    """The text with every run of white space and controls as one blank, without marks that turn the direction."""
    kept = (each for each in text if each.isspace() or unicodedata.category(each) not in ("Cs", "Co", "Cn"))
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f]+", " ", "".join(each for each in kept if each not in _MARKS))


_MARKS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def language_name(code: str) -> str:
    """The English name of a language, its code where there is none."""
    try:
        return Locale("en").languages.get(code) or plain(code, 20)
    except UnknownLocaleError:
        return plain(code, 20)


def _news(group: Sequence[Source]) -> News:
    told = [(event, source) for source in group for event in source.events]
    lead = _fullest([event for event, _ in told])
    shown = group[:_SOURCES_SHOWN]
    also = dict.fromkeys(_what(event) for event, _ in told if lead and event.type != lead.type)
    return News(
        headline=_headline(lead) if lead else plain(group[0].title) or "An article without a title",
        what=_what(lead) if lead else None,
        status=lead.status if lead else None,
        who=", ".join(plain(actor) for actor in lead.actors) if lead else "",
        where=plain(lead.place) if lead and lead.place else None,
        when=plain(lead.date) if lead and lead.date else None,
        also=", ".join(also),
        quotes=_quotes([(event, source) for event, source in told if lead and event.type == lead.type]),
        links=[_link(source) for source in shown],
        more=len(group) - len(shown),
        fragments=[
            [(_printable(text), hit) for text, hit in fragment]
            for fragment in next((source.why for source in group if source.why), ())
        ],
    )


def _fullest(events: Sequence[Event]) -> Event | None:
    """Of the reports of the first event's type and status, the one that tells most."""
    alike = [event for event in events if (event.type, event.status) == (events[0].type, events[0].status)]
    return max(alike, key=lambda event: bool(event.place) + bool(event.date) + min(len(event.actors), 2), default=None)


def _what(event: Event) -> str:
    return plain(event.type.replace("_", " ").capitalize())


def _headline(event: Event) -> str:
    """Such as "Naval exercise planned: Russia, China – East China Sea"."""
    actors = [plain(actor, 60) for actor in event.actors[:4]] + (["…"] if len(event.actors) > 4 else [])
    parts = [part for part in (", ".join(actors), plain(event.place, 60) if event.place else "") if part]
    return plain(_what(event) + _STATUS[event.status] + (": " + " – ".join(parts) if parts else ""))


def _quotes(told: Sequence[tuple[Event, Source]]) -> Sequence[Quote]:
    """The proof, once per language."""
    quotes: dict[str, Quote] = {}
    for event, source in told:
        if text := plain(event.sentence, 600):
            language = language_name(source.language)
            quotes.setdefault(source.language, Quote(text, plain(source.language, 20), language, plain(source.source)))
    return list(quotes.values())[:_QUOTES_SHOWN]


def _link(source: Source) -> Link:
    url = source.url if source.url and re.fullmatch(r"https?://[!#-;=?-~]{1,2000}", source.url) else None
    return Link(
        title=plain(source.title) or "(no title)",
        url=url,
        source=plain(source.source) or "unknown source",
        language=language_name(source.language),
        code=plain(source.language, 20),
        time=source.published,
        article=source.article,
    )
