"""Reads a file that was sent in pieces as one, holding one piece open at a time. No Django here."""

import io
from collections.abc import Callable, Sequence
from typing import IO

Open = Callable[[], IO[bytes]]


class Parts(io.RawIOBase):
    """Several files, given by what opens each and by its bytes, read one behind the other."""

    def __init__(self, parts: Sequence[tuple[Open, int]]) -> None:
        self._parts = parts
        self._size = sum(size for _open, size in parts)
        self._place = 0
        self._opened: tuple[int, IO[bytes]] | None = None

    def readable(self) -> bool:
        """Return True: it is there to be read."""
        return True

    def seekable(self) -> bool:
        """Return True: an archive is read from its end."""
        return True

    def tell(self) -> int:
        """Return the place of the next byte."""
        return self._place

    def seek(self, place: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place, counted from the beginning, from here or from the end. Raises ValueError."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        if start + place < 0:
            raise ValueError("a place before the beginning")
        self._place = start + place
        return self._place

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        """Fill the buffer from the piece in which the place lies; return how many bytes, 0 at the end."""
        begin = 0
        for number, (_open, size) in enumerate(self._parts):
            if self._place < begin + size:
                file = self._file(number)
                file.seek(self._place - begin)
                data = file.read(min(len(buffer), begin + size - self._place))
                buffer[: len(data)] = data
                self._place += len(data)
                return len(data)
            begin += size
        return 0

    def _file(self, number: int) -> IO[bytes]:
        if self._opened is not None and self._opened[0] == number:
            return self._opened[1]
        self._close_part()
        file = self._parts[number][0]()
        self._opened = (number, file)
        return file

    def _close_part(self) -> None:
        if self._opened is not None:
            self._opened[1].close()
            self._opened = None

    def close(self) -> None:
        """Close the piece that is open."""
        self._close_part()
        super().close()
