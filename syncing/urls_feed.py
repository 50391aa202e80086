"""Addresses of the feed: the merchant's page, and what importers read."""

from django.urls import path

from syncing.views import feed

app_name = "feed"
urlpatterns = [
    path("", feed.show, name="index"),
    path("goods/", feed.show_goods, name="goods"),
    path("new/", feed.renew, name="new"),
    path("end/", feed.revoke, name="end"),
    path("accept/", feed.accept, name="accept"),
    path("<str:token>/goods.yml", feed.send, name="file"),
    path("picture/<int:pk>/<str:key>/<str:version>.jpg", feed.send_picture, name="picture"),
]
