"""Marks in a text come out as brackets that close, and not a character is lost."""

from hypothesis import given
from hypothesis import strategies as st

from index.web.marking import Close, Mark, Open, Token, marked_paragraphs

TEXTS = st.text(st.one_of(st.sampled_from("ab \n\n\n.é🚢\u202e\u0301<&"), st.characters()), max_size=80)


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[str, list[Mark]]:
    """A text of any characters, and marks that nest, touch, cross, repeat or lie outside it."""
    text = draw(TEXTS)
    at = st.integers(-3, len(text) + 3)
    spans = draw(st.lists(st.tuples(st.sampled_from(["event", "entity"]), at, at), max_size=8))
    return text, [
        Mark("event" if kind == "event" else "entity", n, start, end) for n, (kind, start, end) in enumerate(spans)
    ]


def _plain(tokens: list[Token]) -> str:
    return "".join(token for token in tokens if isinstance(token, str))


@given(marked_texts())
def test_every_paragraph_keeps_its_text_and_closes_what_it_opens(given: tuple[str, list[Mark]]) -> None:
    text, marks = given
    rest = text
    for tokens in marked_paragraphs(text, marks):
        stack: list[Mark] = []
        for token in tokens:
            if isinstance(token, Open):
                stack.append(token.mark)
            elif isinstance(token, Close):
                assert stack.pop() == token.mark
        assert not stack
        before, found, rest = rest.partition(_plain(tokens))
        assert found
        assert not before.strip()
    assert not rest.strip()


@given(marked_texts())
def test_each_mark_covers_exactly_its_characters(given: tuple[str, list[Mark]]) -> None:
    text, marks = given
    covered: dict[Mark, list[str]] = {}
    open_now: list[Mark] = []
    for tokens in marked_paragraphs(text, marks):
        for token in tokens:
            if isinstance(token, Open):
                open_now.append(token.mark)
            elif isinstance(token, Close):
                open_now.remove(token.mark)
            else:
                for mark in open_now:
                    covered.setdefault(mark, []).append(token)
    for mark in marks:
        inside = text[mark.start : mark.end] if 0 <= mark.start < mark.end <= len(text) else ""
        assert "".join("".join(covered.get(mark, [])).split()) == "".join(inside.split())


@given(marked_texts())
def test_each_mark_begins_once_however_often_it_is_cut(given: tuple[str, list[Mark]]) -> None:
    text, marks = given
    tokens = [token for paragraph in marked_paragraphs(text, marks) for token in paragraph]
    begun = [token.mark for token in tokens if isinstance(token, Open) and token.first]
    assert len(begun) == len(set(begun))
    assert set(begun) >= {m for m in marks if 0 <= m.start < m.end <= len(text) and text[m.start : m.end].strip()}


def test_a_name_stands_inside_the_sentence_that_has_it() -> None:
    sentence, name = Mark("event", 0, 0, 11), Mark("entity", 0, 0, 4)
    assert marked_paragraphs("Oslo waits.", [name, sentence]) == [
        [Open(sentence, True), Open(name, True), "Oslo", Close(name), " waits.", Close(sentence)]
    ]


def test_two_marks_that_cross_are_cut_so_that_they_nest() -> None:
    first, second = Mark("event", 0, 0, 6), Mark("event", 1, 3, 9)
    assert marked_paragraphs("abcdefghi", [first, second]) == [
        [
            Open(first, True),
            "abc",
            Open(second, True),
            "def",
            Close(second),
            Close(first),
            Open(second, False),
            "ghi",
            Close(second),
        ]
    ]


def test_a_long_text_is_shown_to_the_limit_only() -> None:
    assert marked_paragraphs("one\n\ntwo\n\nthree", [], limit=7) == [["one"], ["tw"]]


def test_a_mark_beyond_the_limit_is_left_out() -> None:
    assert marked_paragraphs("one\n\ntwo", [Mark("entity", 0, 5, 8)], limit=4) == [["one"]]
