"""The only door to a call's sound."""

from uuid import UUID

from accounts.actors import Actor
from accounts.permissions import Permission
from compliance.rights.selectors.marks import require_unrestricted
from recordings.errors import RecordingNotFoundError
from recordings.models import Recording
from telephony.models import Call
from telephony.selectors.calls import get_call


def find_recording(*, actor: Actor, call: Call) -> Recording | None:
    """Return the call's recording, in whatever state, or None when there never was one.

    Raises:
        PermissionMissingError: If the actor may not see calls.
    """
    actor.require(Permission.CALLS_VIEW)
    return Recording.objects.select_related("call").filter(call=call).first()


def get_playable(*, actor: Actor, call_id: UUID) -> Recording:
    """Return a recording that is stored and whose key is there.

    Raises:
        CallNotFoundError: If the call is not one of the clinic's.
        PermissionMissingError: If the actor may not listen.
        RecordingNotFoundError: If there is nothing to play.
        RestrictedError: If the caller asked that their data is not used.
    """
    call = get_call(actor=actor, call_id=call_id)
    actor.require(Permission.CALLS_LISTEN)
    require_unrestricted(call.caller_index)
    recording = find_recording(actor=actor, call=call)
    if recording is None or recording.status != Recording.Status.STORED:
        raise RecordingNotFoundError
    return recording
