"""Addresses of the feed: the merchant's page, and what importers read."""

from django.urls import path

from syncing.web.views import feed as views

app_name = "feed"
urlpatterns = [
    path("", views.show, name="index"),
    path("goods/", views.show_goods, name="goods"),
    path("goods/again/", views.count_again, name="count"),
    path("new/", views.renew, name="new"),
    path("end/", views.revoke, name="end"),
    path("accept/", views.accept, name="accept"),
    path("<str:token>/goods.yml", views.send, name="file"),
    path("picture/<int:pk>/<str:key>/<str:version>.jpg", views.send_picture, name="picture"),
]
