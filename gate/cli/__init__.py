"""The command line: one module per command, imported when it is called, so that start-up stays fast.

Options, progress and exit codes live here; no judgement, and nothing that another folder would import.
"""

from __future__ import annotations

import gc
import importlib
import sys
import traceback
from collections.abc import Mapping, Sequence

import click

from gate import __version__
from gate.errors import GateError
from gate.text.safe import line

GROUPS: Mapping[str, Mapping[str, str]] = {
    "Start": {
        "init": "write gate.yaml and a CI file for this repository",
        "demo": "record and check against embedded routes, one faithful and one drifting",
        "scan": "which services call which endpoints, with what, and what their code takes for granted",
    },
    "Goldens": {
        "record": "run the suite on the baseline and write the goldens",
        "proxy": "record what passes between a client and the route: goldens and a suite",
        "import": "make cassettes of recordings in other forms",
        "refresh": "record again and show what changed in the contract",
        "verify": "offline: goldens load, contracts are in sync, no secret is stored",
        "prove": "apply every known drift to the goldens and show which would be caught",
    },
    "Judge": {
        "check": "run the suite on a candidate and judge it",
        "diff": "judge two cassettes, or two folders of them, offline; or two contracts",
        "sdk": "an SDK upgrade: goldens and faults through two versions of it",
        "merge": "join the JSON reports of shards or routes into one",
    },
    "Understand": {
        "explain": "one rule, or one finding of the last run",
        "tolerate": "write a finding that can wait into gate.yaml, with a reason and an end",
        "rules": "list all rules",
    },
    "Tools": {
        "serve": "an OpenAI-compatible server over goldens, with faults",
    },
}
"""The commands by what a person wants; a line of help for each."""

_HIDDEN = ("contract",)  # under its old name: `gate diff` takes contracts as well
COMMANDS: Mapping[str, str] = {name: words for commands in GROUPS.values() for name, words in commands.items()}

_REPORT_IT = "report it with the lines above; they hold no key"


class _Lazy(click.Group):
    """Knows the names of all commands, and imports only the one that runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        # Only names of the table: importing whatever is typed would run any module of this folder.
        if cmd_name not in COMMANDS and cmd_name not in _HIDDEN:
            return None
        # `import` is a word of Python's: no module can have that name.
        module = "import_" if cmd_name == "import" else cmd_name
        command: click.Command = importlib.import_module(f"gate.cli.{module}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        for title, commands in GROUPS.items():
            with formatter.section(title):
                formatter.write_dl(list(commands.items()), col_max=10)


@click.command(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="gate", message="%(prog)s %(version)s")
def group() -> None:
    """The gate in front of a base_url, model, gateway or SDK change.

    Exit codes: 0 pass, 1 drift, 2 usage or unreadable files, 3 the route could not be judged.
    """


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code; a GateError is printed without a traceback."""
    # Cassettes become large trees without cycles: at Python's own threshold a fifth of the time of `gate diff` goes
    # into looking for garbage that is not there.
    gc.set_threshold(500_000)
    try:
        result = group.main(args=arguments, prog_name="gate", standalone_mode=False)
    except GateError as error:
        click.echo(f"error: {_without_secrets(str(error))}", err=True)
        return error.exit_code
    except click.ClickException as error:
        error.show(file=sys.stderr)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped", err=True)
        # 128 + SIGINT, as shells have it.
        return 130
    except OSError as error:  # a full or read-only disk, a terminal that is gone: nothing to report a bug about
        where = f"{line(str(error.filename))}: " if error.filename is not None else ""
        click.echo(f"error: {where}{line(error.strerror or str(error))}", err=True)
        return 2
    except Exception:  # Python's own exit code would be 1, and that says drift
        trace = _without_secrets(traceback.format_exc())
        click.echo(f"{trace}error: a bug of the gate, not a verdict\n  fix: {_REPORT_IT}", err=True)
        return 2
    return int(result or 0)


def _without_secrets(text: str) -> str:
    # imported when something fails: the table of secrets takes longer to read than most commands
    from gate.redact.scrub import without_secrets

    return without_secrets(text)
