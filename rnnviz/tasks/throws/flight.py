"""A basketball in flight: gravity, drag, lift by backspin, and what happens at the ring and the board.

x points to the basket, y up, z to the right; metres and seconds. The ball leaves the hand at (0, `RELEASE`, 0); the
centre of the ring lies at (`distance`, `RING`, 0). Sizes are those of the game's official rules (size 7 ball), drag and
lift those of a smooth sphere with spin (Magnus force) at 1.2 kg/m³.
"""

import dataclasses
import functools

import numpy as np

RELEASE = 2.1  # height of the hand
RING, RING_RADIUS = 3.05, 0.225
BALL, MASS = 0.12, 0.62  # radius, kg
BOARD = RING_RADIUS + 0.15  # behind the centre of the ring
BOARD_LOW, BOARD_HIGH, BOARD_HALF = 2.9, 3.95, 0.9  # edges of its face
GRAVITY = 9.81
DRAG = 1.2 * 0.47 * np.pi * BALL**2 / (2 * MASS)  # 1/m, by speed squared
LIFT = 1.2 * np.pi * BALL**3 / (2 * MASS)  # by spin times speed
BOUNCE = {"ring": 0.6, "board": 0.7}  # of the speed against it, what is left
RATE = 120  # steps of the simulation in a second
FRAMES = 30  # pictures of the camera in a second
THROUGH = BALL / 2  # below the ring's plane and within it: the net holds the ball
FALLEN = 0.3  # below the ring and not within it: it is over
LONGEST = 3.2  # seconds that are simulated

USUAL = 4.2  # metres to the ring from where free throws are thrown
ANGLES, SPINS = (52.0, 3.0), (12.0, 4.0)
KINDS = ("nothing", "ring", "board")  # what a ball touches first


@dataclasses.dataclass(frozen=True)
class Flights:
    """What became of some throws.

    places:  (frame, throw, 3) float64, where the ball was at each picture of the camera.
    goes_in: (throw,) bool.
    arrives: (throw,) int64, the first frame at which it has touched something or has come down to the ring's height.
    touches: (throw,) int64, what it touches first, as a place in `KINDS`.
    """

    places: np.ndarray
    goes_in: np.ndarray
    arrives: np.ndarray
    touches: np.ndarray


def prior(distance: float) -> np.ndarray:
    """Mean and spread of throws from a distance (m), (4, 2): who stands further away throws more carefully.

    Angle above the horizontal in degrees, speed above the one that hits the centre in m/s, angle to the right in
    degrees, backspin in rad/s.
    """
    nearer = USUAL / distance
    return np.array([ANGLES, (0.0, 0.11 * np.sqrt(nearer)), (0.0, 0.9 * nearer), SPINS])


@functools.lru_cache(maxsize=64)
def _speeds(distance: float) -> np.ndarray:
    """The speed (m/s) that hits the centre of the ring, as a polynomial of the angle in degrees: (3,)."""
    angles, tried = ANGLES[0] + ANGLES[1] * np.linspace(-3, 3, 7), np.linspace(3.0, 15.0, 241)
    reached = _reached(*(grid.ravel() for grid in np.meshgrid(angles, tried, indexing="ij"))).reshape(7, -1)
    best = [np.interp(distance, row, tried) for row in reached]
    return np.polyfit(angles, best, 2)


def _reached(angles: np.ndarray, speeds: np.ndarray) -> np.ndarray:
    """How far throws at angles (degrees) and speeds (m/s) have come when they fall through the ring's height: (throw,).

    0 where they never rise above it.
    """
    up, place = np.radians(angles), _start(len(angles))
    moving = speeds * np.stack([np.cos(up), np.sin(up), np.zeros_like(up)])
    found, spin = np.zeros(len(angles)), np.full(len(angles), SPINS[0])
    for _ in range(int(LONGEST * RATE)):
        before = place.copy()
        _move(place, moving, spin)
        falls = (before[1] >= RING) & (place[1] < RING)
        share = (before[1] - RING) / np.where(falls, before[1] - place[1], 1.0)
        found = np.where(falls, before[0] + share * (place[0] - before[0]), found)
    return found


