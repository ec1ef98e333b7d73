"""Articles are gathered from folders of Markdown, saved pages and sitemaps, and what gives none is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_core.errors import InvalidInput
from crm_core.knowledge.gathering import gather
from crm_core.records.knowledge import Audience

PAGE = """<!doctype html><html lang="{lang}"><head><title>{title} | The Shop</title><style>p{{}}</style></head><body>
<header><a href="/">Home</a></header><nav><ul><li><a href="/a">Menu item</a></li></ul></nav>
<div class="banner"><p>Free gift today only</p></div>
<h1>{title}</h1><p>{text}</p><ul><li>First of {title}</li><li>Second of {title}</li></ul>
<h2>More</h2><p>And {title}.</p>
<p><a href="/x">Read this</a> <a href="/y">and that</a></p><script>var p = "no";</script>
<footer><p>Imprint</p></footer></body></html>"""


def page(path: Path, title: str, text: str, lang: str = "en") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(PAGE.format(lang=lang, title=title, text=text), "utf-8")


def test_a_saved_page_gives_its_main_text_as_markdown(tmp_path: Path) -> None:
    for number in range(4):
        page(tmp_path / f"help-{number}.html", f"Topic {number}", f"You may return thing {number} within 30 days.")
    found = gather([tmp_path])
    assert not found.skipped
    article = found.articles[2]
    assert (article.slug, article.language, article.title) == ("help-2", "en", "Topic 2")
    listed = "- First of Topic 2\n- Second of Topic 2"
    assert article.body == f"You may return thing 2 within 30 days.\n\n{listed}\n\n## More\n\nAnd Topic 2."


def test_main_is_taken_where_a_page_has_one(tmp_path: Path) -> None:
    text = "<html><body><p>Around</p><main><h1>Title</h1><p>Inside.</p></main><p>Below</p></body></html>"
    (tmp_path / "one.html").write_text(text, "utf-8")
    (article,) = gather([tmp_path]).articles
    assert (article.title, article.body) == ("Title", "Inside.")


def test_pages_in_both_languages_meet_under_one_slug(tmp_path: Path) -> None:
    page(tmp_path / "en" / "returns.html", "Returns", "Thirty days.")
    page(tmp_path / "zh" / "returns.html", "退货", "三十天之内都可以退货，运费由我们承担，请保留包装。", "zh")
    assert {(each.slug, each.language) for each in gather([tmp_path]).articles} == {
        ("returns", "en"),
        ("returns", "zh"),
    }


def test_a_sitemap_names_the_pages_and_those_not_saved_are_named(tmp_path: Path) -> None:
    page(tmp_path / "help" / "returns.html", "Returns", "Thirty days.")
    page(tmp_path / "help" / "hours" / "index.html", "Hours", "From nine to five.")
    page(tmp_path / "secret.html", "Not in the map", "Nobody links here.")
    places = ("help/returns", "help/hours/", "help/gone", "../../etc/passwd")
    urls = "".join(f"<url><loc>https://shop.example/{place}</loc></url>" for place in places)
    (tmp_path / "sitemap.xml").write_text(
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>', "utf-8"
    )
    found = gather([tmp_path / "sitemap.xml"])
    assert [each.title for each in found.articles] == ["Returns", "Hours"]
    assert {(each.name.rpartition("/")[2], each.why) for each in found.skipped} == {
        ("gone", "not_saved"),
        ("passwd", "not_saved"),
    }


@pytest.mark.parametrize("text", ["not xml", "<urlset/>", "<!DOCTYPE x [<!ENTITY a 'b'>]><urlset>&a;</urlset>"])
def test_a_sitemap_that_cannot_be_read_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "sitemap.xml").write_text(text, "utf-8")
    with pytest.raises(InvalidInput, match=r"sitemap\.xml"):
        gather([tmp_path / "sitemap.xml"])


def test_markdown_from_any_folder_needs_only_a_title(tmp_path: Path) -> None:
    (tmp_path / "plain.md").write_text("# Gift cards\n\nThey hold five years.\n", "utf-8")
    (tmp_path / "plain.zh.md").write_text("# 礼品卡\n\n五年内有效。\n", "utf-8")
    (tmp_path / "inner.md").write_text(
        "---\ntitle: For us\ncategory: store\naudience: agents\n---\n\nAsk the lead.\n", "utf-8"
    )
    found = {(each.slug, each.language): each for each in gather([tmp_path]).articles}
    assert found["plain", "en"].title == "Gift cards"
    assert found["plain", "zh"].body == "五年内有效。"
    assert found["inner", "en"].audience is Audience.AGENTS


def test_what_gives_no_article_is_named_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("no title\n", "utf-8")
    (tmp_path / "b.md").write_text("---\ntitle: x\ncategory: y\naudience: martians\n---\n\nz\n", "utf-8")
    (tmp_path / "c.md").write_text("# Only a title\n", "utf-8")
    (tmp_path / "d.md").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "e.html").write_text("<html><body><nav>menu</nav></body></html>", "utf-8")
    (tmp_path / "x.md").write_text("# Here\n\nText.\n", "utf-8")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "x.md").write_text("# There\n\nText.\n", "utf-8")
    found = gather([tmp_path])
    assert [each.title for each in found.articles] == ["There"]
    assert [(each.name, each.why) for each in found.skipped] == [
        ("a.md", "unreadable"),
        ("b.md", "unreadable"),
        ("d.md", "unreadable"),
        ("en/c", "empty"),
        ("en/e", "no_title"),
        ("en/x", "twice"),
    ]


def test_a_source_that_is_nothing_of_the_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="neither a folder nor"):
        gather([tmp_path / "nowhere"])
