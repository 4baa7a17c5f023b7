"""What a user clicks on every page, in a real browser."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from index.web.backend import WebBackend
from tests.browser.conftest import Opener
from tests.browser.newsroom import CROWD, EXERCISE_EN, HOSTILE, LONG, document

ARTICLE = f"/article/{document(EXERCISE_EN).id}"
HOSTILE_ARTICLE = f"/article/{document(HOSTILE).id}"
LONG_ARTICLE = f"/article/{document(LONG).id}"
EVERY_PAGE = (
    "/",
    "/?q=naval&event=naval_exercise&from=2026-11-01",
    "/?q=naval+plce:x",
    "/?q=zebra&language=fr",
    ARTICLE,
    HOSTILE_ARTICLE,
    LONG_ARTICLE,
    "/rules?query=naval&test=1",
    "/alerts",
    "/feeds",
    "/audit",
    "/help",
    "/nowhere",
)


def _titles(page: Page) -> Locator:
    return page.locator(".hits h2")


def test_a_search_finds_marks_and_counts(pages: str, opened: Opener) -> None:
    page = opened(pages)
    page.get_by_role("searchbox", name="Search the articles").fill("manoeuvre navale orientale")
    page.keyboard.press("Enter")
    expect(_titles(page)).to_have_text(["Manœuvres navales sino-russes en mer de Chine orientale"])
    expect(page.locator(".hits h2 mark")).to_have_text(["Manœuvres", "navales", "orientale"])
    expect(page.get_by_role("status")).to_contain_text("1 article in")


def test_a_facet_narrows_the_search_and_its_chip_widens_it_again(pages: str, opened: Opener) -> None:
    page = opened(pages)
    page.locator("#filters").get_by_role("link", name=re.compile("^naval exercise")).click()
    expect(_titles(page)).to_have_count(3)
    page.locator("#filters").get_by_role("link", name=re.compile("^French")).click()
    expect(_titles(page)).to_have_text(["Manœuvres navales sino-russes en mer de Chine orientale"])
    page.get_by_role("link", name="Remove the filter Language: French").click()
    expect(_titles(page)).to_have_count(3)
    page.get_by_role("link", name=re.compile("^naval exercise, .* remove this filter")).click()
    expect(_titles(page)).to_have_count(20)


def test_a_bar_narrows_the_search_to_its_day(pages: str, opened: Opener) -> None:
    page = opened(pages)
    page.get_by_role("link", name="22 Nov 2026: 1 article").click()
    expect(_titles(page)).to_have_text(["Terremoto de magnitud 6,1 sacude la costa de Perú"])
    page.get_by_role("link", name="Remove the filter on days").click()
    expect(_titles(page)).to_have_count(20)


def test_days_can_be_typed(pages: str, opened: Opener) -> None:
    page = opened(pages)
    page.get_by_label("From").fill("2026-11-22")
    page.get_by_label("To", exact=True).fill("2026-11-23")
    page.get_by_role("button", name="Apply").click()
    expect(_titles(page)).to_have_count(2)


def test_the_order_of_results_can_be_chosen(pages: str, opened: Opener) -> None:
    page = opened(f"{pages}/?q=naval+OR+Kiew")
    page.locator(".sorts").get_by_role("link", name="date").click()
    page.wait_for_url(re.compile("sort=date"))
    expect(_titles(page).first).to_have_text(EXERCISE_EN.title)


def test_results_go_on_page_by_page(pages: str, opened: Opener) -> None:
    page = opened(f"{pages}/?q=shipping")
    seen = _titles(page).all_inner_texts()
    for size in (20, 5):
        before = page.url
        page.get_by_role("link", name="More results").click()
        expect(page).not_to_have_url(before)
        expect(_titles(page)).to_have_count(size)
        seen += _titles(page).all_inner_texts()
    assert sorted(seen) == sorted(piece.title for piece in CROWD)
    expect(page.get_by_role("link", name="More results")).to_have_count(0)
    page.get_by_role("link", name="First page").click()
    expect(_titles(page)).to_have_text(seen[:20])


def test_a_mistyped_query_is_kept_and_explained(pages: str, opened: Opener) -> None:
    page = opened(pages)
    box = page.get_by_role("searchbox")
    box.fill("naval plce:Taiwan")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text('did you mean "place"?')
    expect(box).to_have_value("naval plce:Taiwan")


def test_the_help_page_has_examples_that_search(pages: str, opened: Opener) -> None:
    page = opened(pages)
    page.get_by_role("link", name="Query help").click()
    page.get_by_role("link", name="event:naval_exercise").first.click()
    expect(_titles(page)).to_have_count(3)


def test_an_article_opens_and_its_events_lead_into_the_text(pages: str, opened: Opener) -> None:
    page = opened(f"{pages}/?q=title:joint")
    page.get_by_role("link", name=EXERCISE_EN.title).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(EXERCISE_EN.title)
    page.locator(".events blockquote a").nth(1).click()
    sentence = page.locator(".body .evidence:target")
    expect(sentence).to_have_text(EXERCISE_EN.events[1].sentence)
    expect(sentence.locator("mark.PERSON")).to_have_text("Xi Jinping")


def test_hovering_over_a_name_or_an_event_tells_the_rule_that_made_it(pages: str, opened: Opener) -> None:
    page = opened(pages + ARTICLE)
    expect(page.locator(".body mark.VESSEL").first).to_have_attribute("title", "Varyag (ship), a test's list")
    rule = "naval exercise (ongoing), en: a test's trigger"
    expect(page.locator(".body .evidence").first).to_have_attribute("title", rule)
    expect(page.locator(".events h3").first).to_have_attribute("title", rule)


def test_a_name_leads_to_its_place_and_to_a_search(pages: str, opened: Opener) -> None:
    page = opened(pages + ARTICLE)
    page.locator(".names").get_by_role("link", name="Varyag", exact=True).click()
    expect(page.locator("mark:target")).to_have_text("Varyag")
    page.get_by_role("link", name="Search for Varyag").click()
    expect(_titles(page)).to_have_text([EXERCISE_EN.title])


def test_the_same_story_elsewhere_is_one_click_away(pages: str, opened: Opener) -> None:
    page = opened(pages + ARTICLE)
    page.get_by_role("link", name="Joint naval exercise of Russia and China under way").click()
    expect(page.locator(".kicker").first).to_contain_text("Coastal Wire")


def test_a_long_text_shows_all_when_asked(pages: str, opened: Opener) -> None:
    page = opened(pages + LONG_ARTICLE)
    expect(page.locator(".body")).not_to_contain_text("Geneva")
    page.locator(".events blockquote a").click()
    page.wait_for_url(re.compile(r"\?all=1#event-0"))
    expect(page.locator(".evidence:target")).to_be_in_viewport()


def test_a_search_becomes_a_rule_is_tested_added_and_deleted(own_house: tuple[str, WebBackend], opened: Opener) -> None:
    url, backend = own_house
    page = opened(f"{url}/?q=naval&language=en")
    page.get_by_role("link", name="Save as alert").click()
    expect(page.get_by_label("Query")).to_have_value('(naval) AND language:"en"')
    page.get_by_label("Name").fill("Ships – “naval”")
    page.get_by_label("Mail to").fill("desk@example.org")
    page.get_by_role("button", name="Test it").click()
    expect(page.get_by_role("status")).to_have_text(re.compile(r"2\s+articles"))
    expect(page.get_by_label("Name")).to_have_value("Ships – “naval”")
    page.get_by_role("button", name="Add the rule").click()
    expect(page.get_by_role("status")).to_have_text("“Ships – “naval”” is being watched for.")
    assert [rule.query for rule in backend.rules.rules()][-1] == '(naval) AND language:"en"'
    page.reload()
    page.locator("summary", has_text="Delete").click()
    page.get_by_role("button", name=re.compile("for good")).click()
    expect(page.get_by_role("status")).to_contain_text("is deleted")
    assert not [rule for rule in backend.rules.rules() if rule.name.startswith("Ships")]


def test_a_wrong_rule_is_explained_beside_what_was_typed(own_house: tuple[str, WebBackend], opened: Opener) -> None:
    page = opened(own_house[0] + "/rules")
    page.get_by_label("Query").fill("event:naval_exercize")
    page.get_by_role("button", name="Add the rule").click()
    expect(page.get_by_role("alert")).to_contain_text('did you mean "naval_exercise"?')
    page.get_by_label("Query").fill("event:naval_exercise")
    page.get_by_label("Mail to").fill("nobody")
    page.get_by_role("button", name="Add the rule").click()
    expect(page.get_by_role("alert")).to_contain_text("is not a mail address")
    expect(page.get_by_label("Query")).to_have_value("event:naval_exercise")


def test_rules_lead_to_what_they_sent_and_from_there_to_the_articles(pages: str, opened: Opener) -> None:
    page = opened(pages + "/rules")
    page.get_by_role("link", name="What it sent").first.click()
    expect(page.locator(".alerts > li")).to_have_count(1)
    page.get_by_role("link", name="Manœuvres navales").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Manœuvres navales")


def test_the_masthead_leads_everywhere(pages: str, opened: Opener) -> None:
    page = opened(pages)
    for name, heading in (("Rules", "Alert rules"), ("Alerts", "Alerts"), ("Feeds", "Feeds"), ("Audit", "Audit")):
        link = page.get_by_role("navigation", name="Pages").get_by_role("link", name=name)
        link.click()
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        expect(link).to_have_attribute("aria-current", "page")
    page.get_by_role("link", name="Wirewatch").click()
    expect(page.get_by_role("searchbox")).to_be_visible()


def test_a_hostile_article_shows_as_text_and_does_nothing(pages: str, opened: Opener) -> None:
    page = opened(pages + HOSTILE_ARTICLE)
    expect(page.locator(".body")).to_contain_text("<script>document.title='owned'</script>")
    expect(page.get_by_role("heading", level=1)).to_contain_text("<script>alert('title')</script>")
    expect(page.locator("main img, main script")).to_have_count(0)
    assert page.title().startswith("Hostile")
    page.locator(".events a").first.hover()


@pytest.mark.parametrize("path", EVERY_PAGE)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_fits_a_phone_and_can_be_read(pages: str, opened: Opener, path: str, scheme: str) -> None:
    page = opened(pages + path, width=360, scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.evaluate(FAINT_TEXT) == []
    assert page.evaluate(NAMELESS) == []
    expect(page.locator("main h1")).to_have_count(1)


def test_the_dark_scheme_is_dark_and_the_light_one_light(pages: str, opened: Opener) -> None:
    colour = "getComputedStyle(document.body).backgroundColor"
    assert opened(pages, scheme="light").evaluate(colour) == "rgb(251, 249, 243)"
    assert opened(pages, scheme="dark").evaluate(colour) == "rgb(21, 22, 26)"


def test_the_keyboard_alone_reaches_the_search(pages: str, opened: Opener) -> None:
    page = opened(pages)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("searchbox")).to_be_focused()


NAMELESS = """() => [...document.querySelectorAll('input:not([type=hidden]), select, textarea, a, button')]
    .filter(e => !(e.labels && e.labels.length) && !e.textContent.trim() && !e.getAttribute('aria-label'))
    .map(e => e.outerHTML)"""
"""The fields without a label, and the links and buttons without a name."""

FAINT_TEXT = """() => {
  const channel = c => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const light = rgb => 0.2126 * channel(rgb[0]) + 0.7152 * channel(rgb[1]) + 0.0722 * channel(rgb[2]);
  const numbers = text => text.match(/[\\d.]+/g).map(Number);
  const behind = e => {
    for (; e; e = e.parentElement) {
      const rgb = numbers(getComputedStyle(e).backgroundColor);
      if (rgb.length === 3 || rgb[3] > 0) return rgb;
    }
    return [255, 255, 255];
  };
  const faint = new Set();
  for (const e of [...document.querySelectorAll('body *')].slice(0, 3000)) {
    const own = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!own || e.closest('svg, .unseen')) continue;
    const [a, b] = [light(numbers(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) faint.add(e.tagName + ': ' + e.textContent.trim().slice(0, 40));
  }
  return [...faint];
}"""
"""The elements whose text has a contrast below 4.5 : 1 (WCAG 2.2, 1.4.3)."""