def launched(distance: float, params: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Throws (4, throw), in the units of `prior`, as speeds (3, throw) and spins (throw,)."""
    angle, faster, side, spin = params
    speed = np.polyval(_speeds(distance), angle) + faster
    up, right = np.radians(angle), np.radians(side)
    flat = speed * np.cos(up)
    return np.stack([flat * np.cos(right), speed * np.sin(up), flat * np.sin(right)]), spin


def frames_of(distance: float) -> int:
    """How many pictures the camera takes: as many as nearly all throws need to come down to the ring."""
    angle = ANGLES[0] + 2.5 * ANGLES[1]
    place, (speeds, spin) = _start(1), launched(distance, np.array([[angle], [0.3], [0.0], [SPINS[0] + 2 * SPINS[1]]]))
    steps, above = 0, False
    while not above or place[1, 0] > RING:
        _move(place, speeds, spin)
        above, steps = above or place[1, 0] > RING, steps + 1
    return int(np.ceil(steps / RATE * FRAMES)) + 2


def thrown(distance: float, params: np.ndarray, frames: int) -> Flights:
    """Simulate throws (4, throw), in the units of `prior`, seen by a camera that takes `frames` pictures.

    A ball that is over rests where it is.
    """
    count, every = params.shape[1], RATE // FRAMES
    places, seen = _start(count), np.empty((frames, count, 3))
    arrived, touches, goes_in = np.full(count, -1), np.zeros(count, np.int64), np.zeros(count, bool)
    going, place, (speeds, spin) = np.arange(count), places.copy(), launched(distance, params)
    above, over = np.zeros(count, bool), np.zeros(count, bool)
    for step in range(int(LONGEST * RATE)):
        if step % every == 0:
            places[:, going] = place
            if step // every < frames:
                seen[step // every] = places.T
            on = ~over
            going, place, speeds, spin = going[on], place[:, on], speeds[:, on], spin[on]
            above, over = above[on], over[on]
        if not going.size and step // every >= frames - 1:
            break
        _move(place, speeds, spin)
        first = _bounce(place, speeds, distance)
        above |= place[1] > RING
        new = arrived[going] < 0
        touches[going] = np.where(new & (first > 0), first, touches[going])
        arrived[going[new & ((first > 0) | (above & (place[1] <= RING)))]] = step + 1
        within = np.hypot(place[0] - distance, place[2]) < RING_RADIUS
        through = ~over & above & within & (place[1] < RING - THROUGH)
        goes_in[going[through]] = True
        over |= through | (above & (place[1] < RING - FALLEN))
    arrives = np.where(arrived < 0, frames, np.minimum(frames, -(-arrived // every)))
    return Flights(seen, goes_in, arrives, touches)


def flown(distance: float, params: np.ndarray, frames: int) -> np.ndarray:
    """Where balls would be if there were no ring and no board: (frame, throw, 3)."""
    place, (speeds, spin) = _start(params.shape[1]), launched(distance, params)
    seen = np.empty((frames, params.shape[1], 3))
    for step in range((frames - 1) * (RATE // FRAMES) + 1):
        if step % (RATE // FRAMES) == 0:
            seen[step // (RATE // FRAMES)] = place.T
        _move(place, speeds, spin)
    return seen


def _start(count: int) -> np.ndarray:
    place = np.zeros((3, count))
    place[1] = RELEASE
    return place


def _move(place: np.ndarray, speeds: np.ndarray, spin: np.ndarray) -> None:
    """One step of time, in place: gravity, drag against the motion, lift at right angles to it (axis of spin: z)."""
    drag = DRAG * np.sqrt((speeds * speeds).sum(axis=0))
    lift = LIFT * spin
    forward = -drag * speeds[0] - lift * speeds[1]
    upward = -GRAVITY - drag * speeds[1] + lift * speeds[0]
    speeds[0] += forward / RATE
    speeds[1] += upward / RATE
    speeds[2] -= drag * speeds[2] / RATE
    place += speeds / RATE


def _bounce(place: np.ndarray, speeds: np.ndarray, distance: float) -> np.ndarray:
    """Turn back balls that have run into the ring or the board, in place; what each touches, as a place in `KINDS`."""
    found = np.zeros(place.shape[1], np.int64)
    near = np.flatnonzero(place[0] > distance - RING_RADIUS - 2 * BALL)
    if not near.size:
        return found
    at = place[:, near] - np.array([[distance], [RING], [0.0]])
    flat = np.maximum(np.hypot(at[0], at[2]), 1e-9)
    from_ring = np.stack([at[0] * (1 - RING_RADIUS / flat), at[1], at[2] * (1 - RING_RADIUS / flat)])
    found[near] = np.where(_turned(speeds, near, from_ring, BOUNCE["ring"]), 1, found[near])
    behind = BOARD - at[0]
    height = at[1] + RING
    before = (height > BOARD_LOW) & (height < BOARD_HIGH) & (np.abs(at[2]) < BOARD_HALF) & (behind > 0)
    away = np.stack([np.where(before, -behind, -1e3), np.zeros_like(behind), np.zeros_like(behind)])
    found[near] = np.where(_turned(speeds, near, away, BOUNCE["board"]) & (found[near] == 0), 2, found[near])
    return found


def _turned(speeds: np.ndarray, near: np.ndarray, away: np.ndarray, left: float) -> np.ndarray:
    """Which balls touch what lies `away` (3, ball) and move towards it: their speed against it is turned."""
    gap = np.sqrt((away * away).sum(axis=0))
    normal = away / np.maximum(gap, 1e-9)
    against = (speeds[:, near] * normal).sum(axis=0)
    touching = (gap < BALL) & (against < 0)
    speeds[:, near] -= np.where(touching, (1 + left) * against, 0.0) * normal
    turned: np.ndarray = touching
    return turned
