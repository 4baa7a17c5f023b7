"""Checks the language data, `python -m process.validate`: gazetteer, event types, lexicons and genres."""

import sys
from collections.abc import Iterator

from process import gazetteer
from process.genre import GenreError, Genres
from process.lexicon import LexiconError, languages, load_event_types, load_lexicon


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


def main() -> int:
    """Prints what is wrong to standard error, one line each. 0 if nothing is, else 1."""
    found = list(problems())
    for problem in found:
        sys.stderr.write(problem + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
