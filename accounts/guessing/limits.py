"""How often something may be tried; whoever guards a thing brings its own limit."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

_MINUTE: Final = timedelta(minutes=1)
_QUARTER: Final = timedelta(minutes=15)
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """So many tries within so long, then none until the lock opens.

    Attributes:
        kind: What is tried; a key of one kind says nothing about another.
    """

    kind: str
    tries: int
    within: timedelta
    lock: timedelta


# A browser that has signed this person in before is counted by itself, so that no
# stranger's guesses shut out somebody who works here.
SIGN_IN_ACCOUNT: Final = Limit(
    kind="sign_in_account", tries=10, within=_QUARTER, lock=_QUARTER
)
SIGN_IN_DEVICE: Final = Limit(
    kind="sign_in_device", tries=10, within=_QUARTER, lock=_QUARTER
)
SIGN_IN_CLIENT: Final = Limit(
    kind="sign_in_client", tries=100, within=_QUARTER, lock=_QUARTER
)
OLD_PASSWORD: Final = Limit(
    kind="old_password", tries=10, within=_QUARTER, lock=_QUARTER
)
# Codes of a second factor, from a browser in which the person has shown it before;
# those from everywhere are counted together as well (`second_factor.tries`).
FACTOR_BROWSER: Final = Limit(
    kind="factor_browser", tries=5, within=_QUARTER, lock=_QUARTER
)
# The code of a letter before the first factor: 40 bits, and what such letters cost.
MAILBOX_CODE: Final = Limit(
    kind="mailbox_code", tries=10, within=_QUARTER, lock=_QUARTER
)
MAILBOX_LETTER: Final = Limit(kind="mailbox_letter", tries=5, within=_HOUR, lock=_HOUR)
RESET_ACCOUNT: Final = Limit(kind="reset_account", tries=5, within=_HOUR, lock=_HOUR)
RESET_CLIENT: Final = Limit(kind="reset_client", tries=50, within=_HOUR, lock=_HOUR)
# The password of a sign-up, from another browser than its own: each costs a hash.
SIGN_UP_PASSWORD: Final = Limit(
    kind="sign_up_password", tries=10, within=_QUARTER, lock=_QUARTER
)
# Each may ask a list of breached passwords elsewhere.
SIGN_UP_FORM: Final = Limit(kind="sign_up_form", tries=60, within=_HOUR, lock=_HOUR)
# Each costs a hash and a letter to an address that may be a stranger's.
SIGN_UP_CLIENT: Final = Limit(kind="sign_up_client", tries=20, within=_HOUR, lock=_HOUR)
# Each waits for the directory, up to five seconds, in a thread of ours.
SSO_CLIENT: Final = Limit(kind="sso_client", tries=60, within=_MINUTE, lock=_MINUTE)
# Anybody can send an answer that is none: one row a minute and reason says it.
SSO_REFUSAL: Final = Limit(kind="sso_refusal", tries=1, within=_MINUTE, lock=_MINUTE)
LOCK_LETTER: Final = Limit(kind="lock_letter", tries=1, within=_HOUR, lock=_HOUR)

# What is older than every limit tells nothing any more.
LONGEST: Final = timedelta(days=1)
