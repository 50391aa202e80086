"""Why a sync cannot start, in words for the merchant."""


class CannotSync(Exception):
    """The run was not started and nothing was changed.

    `code` is stable, for scripts; `text` says what happened, what it means and what to do next.
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code, self.text = code, text
