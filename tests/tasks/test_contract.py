"""What every task in the registry holds to: adding a task to `TASKS` puts it under these tests."""

import dataclasses
import pickle
import re

import numpy as np
import pytest

from rnnviz import fields, limits
from rnnviz.errors import ExperimentError
from rnnviz.tasks import TASKS, Task, task
from rnnviz.tasks.translating import END, PAD
from tests.effort import Lines

SHORT = {"adding": {"length": 9}, "recall": {"lag": 4}, "brackets": {"length": 9}, "waves": {"length": 9}}
SHORT["text"] = {"corpus": "hello", "length": 9}
SHORT |= {"dates": {"language": "ja"}, "reverse": {"length": 4, "letters": 3}, "sort": {"length": 4, "letters": 3}}
SHORT["pairs"] = {"text": "".join(f"{chr(97 + i)},{chr(65 + i)}\n" for i in range(26))}
LONG = {name: {"length": limits.LONGEST_SEQUENCE} for name in ("adding", "brackets", "waves", "text")}
LONG |= {name: {"length": 60, "letters": 26} for name in ("reverse", "sort")} | {"pairs": {"unit": "words"}}
LONG["recall"] = {"lag": limits.LONGEST_SEQUENCE - 1, "letters": 26, "distractors": 26}

EVERY = [pytest.param(task(name, **params), id=f"{name}-{size}")
         for size, of in (("default", {}), ("short", SHORT), ("long", LONG))
         for name in TASKS
         for params in [of.get(name, {})]]  # fmt: skip
every_task = pytest.mark.parametrize("chosen", EVERY)
SEQUENCES = [name for name, kind in TASKS.items() if kind.answers == "sequence"]
STEPWISE = [name for name in TASKS if name not in SEQUENCES]


def outputs_shape(chosen: Task, size: int) -> tuple[int, ...]:
    """What a model gives for `size` sequences."""
    if chosen.answers == "last":
        return size, chosen.output_size
    return (chosen.output_steps if chosen.answers == "sequence" else chosen.steps), size, chosen.output_size


def check_batch(chosen: Task, batch, size: int) -> None:
    if chosen.answers == "sequence":
        check_sequences(chosen, batch, size)
    else:
        check_steps(chosen, batch, size)


def check_sequences(chosen, batch, size: int) -> None:
    """Symbols as numbers, at least one, with nothing but `PAD` behind; every output ends with `END`."""
    assert batch.inputs.shape == (chosen.input_steps, size)
    assert batch.targets.shape == (chosen.output_steps, size)
    assert chosen.steps == chosen.input_steps + chosen.output_steps
    for places, most in ((batch.inputs, chosen.input_size), (batch.targets, chosen.output_size)):
        assert places.dtype == np.int64
        assert places.min() >= PAD and places.max() < most
        assert (places[0] != PAD).all()
        assert ((places[:-1] != PAD) | (places[1:] == PAD)).all()
    ends = batch.targets == END
    assert (ends.sum(axis=0) == 1).all()
    assert (ends.argmax(axis=0) == (batch.targets != PAD).sum(axis=0) - 1).all()


def check_steps(chosen: Task, batch, size: int) -> None:
    assert batch.inputs.shape == (chosen.steps, size, chosen.input_size)
    assert batch.inputs.dtype == np.float32
    answered = outputs_shape(chosen, size)
    if chosen.kind == "classes":
        assert batch.targets.shape == answered[:-1]
        assert batch.targets.dtype == np.int64
        assert batch.targets.min() >= 0
        assert batch.targets.max() < chosen.output_size
    else:
        assert batch.targets.shape == answered
        assert batch.targets.dtype == np.float32
        assert np.isfinite(batch.targets).all()


@every_task
@pytest.mark.parametrize("size", [1, 7])
def test_samples_have_the_promised_shapes(chosen, size):
    check_batch(chosen, chosen.sample(np.random.default_rng(0), size), size)


