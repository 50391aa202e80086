"""Fails where a message catalogue lacks a translation, has one twice or fuzzy, or loses a placeholder."""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

# A message with its context. Of two equal ones babel takes the second, without a word.
MESSAGE = re.compile(r'^(?:msgctxt (?:"[^\n]*"\n)+)?msgid (?:"[^\n]*"\n)+', re.MULTILINE)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}|%[sd]")


def problems(path: Path) -> Iterator[str]:
    """Yield one line for each message that a reader would miss or see broken."""
    for message_id, times in Counter(MESSAGE.findall(path.read_text())).items():
        if times > 1:
            yield f"{path}: {message_id.strip()} stands {times} times"
    with path.open("rb") as file:
        catalogue = read_po(file)
    # In an English catalogue an empty translation means the message itself.
    source_is_fine = catalogue.locale is not None and catalogue.locale.language == "en"
    for message in catalogue:
        if not message.id:
            continue
        where = f"{path}:{message.lineno}: {_texts(message.id)[0]!r}"
        translations = _texts(message.string)
        if message.fuzzy:
            yield f"{where} is fuzzy"
        elif not all(translations):
            if not source_is_fine:
                yield f"{where} is not translated"
        elif missing := _lost_placeholders(message, translations):
            yield f"{where} loses {', '.join(sorted(missing))}"


def _texts(text: str | list[str] | tuple[str, ...] | None) -> list[str]:
    return [text] if isinstance(text, str) else list(text or [""])


def _lost_placeholders(message: Message, translations: list[str]) -> set[str]:
    """Return the placeholders that the plural form of the message has and some translation has not."""
    needed = set(PLACEHOLDER.findall(_texts(message.id)[-1]))
    singular_may_lack = set(needed) if message.pluralizable else set()
    return {
        name
        for translation in translations
        for name in needed - set(PLACEHOLDER.findall(translation))
        if name not in singular_may_lack or not any(name in other for other in translations)
    }


def main() -> int:
    """Print the problems of every catalogue; return 1 where there are some."""
    paths = sorted(Path("locale").glob("*/LC_MESSAGES/*.po"))
    found = [line for path in paths for line in problems(path)]
    print("\n".join(found) if found else f"{len(paths)} message catalogues are complete")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
