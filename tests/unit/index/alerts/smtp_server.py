"""A real SMTP server on loopback that does what a test asks: STARTTLS, login, refusals, cut connections."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

PASSWORD = "correct horse"


@dataclass
class PostOffice:
    """Answers by recipient or in order: `rcpt` by address, `data` one after the other, then 250. "cut" hangs up."""

    rcpt: dict[str, str] = field(default_factory=dict)
    data: list[str] = field(default_factory=list)
    inbox: list[tuple[tuple[str, ...], bytes]] = field(default_factory=list)
    logged_in: list[bool] = field(default_factory=list)
    secured: list[bool] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.rcpt.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.data.pop(0) if self.data else "250 OK"
        if answer.startswith(("250", "cut")):
            content = envelope.content
            assert isinstance(content, bytes)
            self.inbox.append((tuple(envelope.rcpt_tos), content))
            self.logged_in.append(bool(session.authenticated))
            self.secured.append(session.ssl is not None)
        if answer == "cut":
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        return answer


@dataclass(frozen=True)
class Address:
    """Where the server listens."""

    host: str
    port: int


@contextmanager
def serving(office: PostOffice, authority: trustme.CA | None = None, login: bool = False) -> Iterator[Address]:
    """Run the server on a free port of 127.0.0.1, with STARTTLS if there is an authority to certify it."""
    context = None
    if authority:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
    loop = asyncio.new_event_loop()

    def session() -> SMTP:
        return SMTP(
            office, hostname="post.example", tls_context=context, require_starttls=authority is not None, loop=loop,
            authenticator=_authenticate if login else None, auth_required=login, auth_require_tls=authority is not None,
        )  # fmt: skip

    server = loop.run_until_complete(loop.create_server(session, "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield Address(*server.sockets[0].getsockname())
    finally:
        asyncio.run_coroutine_threadsafe(_hang_up(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _hang_up(server: asyncio.Server) -> None:
    server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.sleep(0.05)  # lets the transports of the last connections close


def _authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
    return AuthResult(success=isinstance(data, LoginPassword) and data.password == PASSWORD.encode(), handled=False)
