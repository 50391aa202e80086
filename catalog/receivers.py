"""What the catalogue answers when an app below asks. Each receiver is named after its signal."""

from catalog.models import Store


def on_store_named(sender: object, *, user_id: int, store_id: str, **_kwargs: object) -> bool:
    """Return True if the store is another merchant's and not this one's as well."""
    stores = Store.objects.with_evotor_id(store_id)
    return not stores.for_user(user_id).exists() and stores.present().exists()
