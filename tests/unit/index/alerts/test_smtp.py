"""Mail leaves through a real SMTP server, in all the ways that servers have of not taking it."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from index.alerts.rule import Rule
from index.alerts.smtp import SmtpServer, SmtpTransport
from ingest.errors import Unavailable, WirewatchError
from tests.unit.index.alerts.newsdesk import Desk, event, parsed, tagged
from tests.unit.index.alerts.smtp_server import PASSWORD, Address, PostOffice, serving

BOTH = ("a@example.org", "b@example.org")


@pytest.fixture
def office() -> PostOffice:
    return PostOffice()


@pytest.fixture
def address(office: PostOffice) -> Iterator[Address]:
    with serving(office) as address:
        yield address


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def desk(tmp_path: Path, address: Address) -> Iterator[Desk]:
    transport = SmtpTransport(SmtpServer(address.host, address.port), timeout=5)
    made = Desk(tmp_path, Rule(name="Coups", query="event:coup", to=BOTH), transport=transport)
    made.read(tagged("A coup", event("coup", "Iran")))
    yield made
    made.close()


def test_a_mail_reaches_everyone_once(desk: Desk, office: PostOffice) -> None:
    assert desk.deliver().sent == 1
    assert desk.deliver().sent == 0
    [(recipients, message)] = office.inbox
    assert recipients == BOTH
    assert parsed(message)["Message-ID"] == desk.history()[0].message_id
    assert desk.history()[0].state == "sent"


def test_a_server_that_is_busy_is_tried_again_later_with_the_same_mail(desk: Desk, office: PostOffice) -> None:
    office.data = ["451 come back later"]
    assert desk.deliver().postponed == 1
    assert desk.deliver().postponed == 0
    [row] = desk.history()
    assert (row.state, row.attempts) == ("queued", 1)
    assert "451 come back later" in (row.error or "")
    desk.wait(minutes=1)
    assert desk.deliver().sent == 1
    assert len(office.inbox) == 1


def test_waits_grow_and_end_after_three_days(desk: Desk, office: PostOffice) -> None:
    office.data = ["451 come back later"] * 1000
    tries = 0
    for _ in range(80 * 4):
        tries += desk.deliver().postponed
        desk.wait(minutes=15)
    assert 40 < tries < 120
    [row] = desk.history()
    assert row.state == "failed"
    assert "given up after three days" in (row.error or "")


def test_one_refused_recipient_does_not_keep_the_mail_from_the_other(desk: Desk, office: PostOffice) -> None:
    office.rcpt = {"b@example.org": "550 no such user"}
    assert desk.deliver().sent == 1
    [row] = desk.history()
    assert [(each.address, each.state) for each in row.to] == [("a@example.org", "sent"), ("b@example.org", "failed")]
    assert "550 no such user" in (row.error or "")
    assert [recipients for recipients, _ in office.inbox] == [("a@example.org",)]


def test_one_recipient_put_off_gets_the_mail_later_and_the_other_gets_it_once(desk: Desk, office: PostOffice) -> None:
    office.rcpt = {"b@example.org": "450 mailbox busy"}
    desk.deliver()
    office.rcpt = {}
    desk.wait(minutes=1)
    assert desk.deliver().sent == 1
    assert [recipients for recipients, _ in office.inbox] == [("a@example.org",), ("b@example.org",)]
    assert desk.history()[0].state == "sent"


def test_a_mail_that_is_refused_for_good_has_failed_with_the_reason(desk: Desk, office: PostOffice) -> None:
    office.data = ["554 looks like spam"]
    assert desk.deliver().failed == 1
    desk.wait(days=1)
    desk.deliver()
    assert office.inbox == []
    assert "554 looks like spam" in (desk.history()[0].error or "")


def test_a_connection_cut_before_the_answer_leaves_doubt_and_no_second_mail(desk: Desk, office: PostOffice) -> None:
    office.data = ["cut"]
    assert desk.deliver().unknown == 1
    desk.wait(days=1)
    desk.deliver()
    assert len(office.inbox) == 1
    [row] = desk.history()
    assert row.state == "unknown"
    assert "may have been delivered, so it is not sent again" in (row.error or "")


def test_a_server_that_is_down_delays_the_mail(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    desk = Desk(
        tmp_path,
        Rule(name="Coups", query="event:coup"),
        transport=SmtpTransport(SmtpServer.parse(f"smtp://127.0.0.1:{port}")),
    )
    desk.read(tagged("A coup", event("coup", "Iran")))
    assert desk.deliver().postponed == 1
    assert f"mail server 127.0.0.1:{port} cannot be reached" in (desk.history()[0].error or "")
    desk.close()


def test_starttls_is_used_and_the_login_goes_through_it(
    tmp_path: Path, office: PostOffice, authority: trustme.CA
) -> None:
    pem = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(pem))
    with serving(office, authority, login=True) as address:
        url = f"smtp://me:{PASSWORD.replace(' ', '%20')}@localhost:{address.port}?tls=required&ca={pem}"
        transport = SmtpTransport(SmtpServer.parse(url))
        assert transport.check() == f"mail server localhost:{address.port}, TLS, logged in as me"
        message = b"From: a@example.org\r\nMessage-ID: <1@example.org>\r\n\r\n.dot\r\n..dots\r\nend"
        transport.send(message, BOTH, lambda: None)
    assert (office.secured, office.logged_in) == ([True], [True])
    assert office.inbox[0][1].endswith(b"\r\n\r\n.dot\r\n..dots\r\nend\r\n")


def test_a_wrong_password_is_said_without_telling_it(tmp_path: Path, office: PostOffice, authority: trustme.CA) -> None:
    pem = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(pem))
    with serving(office, authority, login=True) as address:
        transport = SmtpTransport(SmtpServer.parse(f"smtp://me:guess@localhost:{address.port}?ca={pem}"))
        with pytest.raises(Unavailable, match=r"does not let me in \(535 .*check user and password") as caught:
            transport.check()
    assert "guess" not in str(caught.value)
    assert "guess" not in repr(SmtpServer.parse("smtp://me:guess@host"))


def test_a_certificate_of_an_unknown_authority_is_not_trusted(office: PostOffice, authority: trustme.CA) -> None:
    distrusted = pytest.raises(Unavailable, match=r"certificate that is not trusted .* \?ca=FILE")
    with serving(office, authority) as address, distrusted:
        SmtpTransport(SmtpServer("localhost", address.port)).check()


def test_a_server_without_starttls_is_refused_where_it_is_required(address: Address) -> None:
    with pytest.raises(Unavailable, match="offers no STARTTLS"):
        SmtpTransport(SmtpServer(address.host, address.port, tls="required")).check()


def test_nothing_is_delivered_when_the_last_moment_cannot_be_recorded(address: Address, office: PostOffice) -> None:
    def fails() -> None:
        raise Unavailable("the disk is full")

    message = b"From: a@example.org\r\nMessage-ID: <1@example.org>\r\n\r\nText\r\n"
    with pytest.raises(Unavailable, match="the disk is full"):
        SmtpTransport(SmtpServer(address.host, address.port)).send(message, BOTH, fails)
    assert office.inbox == []


@pytest.mark.parametrize(
    "url", ["smtp://", "smtp://host:port", "smtp://host?tls=maybe", "smtp://host?starttls=1", "pop3://host", ""]
)
def test_a_wrong_mail_url_says_what_would_be_right(url: str, tmp_path: Path) -> None:
    with pytest.raises(WirewatchError, match="smtp://"):
        SmtpTransport(SmtpServer.parse(url))


def test_ports_follow_the_scheme() -> None:
    urls = ("smtp://host", "smtp://me:pw@host", "smtps://host", "smtp://host:26")
    assert [SmtpServer.parse(url).port for url in urls] == [25, 587, 465, 26]
