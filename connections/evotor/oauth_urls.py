"""The addresses of a login with Evotor's OAuth; the callback's is registered with the client."""

from django.urls import path

from connections.evotor import oauth_views

app_name = "evotor_oauth"

urlpatterns = [
    path("start/", oauth_views.start, name="start"),
    path("callback/", oauth_views.callback, name="callback"),
]
