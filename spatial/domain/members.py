"""The members of table 85980NED: how CBS titles them, and what they are called here.

The entries are data (``members.toml`` beside this file).
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from typing import Any

from spatial.errors import SchemaError, UnknownMemberError

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")


class Dimensie(StrEnum):
    """A dimension of the table whose members have a name of ours."""

    GROEP = "groep"
    KENMERK = "kenmerk"
    MAAT = "maat"


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a dimension.

    Attributes:
        titel: as CBS titles it.
        id: our name: groep, kenmerk or maat in the long table.
        gezien: read in a published excerpt; False when the wording is ours.
        stroom: counted over the year that ends on the period.
    """

    titel: str
    id: str
    gezien: bool
    stroom: bool = False


@dataclass(frozen=True, slots=True)
class Members:
    """All members that we know.

    Attributes:
        groep: the aandachtsgroepen.
        kenmerk: what is counted of a group.
        maat: the measures.
        regios_overgeslagen: prefixes of region codes of levels that are not served.
    """

    groep: tuple[Member, ...]
    kenmerk: tuple[Member, ...]
    maat: tuple[Member, ...]
    regios_overgeslagen: tuple[str, ...]

    def of(self, dimensie: Dimensie) -> tuple[Member, ...]:
        """Return the members of one dimension."""
        members: tuple[Member, ...] = getattr(self, dimensie.value)
        return members

    def get(self, dimensie: Dimensie, member_id: str) -> Member:
        """Return a member by our name for it.

        Raises:
            UnknownMemberError: the dimension has no such member; the message lists those there are.
        """
        for member in self.of(dimensie):
            if member.id == member_id:
                return member
        known = ", ".join(member.id for member in self.of(dimensie))
        message = f"no {dimensie} {member_id!r}; there are {known}"
        raise UnknownMemberError(message)

    def titled(self, dimensie: Dimensie, titel: str) -> Member:
        """Return a member by the title that CBS gives it.

        Raises:
            UnknownMemberError: no member of the dimension has this title.
        """
        for member in self.of(dimensie):
            if member.titel == titel:
                return member
        message = (
            f"{dimensie} {titel!r} of 85980NED is not known; add it to spatial/domain/members.toml"
        )
        raise UnknownMemberError(message)

    def with_more(self, more: "Members") -> "Members":
        """Return these and further members; a level is left out as soon as one list says so.

        Raises:
            SchemaError: a title or name stands in both.
        """
        return Members(
            groep=_unique([*self.groep, *more.groep], Dimensie.GROEP),
            kenmerk=_unique([*self.kenmerk, *more.kenmerk], Dimensie.KENMERK),
            maat=_unique([*self.maat, *more.maat], Dimensie.MAAT),
            regios_overgeslagen=tuple(
                dict.fromkeys([*self.regios_overgeslagen, *more.regios_overgeslagen])
            ),
        )


def load_members() -> Members:
    """Read the members that are part of this package."""
    text = (files("spatial.domain") / "members.toml").read_text(encoding="utf-8")
    return parse_members(text)


def parse_members(text: str) -> Members:
    """Read members from TOML; titles and names are unique within a dimension.

    A dimension of which nothing is said is empty. Names are folders on disk and values in queries: small letters, digits, ``_`` and ``-``.

    Raises:
        SchemaError: a key is unknown or one of a member is missing, a title or name stands there twice, or a name has
            other signs.
    """
    try:
        document = tomllib.loads(text)
        if unknown := sorted(set(document) - {*Dimensie, "regios_overgeslagen"}):
            message = f"the list of members has unknown keys {unknown}"
            raise SchemaError(message)
        return Members(
            groep=_dimension(document, Dimensie.GROEP),
            kenmerk=_dimension(document, Dimensie.KENMERK),
            maat=_dimension(document, Dimensie.MAAT),
            regios_overgeslagen=tuple(document.get("regios_overgeslagen", ())),
        )
    except (KeyError, TypeError, tomllib.TOMLDecodeError) as error:
        message = f"the list of members cannot be read: {error!r}"
        raise SchemaError(message) from error


def _dimension(document: Mapping[str, Any], dimensie: Dimensie) -> tuple[Member, ...]:
    members = [Member(**entry) for entry in document.get(dimensie, ())]
    for member in members:
        if not _NAME.fullmatch(member.id):
            message = f"the list of members has a {dimensie} {member.id!r}: a name is as 'groep-05'"
            raise SchemaError(message)
    return _unique(members, dimensie)


def _unique(members: Sequence[Member], dimensie: Dimensie) -> tuple[Member, ...]:
    for names in ([member.titel for member in members], [member.id for member in members]):
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            message = f"the list of members has a {dimensie} twice: {twice}"
            raise SchemaError(message)
    return tuple(members)
