"""`gate init`: gate.yaml and a workflow for the repository it stands in, and what to do next."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from gate import config as configuration
from gate.config import starter
from gate.errors import ConfigError
from gate.sending.preflight import check_base_url

WORKFLOW = Path(".github", "workflows", "contract.yml")
_IGNORE = ".gate/"


@click.command(name="init")
@click.option("--base-url", default="https://api.openai.com/v1", show_default=True, help="The baseline's base_url.")
@click.option("--key-env", default="OPENAI_API_KEY", show_default=True, help="The variable that holds its key.")
@click.option("--chat", default="gpt-4o-mini", show_default=True, help="The chat model.")
@click.option("--embedding", default="text-embedding-3-small", show_default=True, help="'' for none.")
@click.option("--suite", type=click.Choice(["minimal", "standard", "full"]), default="standard", show_default=True)
def command(base_url: str, key_env: str, chat: str, embedding: str, suite: str) -> int:
    """Write gate.yaml and a GitHub workflow here; existing files are never touched."""
    files = {
        Path("gate.yaml"): starter(base_url, key_env, chat, embedding or None, suite),
        WORKFLOW: _workflow(key_env),
    }
    for path in files:
        if path.exists():
            raise ConfigError(f"{path} exists already", fix="edit it, or move it away first; nothing was written")
    _check(files[Path("gate.yaml")])
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        click.echo(f"wrote {path}")
    _ignore()
    click.echo(_NEXT.format(key=key_env))
    return 0


def _check(text: str) -> None:
    """ConfigError for what the options make of gate.yaml, before it is there: a key in place of its variable, say."""
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder, "gate.yaml")
        draft.write_text(text, "utf-8")
        try:
            check_base_url(configuration.load(draft).routes["baseline"])
        except ConfigError as error:
            raise ConfigError(error.what, where="gate init", fix=error.fix) from None


def _ignore() -> None:
    path = Path(".gitignore")
    text = path.read_text("utf-8") if path.is_file() else ""
    if _IGNORE not in text.splitlines():
        path.write_text(f"{text}{'' if not text or text.endswith(chr(10)) else chr(10)}{_IGNORE}\n", "utf-8")
        click.echo("added .gate/ to .gitignore")


_NEXT = """
next:
  1. export {key}=…                      the key of the route you use today
  2. gate record                         writes golden/; read the contracts, then commit them
  3. export CANDIDATE_BASE_URL=… CANDIDATE_API_KEY=…
     gate check                          the verdict on the route you want to use
"""


def _workflow(key_env: str) -> str:
    return _WORKFLOW.replace("KEY_ENV", key_env)


_WORKFLOW = """\
# The gate in front of a base_url, model, gateway or SDK change.
name: contract
on:
  pull_request:
  workflow_dispatch:
permissions:
  contents: read
jobs:
  check:
    runs-on: ubuntu-latest
    timeout-minutes: 30
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          persist-credentials: false
      - uses: actions/setup-python@a309ff8b426b58ec0e2a45f0f869d46889d02405 # v6.2.0
        with:
          python-version: "3.13"
      - run: pip install swapgate
      - name: Goldens are whole, and hold no secret
        run: gate verify
      - name: The candidate keeps the contract
        # a fork's pull request has no secrets; the offline step above still ran
        if: github.event.pull_request.head.repo.fork != true
        env:
          CANDIDATE_BASE_URL: ${{ vars.CANDIDATE_BASE_URL }}
          CANDIDATE_API_KEY: ${{ secrets.CANDIDATE_API_KEY }}
        run: gate check --report junit:gate.xml
"""
