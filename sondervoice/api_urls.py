"""The REST API's addresses, under `/api/v1/`."""

from django.urls import include, path, re_path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from recordings.api import TranscriptView
from sondervoice.kernel.errors import NotFoundError
from telephony.api import CallListView, CallView
from telephony.messages.api import MessageListView
from telephony.reception.api import AgentListView
from telephony.scheduling.api import AppointmentListView


class NothingHereView(APIView):
    """Says 404 in the API's own form, also for an address that does not exist."""

    public_because = "there is nothing to see"
    schema = None
    authentication_classes = ()
    permission_classes = ()

    def get(self, request: Request, **parts: str) -> Response:
        """Refuse.

        Raises:
            NotFoundError: Always.
        """
        raise NotFoundError

    # An id that is none is not found, whatever was to be done with it.
    post = put = patch = delete = get


urlpatterns = [
    path("calls/", CallListView.as_view(), name="api-calls"),
    path("calls/<uuid:call_id>/", CallView.as_view(), name="api-call"),
    path(
        "calls/<uuid:call_id>/transcript/",
        TranscriptView.as_view(),
        name="api-transcript",
    ),
    path("appointments/", AppointmentListView.as_view(), name="api-appointments"),
    path("messages/", MessageListView.as_view(), name="api-messages"),
    path("agents/", AgentListView.as_view(), name="api-agents"),
    path("", include("accounts.machines.api_urls")),
    re_path(r"^(?P<rest>.*)/$", NothingHereView.as_view(), name="api-nothing"),
]
