"""Arithmetic of days, months and years, written as ISO 8601 as precisely as people mean them."""

import calendar
from datetime import date

_FIRST_YEAR, _LAST_YEAR = 1900, 2100


def day_of(word: str) -> int | None:
    """The day of the month that a word writes: "3", "3rd", "1er"."""
    digits = word.rstrip("stndrhe") if word[:1].isdigit() else ""
    return int(digits) if digits.isdecimal() and len(digits) <= 2 and 1 <= int(digits) <= 31 else None


def year_of(word: str) -> int | None:
    """The year that a word of four digits may write."""
    return int(word) if len(word) == 4 and word.isdecimal() and _FIRST_YEAR <= int(word) < _LAST_YEAR else None


def iso(year: int, month: int, day: int | None) -> str:
    """The day, or the month where no day is told; a day that the month lacks is its last."""
    if day is None:
        return f"{year:04}-{month:02}"
    return f"{year:04}-{month:02}-{min(day, calendar.monthrange(year, month)[1]):02}"


def checked(year: int, month: int, day: int) -> str | None:
    """The day if there can be such a one."""
    if not (1 <= month <= 12 and 1 <= day <= 31 and _FIRST_YEAR <= year < _LAST_YEAR):
        return None
    return iso(year, month, day)


def shifted(today: date, unit: str, count: int, *, whole: bool = False) -> str:
    """The day, month or year `count` units from today: as precise as people mean it."""
    if unit == "year":
        return f"{min(max(today.year + count, 1), 9999):04}"
    if unit == "month":
        months = min(max(today.year * 12 + today.month - 1 + count, 12), 119987)
        return f"{months // 12:04}-{months % 12 + 1:02}"
    days = count * (7 if unit == "week" else 1)
    day = date.fromordinal(min(max(today.toordinal() + days, 366), date.max.toordinal()))
    return day.isoformat()[:7] if unit == "week" and whole else day.isoformat()
