"""The page of all commands, from the commands themselves."""

from collections.abc import Iterator
from typing import Any

import typer

from spatial.cli import app

_HEAD = """---
lang: en
---
# Commands

Made from the commands themselves when the site is made. `spatial COMMAND --help` says the same. Settings come from
[environment variables](../configuration.md); exit codes are [there](../configuration.md#exit-codes) too.
"""


def commands_page() -> str:
    """Return the page (Markdown): of every command its use, what it does, and its options."""
    top: Any = typer.main.get_command(app)
    parts = [_HEAD]
    for name in sorted(top.commands):
        parts += _sections(top.commands[name], f"spatial {name}")
    return "\n".join(parts)


def _sections(command: Any, name: str) -> Iterator[str]:
    """Give the section of a command, and those of the commands below it."""
    context = command.context_class(command, info_name=name)
    usage = " ".join(command.get_usage(context).removeprefix("Usage: ").split())
    yield f"## {name}\n\n{command.help}\n\n```text\n{usage}\n```\n"
    records = [entry.get_help_record(context) for entry in command.params]
    rows = [_row(*record) for record in records if record]
    if rows:
        yield "\n".join(["| option | what |", "|---|---|", *rows, ""])
    below = getattr(command, "commands", {})
    for part in sorted(below):
        yield from _sections(below[part], f"{name} {part}")


def _row(declared: str, told: str) -> str:
    shown = declared.replace("|", "\\|")
    return f"| `{shown}` | {told.replace('|', '\\|').replace('<', '&lt;')} |"
