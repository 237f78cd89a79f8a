"""Who publishes, under which licence: the part ``metadata`` of the configuration, read once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

type Spoken = dict[str, str]
"""A text per language tag: nl and en."""

type Metadata = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Owner:
    """Who publishes the service, as its configuration says.

    Attributes:
        url: address of the service, without a slash at the end.
        title: of the service.
        description: of the service.
        keywords: of the service, per language.
        licence: name of the licence of all data.
        licence_url: its address.
        publisher: name of the organisation.
        publisher_url: its address; an entry in a register of organisations when it is not of the
            service itself.
        contact: name of who answers questions.
        contact_email: where they are sent.
        contact_url: page about it.
    """

    url: str
    title: Spoken
    description: Spoken
    keywords: Mapping[str, list[str]]
    licence: str
    licence_url: str
    publisher: Spoken
    publisher_url: str
    contact: Spoken
    contact_email: str
    contact_url: str

    @property
    def registered(self) -> bool:
        """Tell whether the publisher has an address of its own, outside the service."""
        return not self.publisher_url.startswith(self.url)


def owner_of(metadata: Metadata, url: str) -> Owner:
    """Read the owner from the part ``metadata`` of a pygeoapi configuration.

    Args:
        metadata: that part; a text may be one for both languages.
        url: address of the service, without a slash at the end.
    """
    identification, contact = metadata["identification"], metadata["contact"]
    licence, provider = metadata["license"], metadata["provider"]
    return Owner(
        url=url,
        title=_spoken(identification["title"]),
        description=_spoken(identification["description"]),
        keywords=_listed(identification.get("keywords", [])),
        licence=_spoken(licence["name"])["nl"],
        licence_url=_spoken(licence["url"])["nl"],
        publisher=_spoken(provider["name"]),
        publisher_url=_spoken(provider["url"])["nl"],
        contact=_spoken(contact["name"]),
        contact_email=contact["email"],
        contact_url=_spoken(contact["url"])["nl"],
    )


def _spoken(text: str | Mapping[str, str]) -> Spoken:
    if isinstance(text, str):
        return {"nl": text, "en": text}
    return {"nl": text["nl"], "en": text["en"]}


def _listed(words: list[str] | Mapping[str, list[str]]) -> Mapping[str, list[str]]:
    if isinstance(words, Mapping):
        return {language: list(words[language]) for language in ("nl", "en")}
    return {"nl": list(words), "en": list(words)}
