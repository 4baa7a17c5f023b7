"""The port that mails leave by. Every transport keeps this contract; the mailer records the outcome in the outbox."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ingest.errors import WirewatchError


class RejectedError(WirewatchError):
    """The receiver will never take this mail. It was delivered to nobody."""


class FateUnknownError(WirewatchError):
    """The connection broke after the mail may have been taken: nobody can tell whether it was."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Who has the mail now. `refused` never will, `deferred` may later; both tell the reason by recipient."""

    accepted: Sequence[str]
    refused: Mapping[str, str] = field(default_factory=dict)
    deferred: Mapping[str, str] = field(default_factory=dict)


class Transport(Protocol):
    """One way to deliver. For one thread."""

    def send(self, message: bytes, recipients: Sequence[str], committing: Callable[[], None]) -> Receipt:
        """Deliver a whole mail (CRLF line ends, with a Message-ID).

        Calls `committing` at most once, at the last moment at which it is certain that nobody has the mail; what that
        raises goes through, and the mail is not delivered. Raises Unavailable (nobody has it, try again later),
        RejectedError, FateUnknownError.
        """

    def delivered(self, message_id: str) -> bool | None:
        """Whether the mail of that Message-ID has arrived, None where this cannot be known. Raises Unavailable."""

    def check(self) -> str:
        """Use the transport without sending anything and say in one line what it is. Raises Unavailable."""
