"""Pack the QGIS plugin as the zip that QGIS installs; the same files are always the same bytes.

Usage: package.py TARGET. The zip is called ``aandachtsgroepen-<version>.zip``.
"""

import configparser
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

HOME = Path(__file__).parent
PLUGIN = HOME / "aandachtsgroepen"
LICENCE = HOME.parent / "LICENSE"
_TOLD = (".py", ".svg", ".txt")
_MOMENT = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o644 << 16
_UNIX = 3


def pack(target: Path) -> Path:
    """Write the zip into a folder and return its path.

    Nothing is compressed: it is small, and what a library makes of bytes differs by its version.
    """
    metadata = configparser.ConfigParser(interpolation=None)
    metadata.read(PLUGIN / "metadata.txt", encoding="utf-8")
    path = target / f"{PLUGIN.name}-{metadata['general']['version']}.zip"
    target.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as packed:
        for name, source in _contents():
            entry = zipfile.ZipInfo(f"{PLUGIN.name}/{name}", _MOMENT)
            entry.create_system, entry.external_attr = _UNIX, _READABLE
            packed.writestr(entry, source.read_bytes())
    return path


def _contents() -> Iterator[tuple[str, Path]]:
    """Yield names in the plugin and their files, in order; QGIS wants the licence in it as well."""
    yield "LICENSE", LICENCE
    for source in sorted(PLUGIN.iterdir()):
        if source.suffix in _TOLD:
            yield source.name, source


if __name__ == "__main__":
    sys.stdout.write(f"{pack(Path(sys.argv[1]))}\n")
