"""All addresses over HTTP."""

from django.urls import include, path
from django.views.generic import RedirectView

from accounts.access import public
from accounts.operators.site import operator_site
from accounts.roles.sockets import Socket, know_socket
from accounts.sessions.consumers import SessionWatch
from compliance.retention.health import nightz
from sondervoice.api_docs import docs, schema
from sondervoice.health import healthz, readyz
from telephony.webhooks import telnyx

home = public("leads to the dashboard, which asks who comes")(
    RedirectView.as_view(url="/app/start/")
)

# Served elsewhere; here they are only shown in the matrix of roles.
know_socket(Socket(route="ws/session/", public_because=SessionWatch.public_because))
know_socket(
    Socket(
        route="media/telnyx/<str:token>/",
        public_because="the one-time token in the address",
    )
)

dashboard = [
    path("", include("telephony.urls")),
    path("", include("recordings.urls")),
    path("diary/", include("telephony.scheduling.urls")),
    path("messages/", include("telephony.messages.urls")),
    path("", include("telephony.bin.urls")),
    path("settings/statistics/", include("telephony.statistics.urls")),
    path("", include("accounts.settings_urls")),
    path("settings/", include("telephony.settings_urls")),
    path("settings/", include("compliance.settings_urls")),
]

handler400 = "accounts.passwords.refused_host.refuse"

urlpatterns = [
    path("", home, name="home"),
    path("accounts/", include("accounts.urls")),
    path("accounts/", include("accounts.demo_urls")),
    path("sso/", include("accounts.sso.urls")),
    path("forget-me/", include("compliance.asking.urls")),
    path("preferences/privacy/", include("compliance.asking.own_urls")),
    path("app/", include(dashboard)),
    path("admin/", operator_site.urls),
    path("webhooks/telnyx/", telnyx),
    path("api/v1/", include("sondervoice.api_urls")),
    path("internal/", include("accounts.machines.internal_urls")),
    path("api/schema/", schema, name="api-schema"),
    path("api/docs/", docs, name="api-docs"),
    path("healthz", healthz),
    path("readyz", readyz),
    path("nightz", nightz),
]
