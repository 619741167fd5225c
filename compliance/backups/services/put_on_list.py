"""Put one erasure that is no batch on the list of erasures: a clinic's, a person's."""

from compliance.backups.erasure_list import Erasure, erasure_list
from compliance.ledger.signer import signer


def put_on_list(erasure: Erasure) -> None:
    """Put it on the list; once more is harmless.

    Call it before anybody is told that it is done.

    Raises:
        OSError: If it cannot be written.
    """
    erasure_list().add([erasure], signer())
