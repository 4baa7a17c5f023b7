"""The errors that every stage shares. Each message is one line a user can act on: what is wrong, and what to do."""


class WirewatchError(Exception):
    """Something the user can mend: the message names the thing and the remedy."""


class Unavailable(WirewatchError):
    """A backend cannot serve for now: the same call may succeed later, nothing was done by halves.

    `retry_after` is the number of seconds to wait before trying again. Stages back off and keep what they hold.
    """

    def __init__(self, message: str, retry_after: float = 1.0) -> None:
        super().__init__(message)
        self.retry_after = retry_after
