"""Why a photo is refused."""

from catalog.choices import PhotoProblem


class InvalidPhoto(Exception):
    """A file that cannot become a product's photo, or one photo too many; `code` says why."""

    def __init__(self, code: PhotoProblem) -> None:
        super().__init__(code.value)
        self.code = code
