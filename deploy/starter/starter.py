"""The starter set: well-known public news feeds in four languages."""

import tomllib
from importlib import resources

from ingest.feed import Feed


def starter_feeds() -> tuple[Feed, ...]:
    """The feeds of `feeds.toml`."""
    text = resources.files(__package__).joinpath("feeds.toml").read_text("utf-8")
    return tuple(Feed.model_validate(feed) for feed in tomllib.loads(text)["feed"])
