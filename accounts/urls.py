"""Addresses of the merchant's own pages; logging in and out is allauth's."""

from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("", views.profile, name="profile"),
    path("language/", views.language, name="language"),
    path("security/", views.security, name="security"),
    path("download/", views.download, name="download"),
    path("delete/", views.delete, name="delete"),
    path("support/", views.support, name="support"),
    path("support/end/", views.end_visit, name="end_visit"),
]
