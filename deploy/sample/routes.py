"""The sample edition's feeds and article pages, served beside the web pages as a real site would serve them."""

from collections import Counter

from fastapi import APIRouter, HTTPException, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader

from deploy.sample.edition import load_edition
from deploy.sample.feeds import feed_xml

_TEMPLATES = Environment(loader=PackageLoader("deploy.sample", ""), autoescape=True)


def sample_routes(base_url: str) -> APIRouter:
    """Routes under /sample. Corrections appear when a feed is read for the second time."""
    edition = load_edition()
    sources = {source.path: source for source in edition.source}
    articles = {(article.source, article.slug): article for article in edition.article}
    readings: Counter[str] = Counter()
    router = APIRouter(prefix="/sample")

    @router.get("/{path}.xml")
    def feed(path: str) -> Response:
        if path not in sources:
            raise HTTPException(404)
        source = sources[path]
        listed = edition.articles_of(source)
        if readings[path]:
            listed = [
                one.model_copy(update={"summary": f"CORRECTION: {one.summary}"}) if one.correction else one
                for one in listed
            ]
        readings[path] += 1
        return Response(feed_xml(source, listed, base_url), media_type="application/xml")

    @router.get("/{path}/{slug}")
    def page(path: str, slug: str) -> HTMLResponse:
        article = articles.get((path, slug))
        if article is None:
            raise HTTPException(404)
        text = article.correction if article.correction and readings[path] > 1 else article.text
        paragraphs = text.strip().split("\n\n")
        return HTMLResponse(
            _TEMPLATES.get_template("page.html").render(article=article, source=sources[path], paragraphs=paragraphs)
        )

    return router
