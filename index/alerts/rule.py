"""An alert rule: a saved search, whom to tell, how often, and what counts as one piece of news."""

import re
from typing import Literal

import structlog
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from index.alerts.schedule import Every, Schedule

log = structlog.get_logger(__name__)

Grouping = Literal["event", "story", "article"]

_ADDRESS = re.compile(
    r"(?:[^<>@\x00-\x1f\x7f]*<)?([!#-'*+\-/-9=?A-Z^-~.]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)>?"
)


def mail_address(text: str) -> str:
    """The bare address in `desk@example.org` or `The desk <desk@example.org>`.

    Raises ValueError for anything else. A domain with other letters than ASCII is written in its xn-- form.
    """
    match = _ADDRESS.fullmatch(text.strip())
    if match is None or ("<" in text) != (">" in text) or len(match[1]) > 254:
        raise ValueError(f"{text!r} is not a mail address; write one such as desk@example.org")
    return match[1]


class Rule(BaseModel):
    """One alert. `name` is its identity: what was mailed is remembered under it.

    `to`     whom to mail; empty: the default recipient of the settings
    `every`  "now", or when to mail what came together as a digest
    `group`  what is mailed once: an event, a story (near-duplicate texts), or each article
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1, max_length=200)
    query: str = Field(min_length=1, max_length=10_000)
    to: tuple[str, ...] = ()
    every: Every = Schedule()
    group: Grouping = "event"
    enabled: bool = True

    @field_validator("name")
    @classmethod
    def _is_one_line(cls, name: str) -> str:
        if not name.isprintable() or name != name.strip():
            raise ValueError(f"{name!r} is not a name; write one line without space around it")
        return name

    @field_validator("to", mode="before")
    @classmethod
    def _one_or_many(cls, to: object) -> object:
        return (to,) if isinstance(to, str) else to

    @field_validator("to")
    @classmethod
    def _are_addresses(cls, to: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(mail_address(address) for address in to))


def stored_rule(name: str, text: str) -> Rule | None:
    """A rule from its JSON; None, and a line in the log, for one that this version cannot read: the others go on."""
    try:
        return Rule.model_validate_json(text)
    except ValidationError as error:
        reason = error.errors()[0]["msg"]
        log.error("a stored rule is passed over; remove it and add it anew", rule=name, error=reason)
        return None
