"""What every request and response must keep: known host names, same-origin posts, headers that leave scripts no room.

Against DNS rebinding (a foreign name that resolves to this machine) the Host header must be a name this server goes by.
Against cross-site requests a POST must come from a page of this server (https://web.dev/articles/fetch-metadata).
"""

from collections.abc import Collection, Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")
BODY_LIMIT = 64 * 1024
"""The longest form that is read, in bytes."""

SECURITY_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-cache",
}


class Guard:
    """ASGI middleware: refuses foreign hosts, cross-site posts and long bodies; adds the SECURITY_HEADERS.

    `hosts` are the names, without port, under which this server may be addressed besides the loopback ones.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str]) -> None:
        self._app = app
        self._hosts = {host.strip("[]").lower() for host in (*LOOPBACK_NAMES, *hosts)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # there are no websockets; closing without accepting answers 403
            await send({"type": "websocket.close", "code": 1008})
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        refusal = self._refusal(scope["method"], Headers(scope=scope))
        await (refusal or self._app)(scope, receive, send_guarded)

    def _refusal(self, method: str, headers: Headers) -> Response | None:
        host = headers.get("host", "")
        if hostname(host) not in self._hosts:
            return PlainTextResponse(
                f"{host[:100]!r} is not a name of this server. "
                "If it should be, set url under [web] in wirewatch.toml to the address you use.\n",
                status_code=421,
            )
        if method in ("GET", "HEAD", "OPTIONS"):
            return None
        if not same_origin(headers):
            return PlainTextResponse("This form was not sent from a page of this server. Nothing was changed.\n", 403)
        length = headers.get("content-length", "")
        if not length.isdecimal() or int(length) > BODY_LIMIT:
            return PlainTextResponse(f"A form may have {BODY_LIMIT} bytes at most. Nothing was changed.\n", 413)
        return None


def hostname(host: str) -> str:
    """The name in a Host header, in lower case, without port and brackets; empty when it is malformed."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower() if "@" not in host and "/" not in host else ""
    except ValueError:
        return ""


def same_origin(headers: Headers) -> bool:
    """Whether the browser says that the request comes from a page of this very server.

    Sec-Fetch-Site is sent to https and loopback addresses only; on others Origin must name the host that was addressed.
    """
    if site := headers.get("sec-fetch-site"):
        return site == "same-origin"
    return urlsplit(headers.get("origin", "")).netloc.lower() == headers.get("host", "").lower() != ""