@every_task
def test_what_a_task_is_called_is_complete(chosen):
    assert TASKS[chosen.name] is type(chosen)
    assert chosen.kind in ("numbers", "classes")
    assert chosen.answers in ("last", "every", "sequence")
    assert chosen.score_unit in ("", "%")
    assert chosen.title
    assert chosen.score_name
    assert chosen.guessing
    for paragraph in (chosen.about, chosen.measured):
        assert paragraph.endswith(".")
        assert "\n" not in paragraph
    assert len(re.findall(r"[.?!](?: |$)", chosen.about)) <= 3
    assert not re.search("seeds|defaults", chosen.about) and re.search("(ten|20) seeds", chosen.measured)
    assert len(chosen.classes) == (chosen.output_size if chosen.kind == "classes" else 0)


@every_task
def test_the_same_generator_gives_the_same_sequences(chosen):
    one, same = (chosen.sample(np.random.default_rng(5), 6) for _ in range(2))
    np.testing.assert_array_equal(one.inputs, same.inputs)
    np.testing.assert_array_equal(one.targets, same.targets)
    if chosen.input_size > 1 or chosen.kind == "numbers":
        other = chosen.sample(np.random.default_rng(6), 6)
        assert not np.array_equal(one.inputs, other.inputs)


@every_task
def test_sampling_leaves_numpys_global_generator_alone(chosen):
    np.random.seed(0)
    before = np.random.get_state()[1].copy()
    chosen.sample(np.random.default_rng(0), 3)
    chosen.probes()
    assert np.array_equal(before, np.random.get_state()[1])


@every_task
def test_held_out_sequences_are_fixed(chosen):
    one, same = chosen.held_out(), dataclasses.replace(chosen).held_out()
    np.testing.assert_array_equal(one.inputs, same.inputs)
    np.testing.assert_array_equal(one.targets, same.targets)
    check_batch(chosen, one, one.inputs.shape[1])
    assert one.inputs.nbytes < 8_000_000


@pytest.mark.parametrize("name", TASKS)
def test_held_out_sequences_are_not_those_of_the_first_batches(name):
    chosen = task(name)
    held_out = {sequence.tobytes() for sequence in np.moveaxis(chosen.held_out().inputs, 1, 0)}
    rng = np.random.default_rng(0)
    for _ in range(5):
        trained = {sequence.tobytes() for sequence in np.moveaxis(chosen.sample(rng, 32).inputs, 1, 0)}
        assert not trained & held_out


@every_task
def test_baseline_is_the_score_of_the_guess(chosen):
    batch = chosen.held_out()
    guess = chosen.guess(batch)
    assert guess.shape == outputs_shape(chosen, batch.inputs.shape[1])
    assert chosen.baseline == chosen.score(guess, batch.targets)


@every_task
def test_nobody_beats_the_best_and_the_best_beats_guessing(chosen):
    if chosen.best is None:
        return
    assert chosen.best > chosen.baseline if chosen.higher_is_better else chosen.best < chosen.baseline


@every_task
def test_right_answers_score_best(chosen):
    targets = chosen.held_out().targets
    right = np.eye(chosen.output_size)[targets] if chosen.kind == "classes" else targets
    assert chosen.score(right, targets) == (100.0 if chosen.kind == "classes" else 0.0)


@every_task
def test_what_is_kept_is_kept_for_that_many_steps(chosen):
    if chosen.kept_for is None:
        assert not chosen.kept
        return
    least, most = chosen.kept_for
    assert chosen.kept and 0 < least <= most < chosen.steps
    if chosen.name == "adding":
        marks = chosen.sample(np.random.default_rng(0), 2000).inputs[:, :, 1]
        back = chosen.steps - 1 - marks.argmax(0)
        assert (back.min(), back.max()) == (least, most)


