"""Articles from anywhere on disk: folders of Markdown, folders of saved HTML pages, a sitemap beside the saved pages.

Nothing is fetched. What gives no article is named, with the reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

from crm_core.errors import InvalidInput
from crm_core.knowledge import pages
from crm_core.knowledge.editing import LONGEST_BODY, LONGEST_SLUG, LONGEST_TITLE, slug_for
from crm_core.knowledge.reading import parted, read_article
from crm_core.language import LANGUAGES, detect_language
from crm_core.records.knowledge import Article, Gathered, Skipped

_HTML = (".html", ".htm")
_CATEGORY = "store"  # of what does not say
_LARGEST = 5_000_000  # bytes of a page
_SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def gather(sources: Sequence[Path]) -> Gathered:
    """Read every article of some folders and sitemaps.

    Raises:
        InvalidInput: A source is neither a folder nor a sitemap that can be read.
    """
    found: list[Article] = []
    skipped: list[Skipped] = []
    for source in sources:
        part = _folder(source) if source.is_dir() else _sitemap(source)
        found += part.articles
        skipped += part.skipped
    kept: dict[tuple[str, str], Article] = {}
    for article in found:
        key = (article.slug, article.language)
        if key in kept:
            skipped.append(Skipped(f"{article.language}/{article.slug}", "twice"))
        else:
            kept[key] = article
    return Gathered(tuple(kept.values()), tuple(skipped))


def _folder(folder: Path) -> Gathered:
    found: list[Article] = []
    skipped: list[Skipped] = []
    for path in sorted(folder.rglob("*.md")):
        try:
            found.append(_markdown(path, folder))
        except InvalidInput as error:
            skipped.append(Skipped(str(path.relative_to(folder)), "unreadable", error.why))
    saved = [(path, path.relative_to(folder).with_suffix("")) for path in sorted(folder.rglob("*"))]
    chosen = [(path, str(name)) for path, name in saved if path.suffix.lower() in _HTML]
    part = _pages(chosen, folder)
    kept, empty = _worth_keeping(found)
    return Gathered((*kept, *part.articles), (*skipped, *empty, *part.skipped))


def _markdown(path: Path, folder: Path) -> Article:
    """Read a Markdown file with or without a head; its language is that of its folder, its name's end or its words."""
    head, body = parted(path)
    stem, _, ending = path.stem.rpartition(".")
    named = next((part for part in (ending, *path.relative_to(folder).parts[:-1]) if part in LANGUAGES), None)
    language = str(head.get("language") or named or detect_language(body, LANGUAGES[0]))
    if language not in LANGUAGES:
        raise InvalidInput("article", str(path), f"is in {language!r}; known are {', '.join(LANGUAGES)}")
    slug = str(head.get("slug") or (stem if ending in LANGUAGES and stem else path.stem))
    if head:
        article = read_article(path, language)
    else:
        first, _, rest = body.partition("\n")
        if not first.startswith("# "):
            raise InvalidInput("article", str(path), "has neither a head nor a title (a first line with #)")
        article = Article(slug, language, first.removeprefix("# ").strip(), rest.strip(), _CATEGORY)
    return replace(article, slug=slug_for(slug, ())[:LONGEST_SLUG] if slug.isascii() else slug[:LONGEST_SLUG])


def _sitemap(path: Path) -> Gathered:
    """Read the saved pages that a sitemap names: `/help/returns` is `help/returns.html` or the like beside it."""
    if not path.is_file() or path.suffix.lower() != ".xml":
        raise InvalidInput("source", str(path), "is neither a folder nor a sitemap.xml")
    content = path.read_bytes()
    if b"<!DOCTYPE" in content:
        raise InvalidInput("source", str(path), "has a DOCTYPE: no sitemap needs one, and it could hide a trap")
    try:
        root = ElementTree.fromstring(content)  # noqa: S314  # without a DOCTYPE there are no entities to blow up
    except ElementTree.ParseError as error:
        raise InvalidInput("source", str(path), f"is not XML: {error}") from error
    chosen: list[tuple[Path, str]] = []
    skipped: list[Skipped] = []
    for url in root.iter(f"{_SITEMAP}loc"):
        address = (url.text or "").strip()
        name = unquote(urlsplit(address).path).strip("/")
        saved = _saved(path.parent, name)
        if saved is None:
            skipped.append(Skipped(address, "not_saved"))
        else:
            chosen.append((saved, str(Path(name).with_suffix("")) if name else "index"))
    if not chosen and not skipped:
        raise InvalidInput("source", str(path), "names no page (no <loc> of a sitemap)")
    part = _pages(chosen, path.parent)
    return Gathered(part.articles, (*skipped, *part.skipped))


def _saved(folder: Path, name: str) -> Path | None:
    tries = [name, f"{name}.html", f"{name}.htm", f"{name}/index.html"] if name else ["index.html"]
    inside = (folder / each for each in tries)
    return next((each for each in inside if each.is_file() and each.resolve().is_relative_to(folder.resolve())), None)


def _pages(chosen: Sequence[tuple[Path, str]], folder: Path) -> Gathered:
    """Make articles of saved pages; pages of one language are compared, to tell what belongs to the site."""
    skipped: list[Skipped] = []
    by_language: dict[str, dict[Path, pages.Page]] = defaultdict(dict)
    for path, _ in chosen:
        name = str(path.relative_to(folder))
        if path.stat().st_size > _LARGEST:
            skipped.append(Skipped(name, "too_large"))
            continue
        try:
            page = pages.read_page(path)
        except UnicodeDecodeError:
            skipped.append(Skipped(name, "unreadable", "is not UTF-8 text"))
            continue
        said = " ".join(block.text for block in page.blocks)
        by_language[detect_language(said, page.language if page.language in LANGUAGES else LANGUAGES[0])][path] = page
    names = dict(chosen)
    found = [
        Article(_slug(names[path]), language, title, body, _CATEGORY)
        for language, of_language in by_language.items()
        for path, (title, body) in pages.texts(of_language).items()
    ]
    kept, empty = _worth_keeping(found)
    return Gathered(tuple(kept), (*skipped, *empty))


def _slug(name: str) -> str:
    """Make a slug of a page's address; the language in it does not count, so that translations meet."""
    parts = [part for part in Path(name).parts if part.lower()[:2] not in LANGUAGES or len(part) not in (2, 5)]
    return slug_for("-".join(parts), ())


def _worth_keeping(found: Sequence[Article]) -> tuple[list[Article], list[Skipped]]:
    kept: list[Article] = []
    skipped: list[Skipped] = []
    for article in found:
        why = next(_problems(article), None)
        if why is None:
            kept.append(article)
        else:
            skipped.append(Skipped(f"{article.language}/{article.slug}", why))
    return kept, skipped


def _problems(article: Article) -> Iterator[str]:
    if not article.title:
        yield "no_title"
    if len(article.title) > LONGEST_TITLE:
        yield "long_title"
    if not article.body:
        yield "empty"
    if len(article.body) > LONGEST_BODY:
        yield "long_body"
