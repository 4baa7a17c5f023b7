"""A feed to watch, as settings or the command line give it."""

from pydantic import BaseModel, ConfigDict, Field, field_validator

from ingest.duration import Duration


class Feed(BaseModel):
    """One RSS, RDF or Atom feed. Without `interval`, the default of the settings holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str
    title: str | None = None
    language: str | None = Field(default=None, pattern=r"^[a-z]{2,3}$", description="ISO 639 code of its articles")
    interval: Duration | None = None
    tags: tuple[str, ...] = ()
    enabled: bool = True

    @field_validator("url")
    @classmethod
    def _is_http(cls, url: str) -> str:
        if not url.startswith(("http://", "https://")):
            raise ValueError(f"{url!r} is not a feed address; it must begin with http:// or https://")
        return url
