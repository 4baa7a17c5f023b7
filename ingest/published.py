"""When an entry was published: the many ways in which feeds write a date."""

import re
from datetime import UTC, datetime, timedelta

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # before the web: a date of 1970 or 0001 is a programme's zero

# Months by their first letters, in English, French, German, Spanish, Italian and Portuguese.
_MONTHS = (
    ("jan", "jän", "ene", "gen"), ("feb", "fév", "fev"), ("mar", "mär", "mrz"), ("apr", "avr", "abr"),
    ("may", "mai", "mag"), ("jun", "juin", "giu"), ("jul", "juil", "lug"), ("aug", "aoû", "aou", "ago"),
    ("sep", "set"), ("oct", "okt", "ott", "out"), ("nov",), ("dec", "déc", "dez", "dic"),
)  # fmt: skip
_ZONES = {  # hours east of Greenwich; a name that means several zones is the one that newsrooms use most
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "BST": 1, "WEST": 1,
    "CET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2, "EET": 2, "EEST": 3, "MSK": 3, "IST": 5.5, "SGT": 8, "HKT": 8,
    "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13, "BRT": -3, "ART": -3,
}  # fmt: skip
_EPOCH = re.compile(r"\d{10}(\d{3})?", re.ASCII)  # seconds since 1970, or milliseconds
_ISO = re.compile(r"(?P<year>\d{4})[-/]?(?P<month>\d\d)[-/]?(?P<day>\d\d)(?!\d)", re.ASCII)
_DOTTED = re.compile(r"\b(?P<day>\d\d?)[.-](?P<month>\d\d?)[.-](?P<year>\d{4})\b", re.ASCII)
# Between strokes Americans write the month first. Only a number above 12 shows which is the day; else none is taken.
_STROKES = re.compile(r"\b(?P<day>1[3-9]|[23]\d)/(?P<month>\d\d?)/(?P<year>\d{4})\b", re.ASCII)
_AMERICAN = re.compile(r"\b(?P<month>\d\d?)/(?P<day>1[3-9]|[23]\d)/(?P<year>\d{4})\b", re.ASCII)
_DAY_FIRST = re.compile(
    r"\b(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|[.])?[ -]*(?:de )?(?P<month>[^\W\d_]{3,})[.]?[ ,-]*(?:del? )?"
    r"(?P<year>\d{4}|\d\d)\b"
)
_MONTH_FIRST = re.compile(
    r"\b(?P<month>[^\W\d_]{3,})[.]? (?P<day>\d{1,2})(?:st|nd|rd|th)?,? (?P<year>\d{4})\b", re.ASCII
)
_FORMS = (_DAY_FIRST, _MONTH_FIRST, _DOTTED, _STROKES, _AMERICAN)
_TIME = re.compile(
    r"[^\d+-]*?(\d\d?)[:h]?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?(?: ?([ap])[.]?m\b)?", re.IGNORECASE | re.ASCII
)
_OFFSET = re.compile(r" ?(?:GMT|UTC?)? ?([+-])(\d\d?):?(\d\d)?\b", re.ASCII)
_NAME = re.compile(r" ?([A-Z]{3,4})\b")


def parse_date(text: str) -> datetime | None:
    """The moment in UTC, or None for what is no date. A date without zone is UTC, one without time is midnight.

    Reads RFC 822 with its common faults, ISO 8601 (W3C), day-month-year with month names in six languages or in
    figures, and seconds since 1970.
    """
    cleaned = " ".join(text[:100].split())
    if since := _EPOCH.fullmatch(cleaned):
        moment = datetime.fromtimestamp(int(cleaned) // (1000 if since[1] else 1), UTC)
        return moment if moment >= EARLIEST else None
    found = (form.search(cleaned) for form in _FORMS)
    date = _ISO.match(cleaned) or next((date for date in found if date), None)
    if date is None:
        return None
    try:
        day = datetime(_year(date["year"]), _month(date["month"]), int(date["day"]), tzinfo=UTC)
        moment = day + _time_of_day(cleaned[date.end() :].removeprefix("T").removeprefix("t"))
    except (ValueError, OverflowError):
        return None
    return moment if moment >= EARLIEST else None


def _year(digits: str) -> int:
    return int(digits) + (2000 if len(digits) == 2 else 0)


def _month(word: str) -> int:
    """1 to 12. Raises ValueError for no month."""
    if word.isdecimal():
        return int(word)
    lowered = word.lower()
    for number, starts in enumerate(_MONTHS, 1):
        if lowered.startswith(starts):
            return number
    raise ValueError(word)


def _time_of_day(text: str) -> timedelta:
    """The time since midnight, UTC, with its zone taken off; nothing when there is no time. Raises ValueError."""
    time = _TIME.match(text)
    if time is None:
        return timedelta()
    hour, minute, second = (int(part or 0) for part in time.groups()[:3])
    if time[4]:
        hour = hour % 12 + (12 if time[4] in "pP" else 0)
    if hour > 24 or minute > 59 or second > 60:  # a day may end at 24:00, and a minute with a leap second
        raise ValueError(text)
    return timedelta(hours=hour, minutes=minute, seconds=min(second, 59)) - _offset(text[time.end() :])


def _offset(text: str) -> timedelta:
    if match := _OFFSET.match(text):
        east = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
        return east if match[1] == "+" else -east
    name = _NAME.match(text)
    return timedelta(hours=_ZONES.get(name[1], 0) if name else 0)
