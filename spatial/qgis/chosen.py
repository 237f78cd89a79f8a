"""Which layers are of a theme, and which indicators of a layer are worth a style of their own."""

from spatial.domain.indicators import Thema, load_catalogue
from spatial.errors import QueryError
from spatial.store.catalogue import Collection, Contents
from spatial.store.schemes import Style


def themes_of(contents: Contents) -> list[str]:
    """Return what a project or a pack can be about, in the order of the catalogue."""
    return list(dict.fromkeys(theme_of(collection) for collection in contents.layers))


def theme_of(collection: Collection) -> str:
    """Return the theme of a layer; what has none (boundaries) goes by its kind."""
    return collection.thema or collection.kind.value


def theme_title(theme: str, *, english: bool = False) -> str:
    """Return how a theme is called."""
    if theme not in set(Thema):
        return theme
    thema = Thema(theme)
    return thema.title_en if english else thema.titel


def layers_of(contents: Contents, theme: str) -> list[Collection]:
    """Return all layers of a theme.

    Raises:
        QueryError: there is no such theme; says which there are.
    """
    found = [collection for collection in contents.layers if theme_of(collection) == theme]
    if not found:
        message = f"thema={theme!r} is not one of {', '.join(themes_of(contents))}"
        raise QueryError(message)
    return found


def drawable(collection: Collection, style: Style | None) -> tuple[str, ...]:
    """Return the indicators of a collection that have a scheme, in the order of the catalogue."""
    entries = style["indicatoren"] if style else ()
    return tuple(name for name in collection.indicatoren if name in entries)


def main_of(collection: Collection, style: Style | None) -> tuple[str, ...]:
    """Return of every section the first indicator with classes and the first with circles.

    Those that stand in no section are all there; the order is that of the catalogue.
    """
    held = drawable(collection, style)
    entries = style["indicatoren"] if style else {}
    sections = [section.indicatoren for section in load_catalogue().sections]
    sectioned = {name for section in sections for name in section}
    chosen = {name for name in held if name not in sectioned}
    for section in sections:
        kinds = {entries[name]["soort"]: name for name in reversed(section) if name in held}
        chosen.update(kinds.values())
    return tuple(name for name in held if name in chosen)
