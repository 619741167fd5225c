"""What the record's actions about askings are called on a page."""

from types import MappingProxyType
from typing import Final

ASKING_WORDS: Final = MappingProxyType(
    {
        "compliance.asking.opened": "Somebody asked about their data",
        "compliance.asking.proven": "Showed that the mailbox or number is theirs",
        "compliance.asking.link_refused": "Opened a link that opens nothing",
        "compliance.asking.code_refused": "Typed a wrong code",
        "compliance.asking.code_asked": "Had a code sent to see the answers",
        "compliance.asking.settled": "Every clinic said whether it knows them",
        "compliance.asking.answered": "A clinic answered what was asked",
        "compliance.asking.viewed": "Looked at what clinics answered",
        "compliance.asking.package_fetched": "Fetched the package of a clinic",
        "compliance.asking.cleared": "Old askings were forgotten",
        "compliance.asking.stuck": "Clinics could not be asked for a day",
        "compliance.asking.texts_used_up": "Text messages were used up for a day",
        "compliance.privacy_request.asked": "Asked us about their own data",
        "compliance.privacy_request.served": "Got a copy of their data, or erased it",
        "compliance.privacy_request.put_off": "Took longer to answer, and said why",
        "compliance.privacy_request.answered": "Answered a privacy request",
        "compliance.privacy_request.reminded": "A privacy request waited for 20 days",
        "compliance.privacy_request.overdue": "A privacy request was late",
    }
)
