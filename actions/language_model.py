"""A language model behind any server that speaks OpenAI's chat completions; used only where one is set up."""

from __future__ import annotations

import time
from functools import lru_cache
from typing import Any

import httpx

from crm_core.settings import Settings

_LARGEST = 64_000  # bytes of an answer


class NoWords(Exception):
    """The model gave nothing that can be used; the message says why in a word or two."""


class LanguageModel:
    """Asks a server for a completion.

    Args:
        url: Its base address, up to and with `/v1`.
        model: The model's name there.
        key: Shown as a bearer token; empty for none.
        seconds: How long an answer may take in all.
    """

    def __init__(self, url: str, model: str, key: str, seconds: float) -> None:
        self._model = model
        self._seconds = seconds
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx.Client(base_url=url.rstrip("/"), headers=headers, timeout=seconds)

    def complete(self, instructions: str, content: str) -> str:
        """Give the model's answer.

        Raises:
            NoWords: There is none in time, or none that can be read.
        """
        messages = [{"role": "system", "content": instructions}, {"role": "user", "content": content}]
        body = {"model": self._model, "messages": messages, "temperature": 0}
        try:
            return _words(self._posted(body))
        except httpx.TimeoutException as error:
            raise NoWords("timeout") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise NoWords("unreachable") from error

    def _posted(self, body: dict[str, Any]) -> httpx.Response:
        """Send a request and read the answer; a timeout of httpx's is for each piece of it, ours is for the whole."""
        end = time.monotonic() + self._seconds
        content = b""
        with self._client.stream("POST", "/chat/completions", json=body) as response:
            for piece in response.iter_bytes():
                content += piece
                if time.monotonic() > end:
                    raise NoWords("timeout")
                if len(content) > _LARGEST:
                    raise NoWords("too much")
            return httpx.Response(response.status_code, content=content)


def _words(response: httpx.Response) -> str:
    if response.status_code != httpx.codes.OK:
        raise NoWords(f"status {response.status_code}")
    try:
        words = response.json()["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError) as error:
        raise NoWords("not readable") from error
    if not isinstance(words, str):
        raise NoWords("not readable")
    return words.strip()


def model_of(settings: Settings) -> LanguageModel | None:
    """Give the model that the settings name, None where they name none."""
    key = settings.llm_key.get_secret_value()
    return _opened(settings.llm_url, settings.llm_model, key, settings.llm_seconds) if settings.llm_url else None


@lru_cache(maxsize=4)
def _opened(url: str, model: str, key: str, seconds: float) -> LanguageModel:
    return LanguageModel(url, model, key, seconds)
