"""A small newsroom to look at: articles written for this purpose, with their tags, and whatever else the pages show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from deploy.audit import Ledger
from index.document import Document
from ingest.article import Article, article_id, revision
from ingest.state import FeedState
from process.tagged import Entity, Event, Label, Part, Status, TaggedArticle

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def clock() -> datetime:
    """The newsroom's clock stands still."""
    return NOW


@dataclass(frozen=True, slots=True)
class Happening:
    """An event to be found in the text by its sentence."""

    type: str
    sentence: str
    actors: tuple[str, ...] = ()
    place: str | None = None
    date: str | None = None
    status: Status = "happened"


@dataclass(frozen=True, slots=True)
class Piece:
    """An article to be written: `names` are (label, canonical name, as it stands in title or text)."""

    source: str
    language: str
    title: str
    text: str
    names: Sequence[tuple[Label, str, str]] = ()
    events: Sequence[Happening] = ()
    hours_ago: float = 1
    story: str | None = None
    url: str | None = ""


def document(piece: Piece) -> Document:
    """The piece as search stores it."""
    url = f"https://news.example/{abs(hash_of(piece.title))}" if piece.url == "" else piece.url
    published = NOW - timedelta(hours=piece.hours_ago)
    identity = article_id(url, None, piece.source, piece.title)
    return Document(
        id=identity,
        revision=revision(piece.title, piece.text),
        url=url,
        source=piece.source,
        feed="https://news.example/feed.xml",
        title=piece.title,
        text=piece.text,
        language=piece.language,
        entities=tuple(_entity(piece, *name) for name in piece.names),
        events=tuple(_event(piece, happening) for happening in piece.events),
        story=piece.story or identity,
        published=published,
        fetched=published + timedelta(minutes=4),
        tagged=published + timedelta(minutes=4, seconds=1.4),
        indexed=published + timedelta(minutes=4, seconds=1.9),
    )


def tagged(piece: Piece) -> TaggedArticle:
    """The piece as the tagger leaves it."""
    made = document(piece)
    article = Article.model_validate(
        made.model_dump(include={"id", "revision", "url", "source", "feed", "title", "text", "published", "fetched"})
        | {"guid": None, "language": made.language, "published_by": "feed"}
    )
    return TaggedArticle(
        article=article, language=made.language, entities=made.entities, events=made.events, tagged=made.tagged
    )


def hash_of(text: str) -> int:
    """A number for an address, the same in every run."""
    return int(article_id(None, None, "", text)[:8], 16)


def _place(piece: Piece, surface: str) -> tuple[Part, int, int]:
    part: Part = "text" if surface in piece.text else "title"
    start = (piece.text if part == "text" else piece.title).index(surface)
    return part, start, start + len(surface)


def _entity(piece: Piece, label: Label, name: str, surface: str) -> Entity:
    part, start, end = _place(piece, surface)
    return Entity(name=name, label=label, text=surface, part=part, start=start, end=end, rule="a test's list")


def _event(piece: Piece, event: Happening) -> Event:
    part, start, end = _place(piece, event.sentence)
    return Event(
        type=event.type,
        plover="CONSULT",
        status=event.status,
        actors=event.actors,
        place=event.place,
        date=event.date,
        sentence=event.sentence,
        part=part,
        start=start,
        end=end,
        rule=f"{piece.language}: a test's trigger",
    )


EXERCISE_EN = Piece(
    "The Harbour Post",
    "en",
    "Russia and China begin joint naval exercise in East China Sea",
    "Russian and Chinese warships began a joint naval exercise in the East China Sea on Monday, the defence ministry "
    "in Moscow said. The missile cruiser Varyag leads the Russian detachment.\n\n"
    "President Xi Jinping is expected to visit Moscow in spring, the Kremlin said. Vladimir Putin and Xi spoke by "
    "video link for an hour.\n\nNATO said that it was watching the manoeuvres closely.",
    [
        ("GPE", "Russia", "Russian"),
        ("GPE", "China", "Chinese"),
        ("LOC", "East China Sea", "East China Sea"),
        ("GPE", "Moscow", "Moscow"),
        ("VESSEL", "Varyag", "Varyag"),
        ("PERSON", "Xi Jinping", "Xi Jinping"),
        ("PERSON", "Vladimir Putin", "Vladimir Putin"),
        ("ORG", "NATO", "NATO"),
        ("ORG", "Kremlin", "Kremlin"),
    ],
    [
        Happening(
            "naval_exercise",
            "Russian and Chinese warships began a joint naval exercise in the East China Sea on Monday, the defence "
            "ministry in Moscow said.",
            ("Russia", "China"),
            "East China Sea",
            "2026-11-23",
            "ongoing",
        ),
        Happening(
            "visit",
            "President Xi Jinping is expected to visit Moscow in spring, the Kremlin said.",
            ("Xi Jinping",),
            "Moscow",
            status="planned",
        ),
        Happening(
            "phone_call",
            "Vladimir Putin and Xi spoke by video link for an hour.",
            ("Vladimir Putin", "Xi Jinping"),
            date="2026-11-23",
        ),
    ],
    story="5" * 32,
)

