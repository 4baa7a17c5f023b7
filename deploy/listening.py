"""The ports that this process listens on."""

import socket

from ingest.errors import WirewatchError


def host_and_port(listen: str) -> tuple[str, int]:
    """The parts of `host:port`; brackets of an IPv6 address are left out."""
    host, _, port = listen.rpartition(":")
    return host.strip("[]"), int(port)


def listener(listen: str, setting: str) -> socket.socket:
    """A socket that listens at `host:port`. `setting` names the setting to change in the message.

    Raises WirewatchError when it cannot be had.
    """
    host, port = host_and_port(listen)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise WirewatchError(
            f"Cannot listen on {listen}: {error.strerror}. Stop what listens there, or set {setting}."
        ) from error
