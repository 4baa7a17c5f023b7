"""Only the public internet may be fetched, however an address is dressed up."""

from ipaddress import ip_network

import pytest

from ingest.address import refusal

LOOPBACK = (ip_network("127.0.0.0/8"),)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::8.8.8.8", "2002:808:808::1"])
def test_public_addresses_may_be_fetched(address: str) -> None:
    assert refusal(address, ()) is None


@pytest.mark.parametrize(
    "address",
    ["10.0.0.1", "172.16.3.4", "192.168.1.1", "127.0.0.1", "127.9.9.9", "0.0.0.0", "169.254.1.1", "169.254.169.254",
     "100.64.0.1", "100.100.100.200", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::",
     "::1", "fe80::1", "fe80::1%eth0", "fd00:ec2::254", "fec0::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1",
     "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b:1::1", "2002:7f00:1::", "2002:a9fe:a9fe::"],
)  # fmt: skip
def test_everything_else_is_refused(address: str) -> None:
    assert refusal(address, ()) is not None


def test_a_network_that_is_named_may_be_fetched() -> None:
    assert refusal("127.0.0.1", LOOPBACK) is None
    assert refusal("10.0.0.1", LOOPBACK) == "a private address"


def test_naming_a_network_does_not_let_in_its_disguises() -> None:
    assert refusal("::ffff:127.0.0.1", LOOPBACK) is not None
    assert refusal("64:ff9b::127.0.0.1", LOOPBACK) is not None
