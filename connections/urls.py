"""Addresses of the connections pages."""

from django.urls import path

from connections import views

app_name = "connections"

urlpatterns = [
    path("", views.index, name="index"),
    path("start/", views.onboarding, name="onboarding"),
    path("evotor/connect/", views.evotor_connect, name="evotor_connect"),
    path("evotor/code/", views.evotor_code, name="evotor_code"),
    path("evotor/disconnect/", views.evotor_disconnect, name="evotor_disconnect"),
    path("evotor/check/", views.check, {"service": "evotor"}, name="evotor_check"),
    path("vk/connect/", views.vk_connect, name="vk_connect"),
    path("vk/communities/", views.vk_communities, name="vk_communities"),
    path("vk/community/", views.vk_community, name="vk_community"),
    path("vk/disconnect/", views.vk_disconnect, name="vk_disconnect"),
    path("vk/check/", views.check, {"service": "vk"}, name="vk_check"),
]
