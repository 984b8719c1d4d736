"""The benchmark runs to its end and prints a ratio for every claim."""

import pytest

from rnnviz.nn.bench.suite import main


def test_bench_prints_every_ratio(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--steps", "21", "--repeats", "2", "--runs", "1"]) == 0
    printed = capsys.readouterr().out
    assert printed.count("| rnn |") == printed.count("| gru |") == 2 and printed.count("| lstm |") == 3
    assert "bare products" in printed
    assert printed.count("| adding |") == printed.count("| waves |") == 1
    assert "gru, reset before" in printed and printed.count("| LSTM |") == printed.count("| GRU |") == 1
