"""Addresses that the link for photos from the shelf opens; its token stands for a login."""

from django.urls import path

from syncing.web.views import shelf

app_name = "shelf"
urlpatterns = [
    path("<slug:token>/", shelf.show_queue, name="queue"),
    path("<slug:token>/<int:pk>/", shelf.shoot, name="product"),
    path("<slug:token>/<int:pk>/thumbnail.jpg", shelf.show_thumbnail, name="thumbnail"),
]
