"""Values as they stand in a link or on a command line."""

import re


def parse_whole(written: str) -> int:
    """A whole number in plain digits.

    Raises:
        ValueError: it is none.
    """
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", written):  # int() also takes 1_0, spaces and other scripts' digits
        raise ValueError(written)
    return int(written)


def parse_real(written: str) -> float:
    """A number in digits as everybody writes them: float() also takes 1_0, spaces and other scripts' digits.

    Raises:
        ValueError: it is none.
    """
    if not written.isascii() or "_" in written or written != written.strip():
        raise ValueError(written)
    return float(written)


def parse_flag(written: str) -> bool:
    """True or false, in words or digits.

    Raises:
        ValueError: it is neither.
    """
    try:
        return {"true": True, "false": False, "1": True, "0": False}[written.lower()]
    except KeyError:
        raise ValueError(written) from None
