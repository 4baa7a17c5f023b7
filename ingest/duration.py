"""Lengths of time as people write them in settings: "90s", "10m", "1h", "7d", "2w"."""

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def parse_duration(text: str | timedelta) -> timedelta:
    """`"10m"` as a timedelta. Raises ValueError for anything but a whole number and one of s, m, h, d, w."""
    if isinstance(text, timedelta):
        return text
    if match := re.fullmatch(r"(\d{1,6})\s*([smhdw])", str(text).strip()):
        return timedelta(**{_UNITS[match[2]]: int(match[1])})
    raise ValueError(f'{text!r} is not a duration; write a number and a unit, such as "90s", "10m", "1h" or "7d"')


def format_duration(length: timedelta) -> str:
    """The shortest exact form that `parse_duration` reads back; fractions of a second are dropped."""
    seconds = int(length.total_seconds())
    for unit, size in (("w", 604800), ("d", 86400), ("h", 3600), ("m", 60)):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


Duration = Annotated[timedelta, BeforeValidator(parse_duration), PlainSerializer(format_duration, return_type=str)]
