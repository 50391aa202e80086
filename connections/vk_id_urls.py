"""The addresses of a login with VK ID; the callback's is registered with the app in VK."""

from django.urls import path

from connections import vk_id_views

app_name = "vk_id"

urlpatterns = [
    path("start/", vk_id_views.start, name="start"),
    path("callback/", vk_id_views.callback, name="callback"),
]
