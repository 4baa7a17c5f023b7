"""What the tagger says of the status of an event in a short text."""

from datetime import UTC, datetime

from process.tagger import Tagger

FRIDAY = datetime(2026, 11, 20, tzinfo=UTC)


def statuses(tagger: Tagger, language: str, event: str, text: str, title: str = "") -> set[str]:
    tagged = tagger.tag_text("a", title, text, FRIDAY, language)
    return {one.status for one in tagged.events if one.type == event}
