"""Precision, recall and F1, against counts made by hand."""

import numpy as np

from rnnviz.analysis.by_class import report


def test_a_report_of_three_classes() -> None:
    found = report(np.array([[5, 1, 0], [2, 6, 2], [0, 0, 4]]))
    np.testing.assert_allclose(found.precision, [5 / 7, 6 / 7, 4 / 6])
    np.testing.assert_allclose(found.recall, [5 / 6, 6 / 10, 1])
    np.testing.assert_allclose(found.f1, [10 / 13, 12 / 17, 8 / 10])
    assert found.count.tolist() == [6, 10, 4] and found.accuracy == 15 / 20
    np.testing.assert_allclose(found.macro, [found.precision.mean(), found.recall.mean(), found.f1.mean()])


def test_a_class_that_never_comes_counts_for_no_mean_and_one_never_answered_counts_as_0() -> None:
    found = report(np.array([[3, 0, 0], [2, 0, 0], [0, 0, 0]]))
    assert found.precision.tolist() == [0.6, 0, 0] and found.recall.tolist() == [1, 0, 0]
    assert found.seen.tolist() == [True, True, False]
    np.testing.assert_allclose(found.macro, [0.3, 0.5, 0.375])


def test_nothing_at_all_is_no_trouble() -> None:
    assert report(np.zeros((2, 2), int)).macro == (0.0, 0.0, 0.0)
