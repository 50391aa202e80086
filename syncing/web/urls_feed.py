"""Addresses of the feed: the merchant's page, and what importers read."""

from django.urls import path

from syncing.web.views import feed as views
from syncing.web.views import reader_feeds as readers

app_name = "feed"
urlpatterns = [
    path("", views.show, name="index"),
    path("goods/", views.show_goods, name="goods"),
    path("goods/again/", views.count_again, name="count"),
    path("new/", views.renew, name="new"),
    path("end/", views.revoke, name="end"),
    path("accept/", views.accept, name="accept"),
    path("readers/<slug:reader>/", readers.show, name="reader"),
    path("readers/<slug:reader>/refusals/", readers.show_refusals, name="reader_refusals"),
    path("readers/<slug:reader>/new/", readers.renew, name="reader_new"),
    path("readers/<slug:reader>/end/", readers.end, name="reader_end"),
    path("readers/<slug:reader>/accept/", readers.accept, name="reader_accept"),
    path("<str:token>/<slug:reader>.xml", readers.send, name="reader_file"),
    path("<str:token>/goods.yml", views.send, name="file"),
    path("picture/<int:pk>/<str:key>/<str:version>.jpg", views.send_picture, name="picture"),
]
