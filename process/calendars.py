"""Arithmetic of days, months and years, written as ISO 8601 as precisely as people mean them."""

import calendar
from datetime import date, timedelta

_FIRST_YEAR, _LAST_YEAR = 1900, 2100


def day_of(word: str) -> int | None:
    """The day of the month that a word writes: "3", "3rd", "1er", "1º"."""
    digits = word.rstrip("stndrheº°") if word[:1].isdigit() else ""
    return int(digits) if digits.isdecimal() and len(digits) <= 2 and 1 <= int(digits) <= 31 else None


def year_of(word: str) -> int | None:
    """The year that a word of four digits may write."""
    return int(word) if len(word) == 4 and word.isdecimal() and _FIRST_YEAR <= int(word) < _LAST_YEAR else None


def old_year_of(word: str) -> int | None:
    """The year before 1900 that a word of four digits writes, where it is no round number of things."""
    return int(word) if len(word) == 4 and word.isdecimal() and word < str(_FIRST_YEAR) and word[-1] != "0" else None


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


def yearly(today: date, month: int, day: int | None) -> tuple[str, str]:
    """A month, or a day of it, the last time and the next."""
    past, future = today.year, today.year
    if (month, day or 1) > (today.month, today.day if day else 31):
        past -= 1
    if (month, day or 31) < (today.month, today.day if day else 1):
        future += 1
    return iso(past, month, day), iso(future, month, day)


def monthly(today: date, day: int) -> tuple[str, str]:
    """A day of the month, the last time and the next."""
    past = today.year * 12 + today.month - 1 - (day > today.day)
    future = past + (day != today.day)
    return tuple(iso(months // 12, months % 12 + 1, day) for months in (past, future))  # type: ignore[return-value]


def on_weekday(today: date, weekday: int, day: int) -> str | None:
    """The day of a month near today's that falls on a weekday: "lundi 16"."""
    near = (told for told in monthly(today, day) if date.fromisoformat(told).weekday() == weekday)
    return next(near, None)


def in_week(today: date, weekday: int, weeks: int) -> str:
    """A weekday of the week that lies `weeks` from today's."""
    return (today + timedelta(days=weekday - today.weekday() + 7 * weeks)).isoformat()


def easter(today: date, days: int) -> tuple[str, str]:
    """The day so many days from Easter, the last time and the next."""
    near = (_easter(year) + timedelta(days=days) for year in range(today.year - 1, today.year + 2))
    known = sorted(day.isoformat() for day in near)
    now = today.isoformat()
    return max(day for day in known if day <= now), min((day for day in known if day >= now), default=known[-1])


def _easter(year: int) -> date:
    """Easter Sunday (the rule of Meeus, Jones and Butcher)."""
    century, rest = divmod(year, 100)
    golden = year % 19
    moon = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return date(year, month, day + 1)
