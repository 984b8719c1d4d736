"""A pickle read as plain values by a machine that calls nothing, imports nothing and takes little time and memory.

Dictionaries, lists, texts and numbers become themselves. Every function and class that a pickle names stays a `Name`,
and what it would make by calling one stays a `Made`: both are inert. Protocols 0 to 5 are understood.
"""

import dataclasses
import pickletools
from collections.abc import Callable, Iterable
from typing import Any

from rnnviz.checkpoints.vocabulary import Unordered
from rnnviz.nn.checkpoints.contents import LARGEST_HEADER, Unreadable

MOST_OPERATIONS = 400_000  # of a pickle, less than a second; 4,000 tensors take 160,000, 60,000 tokens 180,000
_LARGEST_KEY = 2**60  # whole numbers below it hash to themselves, so that no file makes a dictionary slow


@dataclasses.dataclass(frozen=True, slots=True)
class Name:
    """A function or a class by its dotted name; it is never looked up."""

    dotted: str


@dataclasses.dataclass(slots=True, eq=False)
class Made:
    """What a pickle would make by calling something.

    of:        the dotted name of what it calls.
    arguments: what it is called with.
    state:     what would become its attributes, if that is told.
    items:     what would be put into it under keys.
    """

    of: str
    arguments: tuple[Any, ...]
    state: Any = None
    items: dict[Any, Any] = dataclasses.field(default_factory=dict)

    @property
    def dictionaries(self) -> list[dict[Any, Any]]:
        """Where its items and its attributes stand by name."""
        states = self.state if isinstance(self.state, tuple) else (self.state,)
        return [self.items, *(one for one in states if isinstance(one, dict))]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Outside:
    """What a pickle keeps elsewhere, under this key: `torch.save` has a record for the numbers of each storage."""

    key: Any


@dataclasses.dataclass(frozen=True)
class Pickled:
    """What a pickle holds, and every dotted name in it."""

    value: Any
    names: frozenset[str]


def read(data: bytes) -> Pickled:
    """What a pickle holds.

    Raises:
        Unreadable: it is too large, has too many operations, or is damaged.
    """
    if len(data) > LARGEST_HEADER:
        raise Unreadable(f"it says more about its tensors than the {LARGEST_HEADER / 1e6:.0f} MB that may be")
    machine = _Machine()
    try:
        for count, (operation, argument, _) in enumerate(pickletools.genops(data)):
            if count == MOST_OPERATIONS:
                raise Unreadable(f"what it says about its tensors takes more than {MOST_OPERATIONS:,} operations")
            _OPERATIONS[operation.name](machine, argument)
        (value,) = machine.stack
    except Unreadable:
        raise
    except Exception:  # pickletools and the machine raise whatever the bytes make them
        raise Unreadable("it is a torch file that is damaged") from None
    return Pickled(value, frozenset(machine.names))


class _Machine:
    """The stack, the marks in it and the memo of a pickle."""

    def __init__(self) -> None:
        self.stack: list[Any] = []
        self.marks: list[int] = []
        self.memo: dict[int, Any] = {}
        self.names: set[str] = set()
        self.room = MOST_OPERATIONS  # of what is copied all at once, from a list or a text elsewhere

    def push(self, value: Any) -> None:
        self.stack.append(value)

    def pop(self) -> Any:
        if self.marks and self.marks[-1] == len(self.stack):
            raise ValueError("nothing stands above the mark")
        return self.stack.pop()

    def mark(self) -> None:
        self.marks.append(len(self.stack))

    def above(self) -> list[Any]:
        """What stands above the last mark, taken off together with it."""
        place = self.marks.pop()
        values = self.stack[place:]
        del self.stack[place:]
        return values

    def last(self, count: int) -> tuple[Any, ...]:
        return tuple([self.pop() for _ in range(count)][::-1])

    def remember(self, place: int) -> None:
        self.memo[place] = self.stack[-1]

    def name(self, dotted: str) -> None:
        of, _, name = dotted.rpartition(".")
        dotted = f"{_OF_PYTHON_2.get(of, of)}.{name}"
        self.names.add(dotted)
        self.push(Name(dotted))

    def name_of_two(self) -> None:
        module, name = self.last(2)
        self.name(f"{module}.{name}" if isinstance(module, str) and isinstance(name, str) else "?")

    def make(self, of: Any, arguments: Iterable[Any]) -> None:
        dotted, given = of.dotted if isinstance(of, Name) else "?", tuple(arguments)
        if dotted in _DICTIONARIES:
            self.push(self.dictionary(given[-1] if given else {}))
        elif dotted in _ROWS:
            self.push(given[0] if given else [])
        elif dotted in _SETS:
            self.push(self.unordered(given[0] if given else []))
        elif dotted in _BYTES_OF_PYTHON_2 and given[1:] in ((), ("latin1",)):
            self.push(self.encoded(given))
        elif dotted == "copyreg._reconstructor" and isinstance(given[0], Name):
            self.push(Made(given[0].dotted, given[1:]))
        else:
            self.push(Made(dotted, given))

    def dictionary(self, items: Any) -> dict[Any, Any]:
        """What was given to a class of dictionaries, itself if it is one."""
        if isinstance(items, dict):
            return items
        rows = items if isinstance(items, (list, tuple)) else []
        self.take(len(rows))
        return _plain_keys(rows)

    def unordered(self, items: Any) -> Unordered:
        """What was given to a class of sets."""
        rows = items if isinstance(items, (list, tuple)) else []
        self.take(len(rows))
        return Unordered(rows)

    def encoded(self, given: tuple[Any, ...]) -> bytes:
        """Bytes, which protocols before the third write as a text in Latin 1."""
        text = given[0] if given and isinstance(given[0], str) else ""
        self.take(len(text))
        return text.encode("latin-1")

    def take(self, count: int) -> None:
        """Use some of the room."""
        self.room -= count
        if self.room < 0:
            raise Unreadable(f"what it says about its tensors takes more than {MOST_OPERATIONS:,} operations")

    def make_of_all(self) -> None:
        of, *arguments = self.above()
        self.make(of, arguments)

    def put(self, pairs: list[Any]) -> None:
        """Put keys and values, one after the other, into what is on top."""
        top = self.stack[-1]
        into = top.items if isinstance(top, Made) else top
        into.update(_pairs(pairs))

    def extend(self, values: list[Any]) -> None:
        """Put values behind each other into what is on top."""
        if isinstance(self.stack[-1], list):
            self.stack[-1].extend(values)

    def build(self) -> None:
        state = self.pop()
        if isinstance(self.stack[-1], Made):
            self.stack[-1].state = state


