"""`gate import`: recordings in other forms → cassettes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from gate import __version__
from gate.adapters import forms
from gate.adapters.form import Form
from gate.adapters.source import Source
from gate.cli._policy import config_option, optional_config
from gate.errors import CassetteError
from gate.model import Exchange
from gate.redact.scrub import Scrubber
from gate.store import cassette, files, journal
from gate.text.plural import count
from gate.text.safe import line

_CASSETTE = "cassette.yaml"


@click.command(name="import")
@click.argument("sources", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path),
    default=Path("golden"),
    show_default=True,
    help="Where the cassettes go: DIR/<name>/cassette.yaml.",
    metavar="DIR",
)
@click.option("--overwrite", is_flag=True, help="Replace cassettes that are there already.")
@config_option
def command(sources: tuple[Path, ...], folder: Path, overwrite: bool, config: Path | None) -> int:
    """Make cassettes of recordings that other tools made.

    FILE is a recording, or a folder whose recordings are all taken. Bodies of answers, lists of events, JSON Lines,
    HAR files and the cassettes of other tools are told by what is in them; docs/import.md lists them. Secrets are
    masked before anything is written, and what a form does not hold is said in the cassette and judged nowhere.
    """
    loaded = optional_config(config)
    scrubber = Scrubber((), loaded.redact if loaded else ())
    read = _read(sources)
    if not read:
        raise CassetteError("no recording in it", where=str(sources[0]), fix="docs/import.md lists the forms")
    texts = {name: _text(name, path, form, exchanges, scrubber) for name, (path, form, exchanges) in read.items()}
    with journal.writer(folder) as writer:
        taken = [name for name in texts if (folder / name).exists()]
        if taken and not overwrite:
            fix = "choose another folder with --to, or replace it with --overwrite"
            raise CassetteError("there is a cassette already", where=str(folder / taken[0]), fix=fix)
        writer.write(texts)
    for name, (path, form, exchanges) in read.items():
        click.echo(f"{folder / name}: {count(len(exchanges), 'answer')} of {line(str(path))} ({form.name})")
        click.echo(f"  not recorded there: {', '.join(_absent(exchanges)) or 'nothing'}")
    return 0


_Read = dict[str, tuple[Path, Form, tuple[Exchange, ...]]]


def _read(sources: Iterable[Path]) -> _Read:
    """The exchanges of every file, by the path of the cassette that they go to. Raises CassetteError."""
    read: _Read = {}
    for path, name in _files(sources):
        source = Source(str(path), _bytes(path))
        form = forms.form_of(source)
        if form is None:
            raise forms.unknown(source)
        name = f"{name}/{_CASSETTE}"
        if name in read:
            fix = "import them into different folders, with --to"
            raise CassetteError(f"{read[name][0]} would be {name} as well", where=str(path), fix=fix)
        read[name] = (path, form, forms.read(source, form))
    return read


def _files(sources: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    """(file, name of its scenario). Of a folder those that are no recording are told and passed over."""
    for source in sources:
        if not source.is_dir():
            yield source, _name(source.name)
            continue
        for path in _inside(source):
            if forms.form_of(Source(str(path), _bytes(path))):
                yield path, _name(path.relative_to(source).as_posix())
            else:
                click.echo(f"{line(str(path))}: passed over, no known form of a recording", err=True)


def _inside(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(root, name) for name in sorted(names) if not name.startswith("."))


def _name(path: str) -> str:
    # `recording.har` of Polly.js stands in a folder that has the test's name.
    stem = path.removesuffix(".gz").rpartition(".")[0] or path
    return stem.removesuffix("/recording")


def _bytes(path: Path) -> bytes:
    try:
        raw = files.read(path, files.MAX_FILE)
    except OSError as error:
        raise CassetteError(
            f"can't read it: {error.strerror or error}", where=str(path), fix="check the path"
        ) from None
    if len(raw) > files.MAX_FILE:
        raise CassetteError(f"larger than {files.MAX_FILE:,} bytes", where=str(path), fix="split it, or leave it out")
    return raw


def _text(name: str, path: Path, form: Form, exchanges: Iterable[Exchange], scrubber: Scrubber) -> str:
    """The cassette, without secrets. Raises SecretError."""
    clean = [scrubber.scrub(exchange) for exchange in exchanges]
    scrubber.guard(clean, where=str(path))
    facts = {"imported": form.name, "gate": __version__}
    text = cassette.dump(facts, clean)
    scrubber.guard((), text, where=name)
    return text


def _absent(exchanges: Iterable[Exchange]) -> list[str]:
    return sorted({word for exchange in exchanges for word in exchange.absent})
