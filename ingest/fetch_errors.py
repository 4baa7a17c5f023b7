"""Why something could not be fetched. Each message names the address and what to do.

FetchError
├── BadAddress         not an http or https address
├── Blocked            the address leads to a network that must not be fetched
├── Unreachable        no such host, refused, broken off, bad certificate
├── TimedOut           too slow to connect, to answer, or altogether
├── HostBusy           other requests to the same host took too long
├── TooLarge           more bytes than allowed
├── TooManyRedirects   a loop, or too many hops
├── Undecodable        a compression that is unknown or broken
└── HttpStatus         the server answered with an error
"""

from ingest.errors import WirewatchError

_ADVICE = {
    401: "it wants a password, which Wirewatch does not send",
    403: "it refuses Wirewatch; ask the publisher, or set another fetch user agent",
    404: "there is nothing; check the address",
    410: "it is gone for good; remove the feed",
    429: "it asks for fewer requests; it will be tried again later",
}


class FetchError(WirewatchError):
    """Nothing usable came back. `url` is the address that was asked for."""

    def __init__(self, url: str, message: str) -> None:
        super().__init__(f"{url}: {message}")
        self.url = url


class BadAddress(FetchError):
    """Not an address that can be fetched."""


class Blocked(FetchError):
    """The address, or one it redirects to, is not on the public internet and not named by `allow_private`."""


class Unreachable(FetchError):
    """No connection, or it broke."""


class TimedOut(FetchError):
    """Too slow."""


class HostBusy(FetchError):
    """The turn at this host did not come in time, for there is one request at a time to each."""


class TooLarge(FetchError):
    """More bytes than allowed, as sent or once decompressed."""


class TooManyRedirects(FetchError):
    """The redirects go round, or on and on."""


class Undecodable(FetchError):
    """The body's compression is unknown or broken."""


class HttpStatus(FetchError):
    """The server answered with `status`. `retry_after` is how many seconds it asks to wait, where it does."""

    def __init__(self, url: str, status: int, retry_after: float | None = None) -> None:
        advice = _ADVICE.get(status) or (
            "the server has trouble; it will be tried again" if status >= 500 else "check the address"
        )
        super().__init__(url, f"the server answered {status}: {advice}")
        self.status = status
        self.retry_after = retry_after