PIECES: Sequence[Piece] = (
    EXERCISE_EN,
    Piece(
        "Coastal Wire",
        "en",
        "Joint naval exercise of Russia and China under way",
        "Russian and Chinese warships began a joint naval exercise in the East China Sea on Monday, the ministry said.",
        [("GPE", "Russia", "Russian"), ("GPE", "China", "Chinese"), ("LOC", "East China Sea", "East China Sea")],
        [
            Happening(
                "naval_exercise",
                "Russian and Chinese warships began a joint naval exercise in the East China Sea on Monday, the "
                "ministry said.",
                ("Russia", "China"),
                "East China Sea",
                "2026-11-23",
                "ongoing",
            )
        ],
        hours_ago=2,
        story="5" * 32,
    ),
    Piece(
        "Le Quai",
        "fr",
        "Manœuvres navales sino-russes en mer de Chine orientale",
        "La Chine et la Russie ont entamé lundi des manœuvres navales en mer de Chine orientale. « Il ne s’agit pas "
        "d’une menace », assure Pékin.",
        [("GPE", "China", "La Chine"), ("GPE", "Russia", "la Russie"), ("GPE", "Beijing", "Pékin")],
        [
            Happening(
                "naval_exercise",
                "La Chine et la Russie ont entamé lundi des manœuvres navales en mer de Chine orientale.",
                ("China", "Russia"),
                "East China Sea",
                "2026-11-23",
                "ongoing",
            )
        ],
        hours_ago=5,
    ),
    Piece(
        "Elbkurier",
        "de",
        "Außenminister reist nach Kiew",
        "Der Außenminister reist am Mittwoch zu einem Besuch nach Kiew. Er will über weitere Hilfen sprechen.",
        [("GPE", "Kyiv", "Kiew")],
        [
            Happening(
                "visit",
                "Der Außenminister reist am Mittwoch zu einem Besuch nach Kiew.",
                ("Germany",),
                "Kyiv",
                "2026-11-25",
                "planned",
            )
        ],
        hours_ago=30,
    ),
    Piece(
        "Diario del Puerto",
        "es",
        "Terremoto de magnitud 6,1 sacude la costa de Perú",
        "Un terremoto de magnitud 6,1 sacudió el lunes la costa de Perú. No hay víctimas.",
        [("GPE", "Peru", "Perú")],
        [
            Happening(
                "disaster",
                "Un terremoto de magnitud 6,1 sacudió el lunes la costa de Perú.",
                (),
                "Peru",
                "2026-11-23",
            )
        ],
        hours_ago=55,
    ),
    Piece("بريد الميناء", "ar", "محادثات في القاهرة", "بدأت يوم الاثنين محادثات في القاهرة.", hours_ago=80),
)

HOSTILE = Piece(
    "<img src=x onerror=alert(1)>",
    "en",
    "Hostile\r\nX-Injected: yes <script>alert('title')</script> \u202egnp.exe",
    "<script>document.title='owned'</script>\n\n<img src=x onerror=\"document.title='owned'\"> {{ 7*7 }} &lt;b&gt; "
    '\x00 naval "><svg onload=alert(1)> Ελλάδα 🚢 e\u0301',
    [("PERSON", '"><script>alert(2)</script>', "Ελλάδα")],
    [Happening("attack", "<script>document.title='owned'</script>", ("<b>bold</b>",), '" onmouseover="alert(3)')],
    hours_ago=100,
    url="javascript:alert(document.domain)",
)

LONG = Piece(
    "The Archive",
    "en",
    "A very long document",
    "\n\n".join(f"Paragraph {n}. " + "All of this was said before and is said again. " * 100 for n in range(1, 1065))
    + "\n\nAt last, the parties signed an agreement in Geneva.",
    [("GPE", "Geneva", "Geneva")],
    [Happening("agreement", "At last, the parties signed an agreement in Geneva.", (), "Geneva")],
    hours_ago=200,
)

CROWD: Sequence[Piece] = tuple(
    Piece("The Ticker", "en", f"Ticker item {n}", f"Short news number {n} about shipping.", hours_ago=120 + n)
    for n in range(45)
)


FEEDS = (
    FeedState(
        "https://news.example/feed.xml",
        "The Harbour Post",
        last_fetched=NOW - timedelta(minutes=4),
        next_poll=NOW + timedelta(minutes=6),
        articles=1,
    ),
    FeedState(
        "https://down.example/rss",
        last_fetched=NOW - timedelta(hours=3),
        next_poll=NOW + timedelta(hours=1),
        failures=3,
        error="down.example does not answer: connection refused; tried 3 times",
    ),
    FeedState("https://new.example/" + "a-long-path/" * 12, "Not <b>yet</b> fetched"),
)
LEDGER = Ledger(fetched=54, indexed=50, duplicate=3, dead=1, pending=0)
SHORT_LEDGER = Ledger(fetched=54, indexed=49, duplicate=3, dead=1, pending=0, missing=("c0ffee" * 5 + "00",))
