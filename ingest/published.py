"""When an entry was published: the many ways in which feeds write a date."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # before the web: a date of 1970 or 0001 is a programme's zero

# Month names that are not English, by their first letters. English ones are for the RFC 822 parser.
_MONTHS = {
    "janv": 1, "jän": 1, "ene": 1, "gen": 1, "févr": 2, "fevr": 2, "fév": 2, "fev": 2, "mär": 3, "mrz": 3, "mars": 3,
    "avr": 4, "abr": 4, "mai": 5, "mag": 5, "juin": 6, "giu": 6, "juil": 7, "lug": 7, "août": 8, "aout": 8, "ago": 8,
    "set": 9, "okt": 10, "ott": 10, "out": 10, "déc": 12, "dez": 12, "dic": 12,
}  # fmt: skip
_ENGLISH = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ZONES = {
    "BST": "+0100", "WEST": "+0100", "CET": "+0100", "MEZ": "+0100", "CEST": "+0200", "MESZ": "+0200", "EET": "+0200",
    "EEST": "+0300", "MSK": "+0300", "IST": "+0530", "SGT": "+0800", "HKT": "+0800", "JST": "+0900", "KST": "+0900",
    "AEST": "+1000", "AEDT": "+1100", "NZST": "+1200", "NZDT": "+1300", "BRT": "-0300", "ART": "-0300",
}  # fmt: skip
_ISO = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ]+(\d\d?):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?)?", re.I
)


def parse_date(text: str) -> datetime | None:
    """The moment in UTC, or None for what is no date. A date without zone is UTC, one without time is midnight.

    Reads RFC 822 with its common faults, ISO 8601 (W3C), and day-month-year with French, German, Spanish, Italian or
    Portuguese month names.
    """
    cleaned = " ".join(text[:100].split())
    try:
        moment = _iso(cleaned) or _rfc822(cleaned)
    except (ValueError, OverflowError):
        return None
    return moment if moment is not None and moment >= EARLIEST else None


def _iso(text: str) -> datetime | None:
    match = _ISO.match(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    extra = timedelta(days=1) if hour == 24 else timedelta()  # ISO 8601 lets a day end at 24:00
    moment = datetime(year, month, day, hour % 24, minute, min(second, 59), tzinfo=UTC) + extra
    zone = match[7]
    if not zone or zone in "Zz":
        return moment
    offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    return moment - offset if zone[0] == "+" else moment + offset


def _rfc822(text: str) -> datetime | None:
    words = re.sub(r"\b(de|del|d[ie]|a las|um|à|Uhr)\b|(?<=\d)[.](?=\s)|(?<=\d)(st|nd|rd|th|er|º)\b", " ", text)
    words = re.sub(r"[^\W\d_]+\.?", lambda match: _english_month(match[0]), words)
    words = re.sub(r"[^\W\d_]+$", lambda match: _ZONES.get(match[0].upper(), match[0]), words.strip())
    words = re.sub(r"(?:GMT|UTC?)\s*([+-]\d)", r"\1", words)
    words = re.sub(r"([+-]\d\d):(\d\d)$", r"\1\2", words)
    words = re.sub(r"^[^\W\d_]+[,.]?\s+(?=\d)", "", words)  # the day of the week says nothing new, in any language
    parsed = parsedate_tz(words)
    if parsed is None:
        return None
    year, month, day, hour, minute, second = parsed[:6]
    return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC) - timedelta(seconds=parsed[9] or 0)


def _english_month(word: str) -> str:
    lowered = word.lower()
    if lowered.startswith(("mart", "mard", "merc", "mié", "mie", "mar ", "set ")):  # weekdays that begin like months
        return word
    number = next((number for start, number in _MONTHS.items() if lowered.startswith(start)), None)
    return _ENGLISH[number] if number else word