@every_task
def test_probes_are_fixed_and_readable(chosen):
    probes, same = chosen.probes(), chosen.probes()
    check_batch(chosen, probes.batch, 3)
    np.testing.assert_array_equal(probes.batch.inputs, same.batch.inputs)
    assert probes.tokens.shape == (chosen.steps, 3)
    assert probes.tokens.dtype.kind == "U"
    assert all(token.isprintable() for token in probes.tokens.reshape(-1))
    assert len(probes.names) == 3
    assert len(set(probes.names)) == 3
    if chosen.steps > 20:
        assert not np.array_equal(probes.batch.inputs[:, 0], probes.batch.inputs[:, 1])
        assert not np.array_equal(probes.batch.inputs[:, 0], probes.batch.inputs[:, 2])


@every_task
@pytest.mark.parametrize("sample", [0, 1, 2])
def test_answers_in_words(chosen, sample):
    times = outputs_shape(chosen, 3)[0] if chosen.answers != "last" else 1
    targets = chosen.probes().batch.targets
    right = 9.0 * np.eye(chosen.output_size)[targets] if chosen.kind == "classes" else targets
    outputs = np.broadcast_to(right, (times, 3, chosen.output_size)).astype(np.float16)
    assert len(chosen.asked(sample)) == (times if chosen.answers == "every" else 1)
    if chosen.kind == "classes":
        assert chosen.answered(outputs, sample) == chosen.asked(sample)
    said = chosen.describe_answer(outputs, sample)
    if chosen.answers == "sequence":
        length = (targets[:, sample] != PAD).sum()
        assert said == f"fed with the right answer, right at {length} of {length} steps"
    elif chosen.answers == "every" and chosen.kind == "classes":
        assert said == f"right at {times} of {times} steps"
    elif chosen.answers == "every":
        assert said == "off by 0.00 on average"
    else:
        assert said.startswith(f"right: {chosen.asked(sample)[0]}, answered: ")


@every_task
def test_an_example_in_plain_text(chosen):
    example = chosen.example()
    lines = example.split("\n")
    assert len(lines) == (2 if chosen.answers == "every" and chosen.kind == "classes" else 1)
    assert all(line.isprintable() and len(line) < 100 for line in lines)


@every_task
def test_a_task_crosses_a_pipe_without_what_it_has_cached(chosen):
    before = len(pickle.dumps(dataclasses.replace(chosen)))
    chosen.sample(np.random.default_rng(0), 2)
    packed = pickle.dumps(chosen)
    assert len(packed) == before
    assert pickle.loads(packed) == chosen
    assert hash(pickle.loads(packed)) == hash(chosen)


def parameters():
    return [pytest.param(name, meaning, id=f"{name}-{meaning.name}")
            for name, kind in TASKS.items() for meaning in fields.describe(kind)]  # fmt: skip


@pytest.mark.parametrize(("name", "meaning"), parameters())
def test_what_a_parameter_does_not_allow_is_refused_by_name(name, meaning):
    wrong = [None, [], b"x", {}]
    if meaning.kind in ("whole", "real"):
        wrong += [meaning.low - 1, meaning.high + 1, "7", float("nan"), float("inf"), True, 10**40]
    if meaning.kind == "whole":
        wrong += [meaning.low + 0.5]
    if meaning.kind == "choice":
        wrong += ["", "HELLO", "python:os", "python:../secret", 3]
    for value in wrong:
        with pytest.raises(ExperimentError) as refused:
            task(name, **{meaning.name: value})
        assert refused.value.field == f"task.{meaning.name}"


@pytest.mark.parametrize(("name", "meaning"), parameters())
def test_the_limits_themselves_are_allowed(name, meaning):
    if meaning.kind not in ("whole", "real"):
        return
    for value in (meaning.low, meaning.high):
        chosen = task(name, **{meaning.name: value})
        check_batch(chosen, chosen.sample(np.random.default_rng(0), 2), 2)
        check_batch(chosen, chosen.probes().batch, 3)
        assert chosen.example()


