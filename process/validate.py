"""Checks the language data, `python -m process.validate`: gazetteer, event types, lexicons, genres and what the reader
learns from.
"""

import sys
from collections import deque
from collections.abc import Iterator

from process import gazetteer
from process.genre import GenreError, Genres
from process.lexicon import LexiconError, languages, load_event_types, load_lexicon
from process.reader import Reader
from process.training_sentences import TrainingError, sentences
from process.training_texts import texts


def problems() -> Iterator[str]:
    """Everything that is wrong, as "file:line: what is wrong"; of a lexicon the first fault."""
    yield from gazetteer.problems()
    types = load_event_types()
    for language in languages():
        try:
            lexicon = load_lexicon(language, types)
            Genres.load(language)
        except (GenreError, LexiconError) as error:
            yield str(error)
            continue
        if lexicon.language != language:
            yield f"{language}.toml:1: language is {lexicon.language!r}, which does not fit the file's name"
        for event in sorted(types.keys() - lexicon.events):
            yield f"{language}.toml:1: no triggers for {event!r} in [events]"
    try:
        deque(sentences(), maxlen=0)
        deque(texts(), maxlen=0)
    except TrainingError as error:
        yield str(error)
    if missing := sorted(types.keys() - set(Reader.load().types)):
        yield f"event_types.toml:1: the reader does not know {', '.join(missing)}: make models"


def main() -> int:
    """Prints what is wrong to standard error, one line each. 0 if nothing is, else 1."""
    found = list(problems())
    for problem in found:
        sys.stderr.write(problem + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
