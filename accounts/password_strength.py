"""Refuses passwords that are guessed first: leaked ones, words, names, dates and rows of keys.

Django brings a list of 20,000 leaked passwords. zxcvbn brings 30,000, with words and names, and knows the
usual changes to them (capitals, digits at the end, 0 for o). Both are packages: nothing is asked of the net.
"""

import threading

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from zxcvbn import zxcvbn

from accounts.models import User

# What somebody who guesses at this site tries first.
OWN_WORDS = ("evosync", "evotor", "эвотор", "эвосинк", "vkontakte", "вконтакте", "лавка", "магазин", "касса")
# A Russian word stands in the lists as it is typed on Latin keys.
RUSSIAN_KEYS = "йцукенгшщзхъфывапролджэячсмитьбюё"
LATIN_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
IN_LATIN = str.maketrans(RUSSIAN_KEYS, LATIN_KEYS)
# A password that is found in fewer guesses is refused.
FEWEST_GUESSES = 10**7
# Longer ones are judged by their beginning.
JUDGED_LENGTH = 72
# zxcvbn keeps the words of the person in a table of its module.
_lock = threading.Lock()


class GuessableValidator:
    """Refuses a password that a program finds in a few million guesses."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError if the password is too easy to guess."""
        if guesses(password, user) < FEWEST_GUESSES:
            raise ValidationError(
                _(
                    "This password is easy to guess: it has leaked before or is made of common words. "
                    "Take three or four words that do not belong together."
                ),
                code="password_guessable",
            )

    def get_help_text(self) -> str:
        """Return what to do."""
        return _("Three or four words that do not belong together make a good password.")


def guesses(password: str, user: User | None = None) -> int:
    """Return how many guesses find this password, whose person is known to the one who guesses."""
    own = [user.email, *user.email.split("@"), user.first_name, user.last_name] if user is not None else []
    words = [*OWN_WORDS, *filter(None, own)]
    typed = password[:JUDGED_LENGTH]
    with _lock:
        return min(
            int(zxcvbn(keys, user_inputs=words)["guesses"])
            for keys in {typed, typed.lower().translate(IN_LATIN)}
        )
