"""`gate init`: gate.yaml and a CI file for the repository it stands in, and what to do next."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

import click

from gate.cli import _ci
from gate.cli._baseline import Baseline, Given, baseline
from gate.config import gate_yaml
from gate.config.starter import starter
from gate.errors import ConfigError
from gate.inventory.lock_files import locked
from gate.inventory.model import Scan
from gate.inventory.scan import scan
from gate.run.preflight import check_base_url
from gate.store import shipped
from gate.text.plural import count

_CONFIG = Path("gate.yaml")
_IGNORE = ".gate/"
_SHOWN = 3  # locked packages
_WIDE = 120  # columns that a step and its remark take


@click.command(name="init")
@click.option("--base-url", help="The baseline's base_url; asked, or as environment and code say.")
@click.option("--key-env", help="The variable that holds its key; - for none.")
@click.option("--chat", help="The chat model.")
@click.option("--embedding", help="The embedding model; - for none.")
@click.option(
    "--suite",
    type=click.Choice(["minimal", "standard", "full"]),
    help="Instead of standard, and what the calls in your code send besides.",
)
def command(
    base_url: str | None, key_env: str | None, chat: str | None, embedding: str | None, suite: str | None
) -> int:
    """Write gate.yaml and a file for the CI of this repository; existing files are never touched.

    The route of today is asked for on a terminal; elsewhere it is what the options say, OPENAI_BASE_URL and the like,
    the clients in your code, or the one provider whose key is set. A route that no code names a model for is asked
    which it has.

    Its suite and `depends_on` come from the source below this folder: gate scan shows what was found.
    """
    if _CONFIG.exists():
        raise ConfigError(f"{_CONFIG} exists already", fix="edit it, or move it away first; nothing was written")
    found = scan(Path())
    today = baseline(Given(base_url, key_env, chat, embedding), found)
    names = ", ".join(dict.fromkeys(("standard", *found.draft.suite)))
    text = starter(
        today.base_url,
        today.key_env or None,
        today.chat,
        today.embedding or None,
        suite or names,
        found.draft.depends_on,
        header=today.header,
        api_version=today.api_version,
    )
    # Before anything is written: a key pasted in place of its variable must not reach a file that gets committed.
    _check(text)
    pipeline = _ci.pipeline()
    file = _ci.free(pipeline.target)
    _write(_CONFIG, text)
    _write(file, shipped.example(pipeline.example))
    # Answers of a candidate are evidence of one run, and no part of the repository.
    _ignore()
    _tell_calls(found)
    _tell_versions()
    _tell_next(list(_ci.steps(pipeline, file, _exports(today))))
    return 0


def _exports(today: Baseline) -> str:
    """The variables that `gate record` reads, as they are exported."""
    names = [name for name, _ in gate_yaml.variables(today.base_url)]
    return " ".join(f"{name}=…" for name in [*names, *([today.key_env] if today.key_env else [])])


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    click.echo(f"wrote {path}")


def _check(text: str) -> None:
    """ConfigError for what the options make of gate.yaml, before it is there: a key in place of its variable, say."""
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder, "gate.yaml")
        draft.write_text(text, "utf-8")
        try:
            route = gate_yaml.load(draft).routes["baseline"]
            if not gate_yaml.variables(route.base_url):
                check_base_url(route)
        except ConfigError as error:
            # The draft's path is a temporary one, and would only confuse.
            raise ConfigError(error.what, where="gate init", fix=error.fix) from None


def _ignore() -> None:
    path = Path(".gitignore")
    text = path.read_text("utf-8") if path.is_file() else ""
    if _IGNORE not in text.splitlines():
        path.write_text(f"{text}{'' if not text or text.endswith(chr(10)) else chr(10)}{_IGNORE}\n", "utf-8")
        click.echo("added .gate/ to .gitignore")


def _tell_calls(found: Scan) -> None:
    calls = [call for call in found.calls if not call.in_tests]
    if calls:
        endpoints = ", ".join(sorted({call.endpoint for call in calls}))
        click.echo(f"found {count(len(calls), 'call')} of {endpoints}: gate.yaml has what they send and read")


def _tell_versions() -> None:
    """The SDKs and HTTP clients that are locked here, in one line; OpenAI's own come first."""
    locks = {(key.partition(":")[2], version, path.as_posix()) for key, version, path in locked(Path())}
    # OpenAI's own SDK is what most drifts of the catalogue hit.
    ordered = sorted(locks, key=lambda lock: ("openai" not in lock[0], lock))
    if ordered:
        named = ", ".join(f"{name} {version}" for name, version, _ in ordered[:_SHOWN])
        more = f" and {len(ordered) - _SHOWN} more" if len(ordered) > _SHOWN else ""
        files = ", ".join(dict.fromkeys(path for _, _, path in ordered[:_SHOWN]))
        whose = "its version is" if len(ordered) == 1 else "their versions are"
        click.echo(f"found {named}{more} in {files}: {whose} stored with each golden")


def _tell_next(steps: list[tuple[str, str]]) -> None:
    width = max(len(what) for what, _ in steps)
    narrow = _columns() < _WIDE
    click.echo("\nnext:")
    for number, (what, remark) in enumerate(steps, 1):
        click.echo(f"  {number}. {what}\n       {remark}" if narrow else f"  {number}. {what:{width}}  {remark}")


def _columns() -> int:
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else _WIDE
