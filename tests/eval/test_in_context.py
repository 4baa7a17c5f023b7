"""The labelled paragraphs can be read, and there are some of every language."""

import pytest

from tests.eval.in_context import FOLDERS, paragraphs
from tests.eval.run import LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("folder", "least"), [("context", 60), ("articles", 24), ("items", 35)])
def test_every_paragraph_is_well_formed(language: str, folder: str, least: int) -> None:
    found = list(paragraphs(language, FOLDERS[folder]))
    assert len(found) >= least
    assert any(not events for one in found for _, events in one.sentences)
