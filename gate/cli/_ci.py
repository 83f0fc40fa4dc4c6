"""The CI of the repository that `gate init` stands in: the file it gets, and what is left to do by hand."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

_SETTINGS = "in the settings of the repository: Secrets and variables, Actions"
_URL = "such as https://gateway.example.com/v1"


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A file of `examples/`, where it is written, and what a person does then: (what, remark); `{file}` is where."""

    example: str
    target: Path
    then: tuple[tuple[str, str], ...]


GITHUB = Pipeline(
    "minimal/workflow.yml",
    Path(".github", "workflows", "contract.yml"),
    (
        ("git add gate.yaml golden .github .gitignore", "and commit"),
        ("create the secret CANDIDATE_API_KEY", _SETTINGS),
        ("create the variable CANDIDATE_BASE_URL", f"there too, {_URL}"),
        ("open a pull request", "the gate judges the candidate"),
    ),
)
GITLAB = Pipeline(
    "gitlab/.gitlab-ci.yml",
    Path(".gitlab", "contract.gitlab-ci.yml"),
    (
        ("include: [{{local: {file}}}]", "goes into .gitlab-ci.yml, which was not touched"),
        ("git add gate.yaml golden .gitlab .gitlab-ci.yml .gitignore", "and commit"),
        ("create the variable CANDIDATE_API_KEY, masked", "in the settings of the project: CI/CD, Variables"),
        ("create the variable CANDIDATE_BASE_URL", f"there too, {_URL}"),
        ("open a merge request", "the gate judges the candidate"),
    ),
)
SHELL = Pipeline(
    "shell/gate.sh",
    Path("gate.sh"),
    (
        ("git add gate.yaml golden {file} .gitignore", "and commit"),
        ("let your CI run `sh {file}`", "its exit code is the verdict"),
        ("give it CANDIDATE_API_KEY", "from the secrets of your CI"),
        ("give it CANDIDATE_BASE_URL", _URL),
    ),
)

_MARKS = ((".github", GITHUB), (".gitlab-ci.yml", GITLAB))
_REMOTES = (("github", GITHUB), ("gitlab", GITLAB))
# Files by which other CI systems find their pipelines: they get a script that any of them can call.
_OTHERS = (
    *("Jenkinsfile", "azure-pipelines.yml", "bitbucket-pipelines.yml", "appveyor.yml", "cloudbuild.yaml"),
    *(".circleci", ".buildkite", ".drone.yml", ".travis.yml", ".woodpecker", ".woodpecker.yml"),
)


def pipeline() -> Pipeline:
    """The pipeline for the CI files in this folder, else for the host of the git remote, else GitHub."""
    host = _host(_git("ls-remote", "--get-url"))
    # A file says more than the remote: a mirror on GitHub may be built by GitLab.
    here = (kind for name, kind in _MARKS if Path(name).exists())
    there = (kind for word, kind in _REMOTES if word in host)
    other = (SHELL for name in _OTHERS if Path(name).exists())
    return next(chain(here, there, other), GITHUB)


def free(target: Path) -> Path:
    """The target, or where that exists the same under another name: contract.yml, swapgate.yml, swapgate-2.yml."""
    stem, dot, endings = target.name.partition(".")
    names = chain((stem, "swapgate"), (f"swapgate-{number}" for number in count(2)))
    paths = (target.with_name(f"{name}{dot}{endings}") for name in names)
    return next(path for path in paths if not path.exists())


def steps(kind: Pipeline, file: Path, exports: str) -> Iterator[tuple[str, str]]:
    """What is left to do once gate.yaml and the pipeline's file are there: (what, remark). `exports` are the variables
    of the baseline, if it has any."""
    if exports:
        yield f"export {exports}", "the route you use today"
    yield "gate record", "writes golden/"
    yield "look at golden/*/contract.yaml", "what the candidate will be held to"
    below = _git("rev-parse", "--show-prefix")
    if below and kind is GITHUB:
        yield "move .github to the root of the repository", f"and add `config: {below}gate.yaml` to its `with:`"
    for what, remark in kind.then:
        yield what.format(file=file.as_posix()), remark


def _host(url: str) -> str:
    """`https://user@github.com/o/r` or `git@github.com:o/r` → `github.com`."""
    return url.rpartition("://")[2].partition("/")[0].rpartition("@")[2].partition(":")[0]


def _git(*arguments: str) -> str:
    """What git says; empty where there is no git, no repository or no remote."""
    git = shutil.which("git")
    if git is None:
        return ""
    done = subprocess.run([git, *arguments], capture_output=True, text=True, check=False)  # noqa: S603 (our own words)
    # `init` only guesses with it, so no answer is an answer.
    return done.stdout.strip() if done.returncode == 0 else ""
