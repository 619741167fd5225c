"""What can go wrong with operators, in our words."""

from sondervoice.kernel.errors import (
    ConflictError,
    ForbiddenError,
    NotFoundError,
    RefusedError,
)


class NoOperatorError(NotFoundError):
    """Who is no operator now learns nothing of the operators' pages."""

    code = "nothing_here"


class OperatorThingNotFoundError(NotFoundError):
    """No such grant, session, person or clinic."""

    code = "operator_thing_not_found"


class SamePersonError(ForbiddenError):
    """Two people must stand for it."""

    code = "same_person"
    message = "Another operator must approve this: two people stand for it."


class NotYoursError(ForbiddenError):
    """Only who asked may go on."""

    code = "not_yours"
    message = "Only the operator who asked for this session may start it."


class OverError(ConflictError):
    """Too late, or done already."""

    code = "over"
    message = "This is over or was done already. Ask anew."


class HelpTurnedOffError(RefusedError):
    """The clinic wants no help."""

    code = "help_turned_off"
    message = "This clinic has turned help off. Its owner can turn it on."


class VisitOverError(ForbiddenError):
    """The operator's session is not live any more."""

    code = "visit_over"
    message = "Your session at this clinic has ended. Ask for a new one."


class LookOnlyError(ForbiddenError):
    """An operator at a clinic looks, and does nothing."""

    code = "look_only"
    message = "An operator's session only looks. Nothing was changed."


class ReadingRefusedError(ForbiddenError):
    """No token, or one that is not good: nothing is read across clinics."""

    code = "reading_refused"
    message = "This needs a fresh token of an operator. Nothing was read."


class StillOpenError(ConflictError):
    """Something on the list is not settled."""

    code = "still_open"
    message = (
        "Something on the list is open. Rotate it or say why it stays; "
        "then another operator confirms it."
    )


class OwnerStandsError(ConflictError):
    """The clinic can help itself."""

    code = "owner_stands"
    message = "This clinic has an owner, who can make others owners on the page People."


class OwnerAwaitedError(ConflictError):
    """The clinic's agency has opened it for somebody."""

    code = "owner_awaited"
    message = "This clinic's first owner has not come yet. Its agency invites them."


class BeingClosedError(ConflictError):
    """Nobody begins anew what its owner has ended."""

    code = "being_closed"
    message = "This clinic's account is being closed, or is closed. It gets no owner."


class OwnerClosedLatelyError(ConflictError):
    """Nobody loses a clinic between two clicks."""

    code = "owner_closed_lately"
    message = (
        "Operators closed the account of this clinic's owner less than seven days ago. "
        "The owner has a letter about it, and these days to answer."
    )


class OperatorOwnsNothingError(ConflictError):
    """Who works for SonderVoice is made nobody's owner by SonderVoice."""

    code = "operator_owns_nothing"
    message = "This person is an operator. Name somebody of the clinic."


class PersonNotOpenError(ConflictError):
    """Who cannot sign in owns nothing."""

    code = "person_not_open"
    message = (
        "This person's account is closed, or its address is not confirmed. "
        "Take this back and ask anew."
    )
