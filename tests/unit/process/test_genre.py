"""Whether an article is world news, or of a world where strikes and invasions are figures of speech."""

import pytest

from process.genre import GenreError, Genres
from process.tokens import Spellings, Stops, Tokens, read

MATCH = (
    "The goalkeeper saved a penalty before half-time and the striker hit the crossbar. "
    "Arsenal attacked to the final whistle, the coach said, and the title is within reach."
)


def part(text: str) -> Tokens:
    return read("text", text, Stops(), Spellings())


def test_the_words_of_a_match_make_it_sport() -> None:
    assert Genres.load("en").counted([part(MATCH)]).genre == "sport"


def test_the_dead_of_a_stadium_are_news() -> None:
    text = (
        "Twelve fans were killed and dozens injured when a bomb went off at the stadium before the match, police said. "
        "The goalkeeper of the home side was among the wounded. The minister of the interior visited the victims."
    )
    assert Genres.load("en").counted([part(text)]).genre is None


def test_a_page_of_short_news_loses_only_its_football() -> None:
    text = (
        "Troops crossed the border at dawn, and the government in Kyiv said that dozens of soldiers were killed.\n"
        f"{MATCH}\nThe president flew to Moscow for talks with the ministers of two foreign governments on sanctions."
    )
    tokens = part(text)
    genres = Genres.load("en")
    assert genres.counted([tokens]).genre is None
    assert [tokens.span(*aside) for aside in genres.asides(tokens)] == [MATCH]


def test_an_opening_with_the_words_of_news_is_told_from_one_of_the_stage() -> None:
    genres = Genres.load("en")
    report = (
        "Police arrested the film director on Monday. His movie opens the festival, and the actors are in the cinema."
    )
    review = (
        "The film opens in a cinema. Its director plays a poet. In the last act the police come and he is arrested."
    )
    assert genres.counted([part(report)]).opens_with_news
    assert not genres.counted([part(review)]).opens_with_news


def test_a_long_text_of_no_one_genre_has_more_words_of_all_than_of_news_and_lands() -> None:
    genres = Genres.read(
        '[food]\nstrong = "cake"\nweak = "tea"\n[life]\nstrong = "sofa"\nweak = "cat"\n'
        '[news]\nstrong = "bomb"\nweak = "army"',
        "xx.toml",
    )
    column = part("The cat on the sofa had cake and tea, and called the army. " + "So it went on and on. " * 20)
    assert genres.counted([column]).genre is None
    assert genres.counted([column]).is_figurative(lands=4)
    assert not genres.counted([column]).is_figurative(lands=5)
    assert not genres.counted([part("The cat on the sofa had cake and tea.")]).is_figurative(lands=0)


def test_what_an_eyewitness_says_of_his_family_is_no_page_of_its_own() -> None:
    text = (
        "Troops crossed the border at dawn, the government said.\n"
        '"My son and my daughter slept on the sofa with our dog and our cat," said his wife. "I am tired."\n'
        "The president flew to Moscow for talks."
    )
    assert Genres.load("en").asides(part(text)) == []


@pytest.mark.parametrize("joined", ["Wall Street", "wall-street"])
def test_two_words_are_found_however_they_are_joined(joined: str) -> None:
    genres = Genres.read('[markets]\nstrong = "wall-street nasdaq"\nweak = "shares"', "xx.toml")
    assert genres.counted([part(f"{joined} and the Nasdaq fell: shares lost.")]).genre == "markets"
    assert genres.counted([part("The wall of the street fell: shares lost.")]).genre is None


def test_a_language_without_genre_words_has_only_news() -> None:
    assert Genres.load("fi").counted([part(MATCH)]).genre is None


def test_a_malformed_section_is_named_with_its_line() -> None:
    with pytest.raises(GenreError, match=r"^en\.toml:2: \[sports\]"):
        Genres.read('language = "en"\n[sports]\nstrong = "goal"\nweak = ""\n', "en.toml")


ORCA = "An orca swam into the fjord with two calves. Biologists saw the whales hunt salmon near the seal colony."


def test_a_short_text_of_nature_names_more_of_it_than_of_news() -> None:
    genres = Genres.load("en")
    assert genres.counted([part(ORCA)]).genre == "nature"
    assert (
        genres.counted([part(f"{ORCA} Police evacuated two soldiers, and the minister spoke of sabotage.")]).genre
        is None
    )


def test_where_no_word_is_of_news_fewer_of_a_genre_will_do() -> None:
    genres = Genres.read(
        'language = "xx"\n[sport]\nstrong = "goalkeeper penalty"\nweak = ""\n[news]\nstrong = ""\nweak = "army"\n', "xx"
    )
    filler = " the day was long and we all went home" * 8
    text = f"The goalkeeper saved a penalty{filler}"
    assert genres.counted([part(text)]).genre == "sport"
    assert genres.counted([part(f"{text} of an army")]).genre is None
