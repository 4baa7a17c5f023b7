"""The tagger as a stage of the pipeline: Article JSON from the log in, TaggedArticle JSON out."""

from collections.abc import Sequence

import structlog
from pydantic import ValidationError

from ingest.article import Article
from ingest.clock import Clock, utc_now
from ingest.log.port import TAGGED, Message, Record
from process.consumer import Outcome, Refused
from process.tagger import Tagger

log = structlog.get_logger(__name__)


class TaggerStage:
    """The consume loop's handler for the group "tagger"."""

    name = "tagger"
    batch = 100

    def __init__(self, tagger: Tagger, clock: Clock = utc_now) -> None:
        self._tagger, self._clock = tagger, clock

    def handle(self, records: Sequence[Record]) -> Outcome:
        """Tag what is an article of a known format, refuse the rest."""
        produce: list[Message] = []
        refused: list[Refused] = []
        for record in records:
            try:
                article = Article.model_validate_json(record.value)
            except ValidationError as error:
                refused.append(Refused(record, f"not an article: {_first(error)}"))
                continue
            tagged = self._tagger.tag(article, self._clock())
            produce.append(Message(TAGGED, tagged.article.id, tagged.model_dump_json().encode()))
            log.info(
                "article tagged",
                stage=self.name,
                article=article.id,
                language=tagged.language,
                events=len(tagged.events),
            )
        return Outcome(produce, refused)


def _first(error: ValidationError) -> str:
    """The first fault in one line: where and what."""
    fault = error.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(map(str, fault['loc'])) or 'JSON'}: {fault['msg']}"
