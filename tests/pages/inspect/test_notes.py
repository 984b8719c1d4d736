"""What of a file is left out stands on the inspect page, beside the layers that did open."""

import torch
from streamlit.testing.v1 import AppTest
from torch import nn

from tests.pages.inspect.bringing import GRU, LSTM, box, bring, charts
from tests.pages.visiting import words
from tests.support.checkpoints import torch_file
from tests.support.odd_layers import NormedLSTM, OneBiasLSTM, state_of
from tests.support.refusals import SCRIPT


def test_a_layer_that_is_left_out_is_told_above_the_one_that_opens(app: AppTest) -> None:
    app = bring(app, torch_file(state_of(NormedLSTM(3, 4), "critic.") | state_of(nn.GRU(2, 4), "actor.")))
    assert charts(app) == GRU and not app.exception
    (note,) = app.warning
    assert note.value.replace("\\", "") == (
        "Left out: 'critic' has a normalisation inside (ln_ih, ln_hh and ln_ho), as no plain cell has."
    )
    assert "actor: GRU, 1 layer, 2 inputs, 4 units" in words(app).replace("**", "")


def test_a_layer_that_is_no_plain_one_is_refused_if_it_is_the_only_one(app: AppTest) -> None:
    app = bring(app, torch_file(NormedLSTM(3, 4).state_dict()))
    assert not charts(app) and "it has a normalisation inside" in words(app) and not app.warning


def test_nothing_is_told_of_a_file_that_is_understood_whole(app: AppTest) -> None:
    app = bring(app, torch_file(OneBiasLSTM(3, 4).state_dict()))
    assert charts(app) == LSTM and not app.warning


def test_many_notes_stand_below_and_names_in_them_as_they_are(app: AppTest) -> None:
    broken = {f"m{index}{SCRIPT}.weight_hh_l0": torch.zeros(4, 1) for index in range(5)}
    app = bring(app, torch_file(state_of(nn.GRU(2, 4), "gru.") | broken))
    (note,) = app.warning
    assert note.value.count("\n- ") == 3 and "2 more, below under “The model”." in note.value
    assert "<script>" not in note.value.replace(r"\<script", "")
    assert sum("m4" in caption.value for caption in app.caption) == 1


def test_the_embedding_of_the_layer_s_own_part_is_offered_first(app: AppTest) -> None:
    state = {f"{of}.emb.weight": torch.randn(7, 3) for of in ("encoder", "decoder")}
    state |= state_of(nn.GRU(3, 4), "encoder.rnn.") | state_of(nn.GRU(3, 4), "decoder.rnn.")
    app = bring(app, torch_file(state))
    assert box(app.selectbox, "Each index becomes").value == "encoder.emb"
    box(app.selectbox, "Layer").set_value(1).run()
    assert box(app.selectbox, "Each index becomes").value == "decoder.emb"


def test_a_vocabulary_from_one_reads_text_and_begins_with_its_first_tokens(app: AppTest) -> None:
    state = state_of(nn.GRU(3, 4), "rnn.") | {"emb.weight": torch.randn(4, 3)}
    app = bring(app, torch_file({"state_dict": state, "word_to_ix": {"the": 1, "cat": 2, "sat": 3}}))
    assert box(app.text_input, "Text").value == "the cat sat" and charts(app) == GRU