@pytest.mark.parametrize("name", TASKS)
def test_a_batch_is_drawn_in_one_piece_and_not_sequence_by_sequence(name):
    """So that drawing one takes a fraction of a training step."""
    chosen, rng = task(name), np.random.default_rng(0)
    with Lines() as few:
        chosen.sample(rng, 2)
    with Lines() as many:
        chosen.sample(rng, 2_002)
    assert many.count < few.count + 1_000


def test_unknown_names_are_refused():
    with pytest.raises(ExperimentError, match=r"one of adding, recall, brackets, waves, text, .*; got 'sorting'"):
        task("sorting")
    with pytest.raises(ExperimentError, match=r"task\.lag"):
        task("adding", lag=3)


@every_task
@pytest.mark.parametrize("sample", [0, 1, 2])
def test_a_probe_typed_again_is_that_probe(chosen, sample):
    inputs = chosen.probes().batch.inputs[:, sample]
    if chosen.answers == "sequence":
        np.testing.assert_array_equal(chosen.read(chosen.spell(inputs)), inputs[inputs != PAD])
        return
    typed, tokens = chosen.encode(chosen.written(inputs))
    assert typed.shape == (chosen.steps, 1, chosen.input_size) and typed.dtype == np.float32
    assert len(tokens) == chosen.steps and all(token.isprintable() and token for token in tokens)
    if chosen.name == "waves":
        np.testing.assert_allclose(typed[:, 0], inputs, atol=5.1e-4)
    else:
        np.testing.assert_array_equal(typed[:, 0], inputs)


@every_task
@pytest.mark.parametrize("sample", [0, 1, 2])
def test_a_probe_is_solved_like_any_other_sequence(chosen, sample):
    probes = chosen.probes()
    asked, solved = chosen.asked(sample), chosen.solved(probes.batch.inputs[:, sample])
    beyond = chosen.name in ("text", "waves")  # the last answer comes after the sequence
    assert len(solved) == len(asked)
    assert solved == ((*asked[:-1], "") if beyond else asked)


@pytest.mark.parametrize(
    ("name", "text", "answers"),
    [
        ("adding", "0.1*, 0.5, 0.7*", ("0.80",)),
        ("adding", "0.1*, 0.5, 0.7", ()),
        ("adding", "0.1*, 0.5*, 0.7*", ()),
        ("recall", "Cabab", ("C",)),
        ("recall", "abab", ()),
        ("recall", "CabA", ()),
        ("brackets", "(a(b)", ("1", "1", "2", "2", "1")),
        ("brackets", "())", ()),
        ("brackets", "(((((((", ()),
        ("waves", "0.5, 0.25", ("0.25", "")),
        ("text", "ab", ("b", "")),
    ],
)
def test_what_is_typed_has_a_right_answer_where_the_task_asks_one(name, text, answers):
    chosen = task(name)
    assert chosen.solved(chosen.encode(text)[0][:, 0]) == answers


@pytest.mark.parametrize("name", STEPWISE)
def test_a_sequence_of_ones_own_may_be_of_any_length_up_to_the_limit(name):
    chosen = task(name)
    once = chosen.written(chosen.probes().batch.inputs[:1, 0])
    for length in (1, limits.LONGEST_SEQUENCE):
        typed, tokens = chosen.encode((" " if chosen.kind == "numbers" else "").join([once] * length))
        assert typed.shape == (length, 1, chosen.input_size) and len(tokens) == length
    with pytest.raises(ExperimentError, match=f"input must be 1 to {limits.LONGEST_SEQUENCE} .*; got 401"):
        chosen.encode((" " if chosen.kind == "numbers" else "").join([once] * (limits.LONGEST_SEQUENCE + 1)))
    with pytest.raises(ExperimentError, match="got none"):
        chosen.encode("")


