"""The addresses over WebSocket: others serve them, the roof names them here."""

from dataclasses import dataclass

from accounts.permissions import Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class Socket:
    """One address over WebSocket.

    Attributes:
        route: Without the first slash: ``media/telnyx/<str:token>/``.
        permission: Null when it says why everybody may come.
        public_because: Empty when it asks for a permission.
    """

    route: str
    permission: Permission | None = None
    public_because: str = ""


_known: dict[str, Socket] = {}


def know_socket(socket: Socket) -> None:
    """Put an address among those that the matrix shows."""
    _known[socket.route] = socket


def known_sockets() -> list[Socket]:
    """Return them, in the order they were named."""
    return list(_known.values())
