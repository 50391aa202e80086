"""Where messengers tell of messages to our bots."""

from django.urls import path

from syncing.web.views import bots

app_name = "bots"
urlpatterns = [
    path("telegram/", bots.telegram, name="telegram"),
    path("max/", bots.max_messenger, name="max"),
]
