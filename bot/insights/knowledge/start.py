"""What the article editor begins with: an article, or a new one from what customers asked."""

from __future__ import annotations

from dataclasses import dataclass, field

from crm_core.crm import Crm
from crm_core.knowledge.editing import slug_for
from crm_core.language import LANGUAGES
from crm_core.records.articles import ArticleChange, ArticleText, EditedArticle

_ASKED = 5


@dataclass(frozen=True, slots=True)
class Start:
    """The article to edit, and what helps with it."""

    article: EditedArticle
    categories: list[str]
    taken: frozenset[str]
    topic_id: str | None = None
    asked: list[str] = field(default_factory=list)
    changes: list[ArticleChange] = field(default_factory=list)
    agents: dict[str, str] = field(default_factory=dict)  # id → name

    def slug_of(self, article: EditedArticle) -> str:
        """Give a name for an article that has none yet."""
        return slug_for(article.title(LANGUAGES[0]), self.taken)


def read_start(crm: Crm, slug: str, topic_id: str | None) -> Start:
    """Read the article of a slug, or begin a new one.

    Args:
        crm: The library.
        slug: The article's; empty for a new one.
        topic_id: The questions that a new one is begun from.

    Raises:
        NotFound: There is no such article or topic.
    """
    articles = crm.articles.all()
    categories = sorted({article.category for article in articles})
    taken = frozenset(article.slug for article in articles)
    if slug:
        agents = {agent.id: agent.name for agent in crm.staff.list()}
        return Start(crm.articles.get(slug), categories, taken, changes=crm.articles.history(slug), agents=agents)
    if topic_id is None:
        return Start(EditedArticle("", ""), categories, taken)
    topic = crm.question_topics.topic(topic_id)
    reply = topic.reply
    title = (reply or topic.samples[0]).text
    asked = [sample.text for sample in topic.samples[:_ASKED]]
    texts = {topic.language: ArticleText(title, (reply.reply or "") if reply else "", questions=tuple(asked))}
    return Start(EditedArticle("", "", texts), categories, taken, topic.id, asked)
