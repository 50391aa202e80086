"""Gunicorn's own lines without secrets: its access log and its errors name whole addresses."""

import logging

from gunicorn.config import Config
from gunicorn.glogging import Logger

from evosync.common.telemetry.logging import scrub


class ScrubbingFormatter(logging.Formatter):
    """Formats as another formatter does, and stars out secrets."""

    def __init__(self, formatter: logging.Formatter) -> None:
        super().__init__()
        self._formatter = formatter

    def format(self, record: logging.LogRecord) -> str:
        """Return the line without secrets."""
        return scrub(self._formatter.format(record))


class ScrubbingLogger(Logger):  # type: ignore[misc]
    """Gunicorn's logger with that formatter: `--logger-class`."""

    def setup(self, cfg: Config) -> None:
        """Wrap the formatter of each handler."""
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            for handler in log.handlers:
                handler.setFormatter(ScrubbingFormatter(handler.formatter or logging.Formatter()))
