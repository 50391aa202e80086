"""Enumerations of the catalogue."""

from enum import StrEnum


class ProblemCode(StrEnum):
    """What a refresh finds wrong with a store or with single records, beside the client's errors."""

    NOT_INSTALLED = "not_installed"
    UNKNOWN_STORE = "unknown_store"
    UNKNOWN_PARENT = "unknown_parent"
    GROUP_CYCLE = "group_cycle"
    BAD_NUMBER = "bad_number"
    BAD_FIELD = "bad_field"
    BAD_ID = "bad_id"
    BAD_RECORD = "bad_record"


class PhotoProblem(StrEnum):
    """Why an upload cannot become a product's photo."""

    EMPTY = "empty"
    UNSUPPORTED = "unsupported"
    BROKEN = "broken"
    TOO_SMALL = "too_small"
    TOO_BIG = "too_big"
    TOO_NARROW = "too_narrow"
    # Within the limits by its header, and still too much memory or time.
    TOO_COSTLY = "too_costly"
    BUSY = "busy"
    TOO_MANY = "too_many"


class PhotoMove(StrEnum):
    """Where a product's photo goes among the others."""

    UP = "up"
    DOWN = "down"
    MAIN = "main"
