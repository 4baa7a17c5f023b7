"""The labelled paragraphs can be read, and there are some of every language."""

import pytest

from tests.eval.in_context import paragraphs
from tests.eval.run import LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_paragraph_is_well_formed(language: str) -> None:
    found = list(paragraphs(language))
    assert len(found) >= 60
    assert any(not events for one in found for _, events in one.sentences)
