"""Sums in plain text, as somebody with a pocket calculator writes them down."""

from collections.abc import Iterable


def six(value: float) -> str:
    """A computed number: six digits after the point, a minus that is one, and no −0.000000."""
    text = f"{value:z.6f}" if abs(value) < 1e6 else f"{value:.6g}"
    return text.replace("-", "−")


def short(value: float) -> str:
    """A number as somebody would type it: at most six digits after the point."""
    if value and abs(value) < 1e-4:
        return f"{value:.3g}".replace("-", "−")
    text = six(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def summed(terms: Iterable[tuple[float, str]], alone: float = 0.0) -> str:
    """Products of a weight and a number, and one number alone, with what is 0 left out."""
    parts = [(weight, f"·{bracketed(value)}") for weight, value in terms if weight]
    parts += [(alone, "")] if alone else []
    if not parts:
        return "0"
    (first, times), *others = parts
    return short(first) + times + "".join(f" {'−' if w < 0 else '+'} {short(abs(w))}{by}" for w, by in others)


def bracketed(number: str) -> str:
    """A number as it stands behind a sign of its own."""
    return f"({number})" if number.startswith("−") else number
