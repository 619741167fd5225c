"""What the actions about people's requests are called on a page."""

from types import MappingProxyType
from typing import Final

RIGHTS_WORDS: Final = MappingProxyType(
    {
        "compliance.business_data.exported": "Took all of the clinic's data along",
        "compliance.business_data.granted": "Was given a link to the clinic's data",
        "compliance.business_data.sent": "The clinic's data was sent, or part of it",
        "compliance.caller_mark.forgotten": "A lifted mark forgot its reason",
        "compliance.caller_mark.lifted": "Lifted the mark of a number",
        "compliance.caller_mark.placed": "A number was marked as its caller asked",
        "compliance.rights_name.corrected": "Corrected a caller's name",
        "compliance.rights_names.read": "Saw the names to be corrected",
        "compliance.rights_package.exported": "Took a caller's package along",
        "compliance.rights_request.ended": "A request ended with the clinic's account",
        "compliance.rights_request.escalated": "Nobody answered a caller in time",
        "compliance.rights_request.extended": "Put off the answer to a caller",
        "compliance.rights_request.forgotten": "A request forgot who asked",
        "compliance.rights_request.moved": "A caller's request went on",
        "compliance.rights_request.read": "Saw who asks about their data",
        "compliance.rights_request.received": "A caller asked about their data",
        "compliance.rights_request.reminded": "Who decides was reminded of a request",
        "compliance.rights_request.stuck": "A caller's request is stuck",
        "compliance.rights_request.words_forgotten": "A refusal forgot its words",
    }
)
