"""One try to sign in by password: taken before the hash, settled after it."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from accounts.client_address import client_address, network_of
from accounts.guessing.devices import find_device
from accounts.guessing.limits import (
    SIGN_IN_ACCOUNT,
    SIGN_IN_CLIENT,
    SIGN_IN_DEVICE,
    Limit,
)
from accounts.guessing.services.forget_tries import forget_tries
from accounts.guessing.services.give_back_try import give_back_try
from accounts.guessing.services.take_try import take_try
from accounts.passwords.services.note_lock import note_lock


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInTry:
    """A try that was taken.

    Attributes:
        address: Of mail, in lower case.
        taken: The keys it counts for, each with its number among the recent ones.
    """

    address: str
    taken_at: datetime
    taken: tuple[tuple[Limit, str, int], ...]

    def was_right(self) -> None:
        """Begin anew for the account or the browser; the client has one try back."""
        for limit, key, _ in self.taken:
            if limit is SIGN_IN_CLIENT:
                give_back_try(limit=limit, key=key, taken_at=self.taken_at)
            else:
                forget_tries(limit=limit, key=key)

    def was_wrong(self) -> None:
        """Tell of each lock that this try has brought."""
        for limit, _, number in self.taken:
            if number >= limit.tries:
                note_lock(address=self.address, limit=limit, now=self.taken_at)

    def was_none(self) -> None:
        """Give it back: the password was not looked at."""
        for limit, key, _ in self.taken:
            give_back_try(limit=limit, key=key, taken_at=self.taken_at)


def take_sign_in_try(request: HttpRequest, *, address: str, now: datetime) -> SignInTry:
    """Take a try for the address, whether or not it is anybody's.

    Raises:
        TooManyTriesError: If there are none left.
    """
    device = find_device(request, person=address, now=now)
    # The client first: what it may not try, it may not count against an account.
    keys = (
        [(SIGN_IN_DEVICE, device)]
        if device is not None
        else [(SIGN_IN_CLIENT, client_key(request)), (SIGN_IN_ACCOUNT, address)]
    )
    taken = tuple(
        (limit, key, take_try(limit=limit, key=key, now=now)) for limit, key in keys
    )
    return SignInTry(address=address, taken_at=now, taken=taken)


def client_key(request: HttpRequest) -> str:
    """Return what the tries of a client are counted by; see `network_of`."""
    return network_of(client_address(request))
