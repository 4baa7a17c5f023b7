"""Points in time as queries write them: 2026, 2026-11, 2026-11-01, 2026-11-01T10:00, now, now-7d. All in UTC."""

import re
from datetime import UTC, datetime, timedelta

from ingest.duration import parse_duration

HELP = 'write a date such as 2026-11-01, 2026-11, "2026-11-01T10:00:00Z", now or now-7d (s, m, h, d, w)'

_NOW = re.compile(r"now(?:([+-])(\d{1,6}[smhdw]))?", re.IGNORECASE)
_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_INSTANT = timedelta(microseconds=1)


def moment(text: str, now: datetime) -> tuple[datetime, datetime]:
    """The stretch of time the text names, as (start, end), the end not included: a day is 24 hours, now an instant.

    Raises ValueError when it names none.
    """
    try:
        if match := _NOW.fullmatch(text):
            start = _shifted(now, match[1], match[2]) if match[1] else now
            return start, start + _INSTANT
        if match := _DAY.fullmatch(text):
            return _calendar(*match.groups())
        return _clock_time(text)
    except (ValueError, OverflowError):
        raise ValueError(f'"{text}" is not a date; {HELP}') from None


def _shifted(now: datetime, sign: str, length: str) -> datetime:
    step = parse_duration(length.lower())
    return now + step if sign == "+" else now - step


def _calendar(year: str, month: str | None, day: str | None) -> tuple[datetime, datetime]:
    start = datetime(int(year), int(month or 1), int(day or 1), tzinfo=UTC)
    if day:
        return start, start + timedelta(days=1)
    if month and start.month < 12:
        return start, start.replace(month=start.month + 1)
    return start, start.replace(year=start.year + 1, month=1)


def _clock_time(text: str) -> tuple[datetime, datetime]:
    start = datetime.fromisoformat(text)
    start = start.replace(tzinfo=UTC) if start.tzinfo is None else start.astimezone(UTC)
    if start.microsecond:
        return start, start + _INSTANT
    return start, start + timedelta(seconds=1 if start.second or text.count(":") > 1 else 60)
