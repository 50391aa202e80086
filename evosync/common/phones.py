"""Phone numbers as people write them, kept as E.164."""

import phonenumbers


class InvalidPhone(ValueError):
    """What was written is no phone number that could be called."""


def normalise_phone(text: str) -> str:
    """Return the number as +79991234567; a number without a country is Russian. Raises InvalidPhone."""
    try:
        number = phonenumbers.parse(text, "RU")
    except phonenumbers.NumberParseException:
        raise InvalidPhone(text) from None
    if not phonenumbers.is_valid_number(number):
        raise InvalidPhone(text)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
