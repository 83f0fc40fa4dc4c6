"""Tests of a team, that know nothing of a gate."""

from __future__ import annotations

import helpdesk
import openai
import pytest


def test_an_answer_has_words() -> None:
    assert helpdesk.answer("When do you open?").strip()


def test_an_answer_is_typed_in_pieces() -> None:
    assert len(list(helpdesk.typed("When do you open?"))) > 1


def test_a_complaint_becomes_a_ticket() -> None:
    made = helpdesk.ticket("my parcel is wet")
    assert isinstance(made["urgent"], bool)


def test_vectors_have_one_width() -> None:
    assert len({len(vector) for vector in helpdesk.vectors(["wet parcel", "late parcel"])}) == 1


def test_nonsense_is_refused() -> None:
    with pytest.raises(openai.BadRequestError):
        openai.OpenAI(max_retries=0).post("/chat/completions", cast_to=object, body={"model": helpdesk.CHAT})
