"""Addresses of the pages about both connections; the first steps end with the preview of a sync."""

from django.urls import path

from connections.clients.service import Service
from syncing.web.views import connections

app_name = "connections"

urlpatterns = [
    path("", connections.index, name="index"),
    path("start/", connections.onboarding, name="onboarding"),
    path("other/", connections.other_ways, name="other_ways"),
    path("evotor/connect/", connections.evotor_connect, name="evotor_connect"),
    path("evotor/code/", connections.evotor_code, name="evotor_code"),
    path("evotor/disconnect/", connections.evotor_disconnect, name="evotor_disconnect"),
    path("evotor/check/", connections.check, {"service": Service.EVOTOR}, name="evotor_check"),
    path("vk/connect/", connections.vk_connect, name="vk_connect"),
    path("vk/communities/", connections.vk_communities, name="vk_communities"),
    path("vk/community/", connections.vk_community, name="vk_community"),
    path("vk/disconnect/", connections.vk_disconnect, name="vk_disconnect"),
    path("vk/check/", connections.check, {"service": Service.VK}, name="vk_check"),
]
