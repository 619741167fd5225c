"""What a key may do, in the words of the page."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

SCOPE_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "calls:read": "Calls and what was said, and the receptionists",
        "appointments:read": "The diary",
        "messages:read": "Messages",
        "callers:read": "Callers as they are: names, numbers and all words",
        "members:read": "Who belongs to the clinic",
        "roles:read": "Roles and what each may do",
        "keys:read": "Which keys there are",
    }
)
SHORT_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "calls:read": "Calls",
        "appointments:read": "Diary",
        "messages:read": "Messages",
        "callers:read": "Callers unmasked",
        "members:read": "Members",
        "roles:read": "Roles",
        "keys:read": "Keys",
    }
)
