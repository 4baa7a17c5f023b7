"""Which addresses may be fetched: those of the public internet, and those the settings name."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052
_IPV4_COMPATIBLE = IPv6Network("::/96")  # RFC 4291, deprecated
_METADATA = (IPv4Address("169.254.169.254"), IPv4Address("100.100.100.200"), IPv6Address("fd00:ec2::254"))


def refusal(address: str, allowed: Sequence[Network]) -> str | None:
    """Why this address must not be fetched, in a few words, or None if it may be.

    An address in an `allowed` network may be fetched as it is written there: naming 127.0.0.0/8 does not let in
    ::ffff:127.0.0.1, for that is how a request is smuggled past such a list. Raises ValueError for what is no address.
    """
    given = ip_address(address.partition("%")[0])
    if any(given in network for network in allowed if network.version == given.version):
        return None
    return _fault(given) or next((_fault(hidden) for hidden in _embedded(given) if _fault(hidden)), None)


def _fault(address: Address) -> str | None:
    kinds = (
        ("a cloud metadata address", address in _METADATA),
        ("an unspecified address", address.is_unspecified),
        ("a loopback address", address.is_loopback),
        ("a link-local address", address.is_link_local),
        ("a multicast address", address.is_multicast),
        ("a private address", address.is_private),
        ("a site-local address", isinstance(address, IPv6Address) and address.is_site_local),
        ("a reserved address", address.is_reserved and address not in _NAT64),
        ("not a public address", not address.is_global and not _embedded(address)),
    )
    return next((kind for kind, applies in kinds if applies), None)


def _embedded(address: Address) -> list[IPv4Address]:
    """The IPv4 addresses that an IPv6 address stands for: mapped, 6to4, Teredo, NAT64, compatible."""
    if isinstance(address, IPv4Address):
        return []
    found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64 or address in _IPV4_COMPATIBLE:
        found.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return [hidden for hidden in found if hidden is not None]
