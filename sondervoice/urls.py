"""All addresses over HTTP."""

urlpatterns = []
