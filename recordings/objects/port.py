"""What recordings want of a storage, whichever it is."""

from collections.abc import Collection, Iterable, Iterator
from typing import Protocol

from sondervoice.kernel.stored_objects import Listed


class ObjectStore(Protocol):
    """Keeps sealed objects by name; a name is never given to another thing.

    A storage that does not answer raises an `OSError` or a `VendorError`, whichever
    method is asked, and what was asked for may be asked again.
    """

    def put(self, name: str, parts: Iterable[bytes]) -> int:
        """Keep an object, whole or not at all; one that stands there is replaced.

        Args:
            parts: Its bytes in parts of any length, taken one after the other.

        Returns:
            Its size in bytes.
        """

    def read(self, name: str, *, start: int, length: int) -> bytes:
        """Return at most `length` bytes from `start` on, and none after the end.

        Raises:
            FileNotFoundError: If there is no such object.
        """

    def delete(self, names: Collection[str]) -> None:
        """Delete objects with all that is left of them; what is not there is done.

        All that is left: older versions, and the parts of an upload that broke off.
        """

    def present(self, names: Collection[str]) -> set[str]:
        """Return those names of which anything is left."""

    def listed(self) -> Iterator[Listed]:
        """Yield all whole objects, in the order of their names' bytes."""

    def address(self, name: str) -> str:
        """Return where an operator finds it."""
