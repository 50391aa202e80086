"""The addresses of a login with VK ID; the callback's is registered with the app in VK."""

from django.urls import path

from connections.vk import oauth_views

app_name = "vk_id"

urlpatterns = [
    path("start/", oauth_views.start, name="start"),
    path("callback/", oauth_views.callback, name="callback"),
]
