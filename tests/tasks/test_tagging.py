"""Tags: what decides comes later, and either reading of a name is equally likely."""

from collections import Counter

import numpy as np

from rnnviz.tasks import task
from rnnviz.tasks.batch import PAD
from rnnviz.tasks.tagging import grammar
from rnnviz.tasks.tagging.task import is_held_out

TASK = task("tagging")


def test_deciding_words_are_names_of_two_kinds_before_anything_is_told():
    batch = TASK.probes().batch
    marked = TASK.marked(batch)
    words = [TASK.sentences.words[place] for place in batch.inputs[marked]]
    assert words == ["apple", "apple", "jordan"] and marked.sum(axis=0).tolist() == [1, 1, 1]
    inputs, _ = TASK.encode("we work for apple")
    row = TASK.sentences.known["we work for apple"]
    batch = TASK._asking(np.array([row]))
    assert not TASK.marked(batch).any() and inputs[:4, 0].tolist() == batch.inputs[:4, 0].tolist()


def test_whoever_has_read_only_what_comes_before_is_right_half_of_the_time():
    """On the held-out sentences, with the best answer to everything up to and with the name."""
    held_out = TASK.held_out()
    marked, before = TASK.marked(held_out), {}
    for sample in range(held_out.size):
        for at in np.flatnonzero(marked[:, sample]):
            read = held_out.inputs[at, sample]
            before.setdefault(int(read), Counter())[int(held_out.targets[at, sample])] += 1
    assert marked.sum() > 100
    for counts in before.values():
        assert len(counts) == 2 and len(set(counts.values())) == 1


def test_held_out_sentences_are_never_trained_on():
    shown = TASK.sentences.at(np.array([row for _, row in TASK.examples()]))
    texts = {TASK.written(one) for one in (*TASK.held_out().inputs.T, *shown)}
    assert all(map(is_held_out, texts))
    assert not texts & {TASK.written(one) for one in TASK.sentences.inputs[TASK.sentences.trained]}


def test_every_sentence_is_tagged_to_its_end_and_no_further():
    sentences = TASK.sentences
    assert ((sentences.inputs == PAD) == (sentences.targets == PAD)).all()
    assert set(grammar.AMBIGUOUS) <= set(sentences.words)
    assert set(np.unique(sentences.targets)) == {PAD, *range(len(grammar.TAGS))}


def test_a_sentence_of_ones_own_has_a_right_answer_where_it_is_known():
    inputs, _ = TASK.encode("Apple, it keeps me healthy.")
    assert TASK.solved(inputs[:, 0]) == ("FRUIT", "OTHER", "OTHER", "VERB", "OTHER", "OTHER")
    assert TASK.solved(TASK.encode("apple , it is purple")[0][:, 0]) == ()
