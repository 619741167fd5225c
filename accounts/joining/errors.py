"""What can go wrong with joining, in our words."""

from sondervoice.kernel.errors import ConflictError, NotFoundError, RefusedError


class LinkDeadError(NotFoundError):
    """The link was used, replaced, withdrawn, has run out, or is not ours."""

    code = "link_dead"
    message = "This link was used, replaced or has run out. Ask for a new one."


class InvitationNotFoundError(NotFoundError):
    """No such invitation, or not one of your clinic's."""

    code = "invitation_not_found"


class AlreadyMemberError(ConflictError):
    """The address belongs to somebody who is a member."""

    code = "already_member"
    message = "This person belongs to the clinic already."


class AlreadyInvitedError(ConflictError):
    """The address has an open invitation."""

    code = "already_invited"
    message = "This address is invited already. Send the invitation again instead."


class OwnerNotLimitedError(RefusedError):
    """An owner sees all calls, so nobody is invited as one who does not."""

    code = "owner_not_limited"
    message = "An owner sees all calls. Choose all calls, or another role."


class InvitationEndedError(ConflictError):
    """The invitation was used or withdrawn."""

    code = "invitation_ended"
    message = "This invitation was used or withdrawn. Invite the person anew."


class InvitationRunOutError(ConflictError):
    """The invitation has run out; sent again it is good anew."""

    code = "invitation_run_out"
    message = "This invitation has run out. Send it again first. Nothing was changed."


class AccountClosedError(ConflictError):
    """The person has closed their account."""

    code = "account_closed"
    message = "This person has closed their account. Nobody can open it again."


class MemberGoneError(ConflictError):
    """The member was let go meanwhile."""

    code = "member_gone"
    message = "This person no longer belongs to the clinic. Take them back first."
