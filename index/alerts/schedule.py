"""When the mails of a rule go out: at once, every so often, or every so many days at a time of day."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import GetCoreSchemaHandler, GetPydanticSchema
from pydantic_core import CoreSchema, core_schema

from ingest.duration import format_duration, parse_duration

_DAY = timedelta(days=1)
_HELP = 'write "now", a length such as "1h", or days with a time such as "1d 07:00" or "1d 07:00 Europe/Paris"'


@dataclass(frozen=True, slots=True)
class Schedule:
    """`every` is None for "now". `at` is a time of day in `zone`, only with whole days; weeks begin on Monday."""

    every: timedelta | None = None
    at: time | None = None
    zone: str = "UTC"

    @classmethod
    def parse(cls, text: str) -> "Schedule":
        """Read "now", "1h", "1d 07:00" or "1d 07:00 Europe/Paris". Raises ValueError that says what would be right."""
        if text.strip() == "now":
            return cls()
        match = re.fullmatch(r"(\S+)(?:\s+(\d{1,2}):(\d{2})(?:\s+(\S+))?)?", text.strip())
        if match is None:
            raise ValueError(f"{text!r} is not a schedule; {_HELP}")
        every = parse_duration(match[1])
        if every < timedelta(minutes=1):
            raise ValueError(f"{text!r} is shorter than a minute; {_HELP}")
        if match[2] is None:
            return cls(every)
        if every % _DAY:
            raise ValueError(f"{text!r} has a time of day but not whole days; {_HELP}")
        try:
            return cls(every, time(int(match[2]), int(match[3])), str(ZoneInfo(match[4] or "UTC")))
        except ZoneInfoNotFoundError as error:
            raise ValueError(f"{match[4]!r} is not a time zone; write one such as Europe/Paris") from error
        except ValueError as error:
            raise ValueError(f"{text!r} has no proper time of day or zone; {_HELP}") from error

    def next(self, after: datetime) -> datetime:
        """The first due time later than `after`, UTC; `after` itself for "now"."""
        if self.every is None:
            return after.astimezone(UTC)
        if self.at is None:
            epoch = datetime(1970, 1, 5, tzinfo=UTC)  # a Monday
            return epoch + ((after - epoch) // self.every + 1) * self.every
        zone = ZoneInfo(self.zone)
        day, step = after.astimezone(zone).date(), self.every.days
        while True:
            due = datetime.combine(day, self.at, zone).astimezone(UTC)
            if due > after and (day.toordinal() - 1) % step == 0:  # ordinal 1 is a Monday
                return due
            day += _DAY

    def __str__(self) -> str:
        if self.every is None:
            return "now"
        at = f" {self.at:%H:%M}" if self.at else ""
        return format_duration(self.every) + at + (f" {self.zone}" if self.zone != "UTC" else "")


def _schema(_source: object, _handler: GetCoreSchemaHandler) -> CoreSchema:
    def read(value: object) -> Schedule:
        return value if isinstance(value, Schedule) else Schedule.parse(str(value))

    written = core_schema.plain_serializer_function_ser_schema(str, return_schema=core_schema.str_schema())
    return core_schema.no_info_plain_validator_function(read, serialization=written)


Every = Annotated[Schedule, GetPydanticSchema(_schema)]