def _plain_keys(pairs: Iterable[Any]) -> dict[Any, Any]:
    """Pairs under keys that are texts or numbers; those under others are left out."""
    return {key: value for key, value in pairs if _is_plain(key)}


def _is_plain(key: Any) -> bool:
    if isinstance(key, int):
        return abs(key) < _LARGEST_KEY
    return isinstance(key, (str, bytes, type(None)))


def _pairs(values: list[Any]) -> dict[Any, Any]:
    """Keys and values, one after the other."""
    return _plain_keys(zip(values[::2], values[1::2], strict=True))


_OF_PYTHON_2 = {"__builtin__": "builtins", "copy_reg": "copyreg"}  # protocols 0 to 2 name modules as it did
_DICTIONARIES = {"collections.OrderedDict", "collections.Counter", "collections.defaultdict", "builtins.dict"}
_ROWS = {"builtins.list", "builtins.tuple", "torch.Size"}  # kept as lists
_BYTES_OF_PYTHON_2 = {"_codecs.encode", "builtins.bytes"}
_SETS = {"builtins.set", "builtins.frozenset"}

_Operation = Callable[[_Machine, Any], object]
_NUMBERS = ("INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4", "FLOAT", "BINFLOAT")
_TEXTS = ("STRING", "BINSTRING", "SHORT_BINSTRING", "UNICODE", "SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8")
_BYTES = ("SHORT_BINBYTES", "BINBYTES", "BINBYTES8", "BYTEARRAY8")
_OPERATIONS: dict[str, _Operation] = {
    **dict.fromkeys((*_NUMBERS, *_TEXTS, *_BYTES), _Machine.push),
    **dict.fromkeys(("PROTO", "FRAME", "STOP", "READONLY_BUFFER"), lambda _machine, _: None),
    **dict.fromkeys(("PUT", "BINPUT", "LONG_BINPUT"), _Machine.remember),
    **dict.fromkeys(("GET", "BINGET", "LONG_BINGET"), lambda m, place: m.push(m.memo[place])),
    **dict.fromkeys(("EXT1", "EXT2", "EXT4"), lambda m, code: m.name(f"copyreg extension {code}")),
    "EMPTY_LIST": lambda m, _: m.push([]),
    "EMPTY_SET": lambda m, _: m.push(Unordered()),
    "LIST": lambda m, _: m.push(m.above()),
    "FROZENSET": lambda m, _: m.push(Unordered(m.above())),
    **dict.fromkeys(("APPENDS", "ADDITEMS"), lambda m, _: m.extend(m.above())),
    "MEMOIZE": lambda m, _: m.remember(len(m.memo)),
    "NONE": lambda m, _: m.push(None),
    "NEWTRUE": lambda m, _: m.push(True),
    "NEWFALSE": lambda m, _: m.push(False),
    "EMPTY_DICT": lambda m, _: m.push({}),
    "EMPTY_TUPLE": lambda m, _: m.push(()),
    "MARK": lambda m, _: m.mark(),
    "POP": lambda m, _: m.pop() if not m.marks or m.marks[-1] < len(m.stack) else m.above(),
    "POP_MARK": lambda m, _: m.above(),
    "DUP": lambda m, _: m.push(m.stack[-1]),
    "TUPLE1": lambda m, _: m.push(m.last(1)),
    "TUPLE2": lambda m, _: m.push(m.last(2)),
    "TUPLE3": lambda m, _: m.push(m.last(3)),
    "TUPLE": lambda m, _: m.push(tuple(m.above())),
    "DICT": lambda m, _: m.push(_pairs(m.above())),
    "APPEND": lambda m, _: m.extend([*m.last(1)]),
    "SETITEM": lambda m, _: m.put([*m.last(2)]),
    "SETITEMS": lambda m, _: m.put(m.above()),
    "GLOBAL": lambda m, name: m.name(str(name).replace(" ", ".")),
    "STACK_GLOBAL": lambda m, _: m.name_of_two(),
    "REDUCE": lambda m, _: m.make(*m.last(2)),
    "NEWOBJ": lambda m, _: m.make(*m.last(2)),
    "NEWOBJ_EX": lambda m, _: m.make(*m.last(3)[:2]),
    "INST": lambda m, name: m.make(Name(str(name).replace(" ", ".")), m.above()),
    "OBJ": lambda m, _: m.make_of_all(),
    "BUILD": lambda m, _: m.build(),
    "PERSID": lambda m, key: m.push(Outside(key)),
    "BINPERSID": lambda m, _: m.push(Outside(m.pop())),
}
