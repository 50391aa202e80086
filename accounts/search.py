"""Searching for people by what staff type."""

from accounts.models import User

# So many users at most are meant by the beginning of an address.
MOST_USERS = 50


def split_search(text: str) -> tuple[list[int] | None, str]:
    """Take the email address out of what staff searched for; return the ids of its users and the rest.

    None in place of ids: there was no address. Ids come first, so that the search that follows can use
    the indexes that begin with the user.
    """
    words = text.split()
    address = next((word for word in words if "@" in word), None)
    if address is None:
        return None, text
    words.remove(address)
    users = User.objects.filter(email__istartswith=address)
    return list(users.values_list("pk", flat=True)[:MOST_USERS]), " ".join(words)
