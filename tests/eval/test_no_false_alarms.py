"""Sport, culture, recipes, weather and markets fight battles of their own: none of them is news of an event."""

import json
from datetime import UTC, datetime
from pathlib import Path

from process.tagger import Tagger

TRICKY = Path(__file__).parent / "tricky"
ALLOWED = 5
"""One false event in ten articles."""


def test_figures_of_speech_are_no_events(tagger: Tagger) -> None:
    told, articles = [], 0
    for file in sorted(TRICKY.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            one = json.loads(line)
            articles += 1
            published = datetime.fromisoformat(one["published"]).replace(tzinfo=UTC)
            tagged = tagger.tag_text(one["id"], one["title"], one["text"], published, one["lang"])
            told += [f"{one['id']}: {event.type} ({event.rule}): {event.sentence}" for event in tagged.events]
    assert articles == 56
    assert len(told) <= ALLOWED, "\n".join(told)
