"""Evotor's webhooks, each with and without a trailing slash: a redirect would lose a POST's body."""

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import path

from connections.evotor.webhooks import views

app_name = "webhooks"

ROUTES: dict[str, Callable[..., HttpResponse]] = {
    "user/create": views.user_create,
    "user/verify": views.user_verify,
    "user/token": views.user_token,
    "subscription/event": views.subscription_event,
    "installation/event": views.installation_event,
    "inventories/stores/<str:store_id>/products": views.store_products,
    "inventories/products": views.store_products,
    "inventories/stores/<str:store_id>/documents": views.store_documents,
    "inventories/documents": views.store_documents,
    "documents": views.store_documents,
}


def _name(route: str) -> str:
    """Return the route's name: its words, with `store` where the id stands."""
    words = ["store" if word.startswith("<") else word for word in route.split("/")]
    return "_".join(words)


urlpatterns = [
    path(
        route + slash,
        view,
        name=_name(route) + ("_slash" if slash else ""),
    )
    for route, view in ROUTES.items()
    for slash in ("", "/")
]
