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
    STORAGE_AWAY = "storage_away"
    # Of archives and imports.
    BROKEN_ARCHIVE = "broken_archive"
    NOT_ZIP = "not_zip"
    NESTED = "nested"
    LOCKED = "locked"
    UNPACKABLE = "unpackable"
    BOMB = "bomb"
    BAD_NAME = "bad_name"
    TOO_MANY_FILES = "too_many_files"
    NO_ROOM = "no_room"
    NO_PICTURES = "no_pictures"
    INCOMPLETE = "incomplete"
    # What only shows when it is known whose photo it is.
    REPEATED = "repeated"
    ONE_TOO_MANY = "one_too_many"
    GONE = "gone"
    REMOVED = "removed"


class PhotoMove(StrEnum):
    """Where a product's photo goes among the others."""

    UP = "up"
    DOWN = "down"
    MAIN = "main"


class ImportState(StrEnum):
    """How far an import of photos is."""

    # Files come, are prepared and matched; nothing is saved.
    OPEN = "open"
    SAVING = "saving"
    SAVED = "saved"
    UNDOING = "undoing"


class ImportedFileState(StrEnum):
    """What became of one file of an import."""

    # A piece of a larger file, whose other pieces may still come.
    PIECE = "piece"
    UPLOADED = "uploaded"
    READY = "ready"
    REFUSED = "refused"
    LEFT_OUT = "left_out"
    SAVED = "saved"
    # A photo that a saved one took the place of, kept so that it can come back.
    REPLACED = "replaced"