@pytest.mark.parametrize("name", SEQUENCES)
def test_an_input_of_ones_own_may_be_of_any_length_up_to_twice_the_longest(name):
    chosen = task(name)
    once = chosen.symbols[-1]
    for length in (1, chosen.longest_read):
        assert chosen.read(chosen.between.join([once] * length)).shape == (length,)
    with pytest.raises(ExperimentError, match=f"input must be 1 to {chosen.longest_read} .*; got {length + 1}"):
        chosen.read(chosen.between.join([once] * (length + 1)))
    for nothing in ("", "  "):
        with pytest.raises(ExperimentError, match="got none"):
            chosen.read(nothing)


@pytest.mark.parametrize("name", SEQUENCES)
def test_every_batch_is_answered_as_it_asks(name):
    """What is right for an input of a batch is what the batch asks for, and reads back."""
    chosen = task(name)
    for batch in (chosen.sample(np.random.default_rng(1), 200), chosen.held_out(), chosen.length_test()):
        for inputs, targets in zip(batch.inputs.T, batch.targets.T, strict=True):
            assert chosen.right(inputs) == chosen.write(targets)
            np.testing.assert_array_equal(chosen.read(chosen.spell(inputs)), inputs[inputs != PAD])


@pytest.mark.parametrize("name", SEQUENCES)
def test_no_held_out_input_is_ever_trained_on(name):
    chosen = task(name)
    apart = {chosen.spell(one) for batch in (chosen.held_out(), chosen.length_test()) for one in batch.inputs.T}
    apart |= {chosen.spell(chosen.read(read)) for _, read, _ in chosen.examples()[-1:]}
    trained = chosen.sample(np.random.default_rng(2), 20_000).inputs
    assert not apart & {chosen.spell(one) for one in trained.T}


@pytest.mark.parametrize(("name", "text", "said"), [
    ("adding", "0.3 x", "numbers from −10 to 10, with . behind those that are marked; got 'x'"),
    ("adding", "0.3 nan", "got 'nan'"),
    ("adding", "11*", r"got '11\*'"),
    ("adding", "0.1**", r"got '0.1\*\*'"),
    ("adding", "*", r"got '\*'"),
    ("adding", "0.3 1_0", "got '1_0'"),
    ("waves", "٣", "got '٣'"),
    ("waves", "0.3; 0.4", "got '0.3;'"),
    ("waves", "0.3*", r"got '0.3\*'"),
    ("waves", "1e99", "got '1e99'"),
    ("recall", "Aéb", "capital letters A to H and small letters a to h; got 'é'"),
    ("brackets", "(x)", r"the symbols \( \) a b c; got 'x'"),
    ("text", "ä", "characters of the text that is learned; got 'ä'"),
    ("dates", "14. я@", "letters, digits and signs of the dates that are read; got '@'"),
    ("reverse", "abz", "the letters a to j; got 'z'"),
    ("sort", "ab1", "the letters a to j; got '1'"),
    ("phrases", "ich mag brot", "made of words of the sentences, such as .*; got 'mag', 'brot'"),
    ("pairs", "forty!", "characters of the first column; got '!'"),
])  # fmt: skip
def test_what_a_task_cannot_read_is_named(name, text, said):
    chosen = task(name)
    with pytest.raises(ExperimentError, match=said) as refused:
        chosen.read(text) if chosen.answers == "sequence" else chosen.encode(text)
    assert refused.value.field == "input"


def test_spaces_part_what_is_typed_and_marks_may_stand_apart():
    assert task("adding").encode("0.3, 0.8 *  −1")[1] == ("0.3", "0.8*", "-1")
    assert task("recall").encode(" A b, c ")[1] == ("A", "b", "c")
    assert task("text").encode("a ↵")[1] == ("a", "␣", "↵")


def test_in_a_text_with_too_many_characters_what_is_rare_is_one_symbol():
    many = "".join(chr(code) for code in range(0x4E00, 0x4E00 + 2 * limits.LARGEST_VOCABULARY))
    chosen = task("text", corpus="own", text=many + many[:20])
    assert chosen.encode("x" + many[0])[1] == ("□", many[0])
