"""docs/clients.md from the table of the last run; `make pages` writes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from gate.model import Effect
from gate.model.words import AREAS
from gate.mutations import Mutation, mutations
from gate.observe.clients import worst
from tests.clients.plan import unplayed
from tests.clients.table import Table, table

PAGE = Path(__file__).parent.parent.parent / "docs" / "clients.md"
_DID = {
    "reads": "reads it",
    "differs": "reads something else",
    "loses": "loses something",
    "raises": "raises",
    "hangs": "hangs",
}
_SHORT = {"reads": "·", "differs": "≠", "loses": "−", "raises": "✗", "hangs": "∞"}

# By hand: what a run shows of clients that stumble over what is harmless, and who is right.
TWINS: Mapping[str, str] = {
    "preamble-foreign-id@tool-forced-stream": (
        "A first chunk with an empty delta. LangChain for Node loses the tool call after it, because it makes the message of "
        "the first chunk's role, and there is none; seven others read it. The API does not promise that the role comes in "
        "the very first chunk: LangChain's mistake, and no reason to call the chunk breaking."
    ),
}
FOUND = """\
Two more were twins until the first run, and are no longer called harmless. `"message": null` beside the delta of a chunk: the stream
helper of openai-node 6 and 7 lets it replace the message that it has put together, and raises (`delta-and-message` is breaking in
streams now). `"type": null` in later deltas of a tool call, as SGLang sends it: the stream helper of openai-python 2 and 3 takes it
for the call's type, and raises AssertionError (`tool-null-fields` is breaking there now). In both the API leaves the key out, so the
route is wrong; loops over the deltas never notice, which is why it was taken for noise.

Nor do clients cry wolf over two recordings of one request at one provider: of the 554 such pairs of [accuracy.md](accuracy.md),
none is felt by openai 3.57.0, npm:openai 6.49.0 (551 of them can be asked), langchain-openai 1.7.4, litellm 1.110.2 (457),
npm:ai 6.0.326 (464) or npm:@langchain/openai 1.6.0 (`python -m bench.clients`, 2026-11-29).
"""
CHANGED: Mapping[str, str] = {
    "role-missing": "risky → breaking: openai-node's stream helper raises `missing role for choice 0`",
    "tool-delta-bare": "risky → breaking on null or nothing: openai-python's stream helper raises AssertionError",
    "tool-null-fields": "info → breaking on a null type: openai-python's stream helper raises AssertionError",
    "delta-and-message": "risky → breaking in streams, and told of null and {} too: openai-node's stream helper raises",
    "tool-name-split": "risky → breaking for a name in pieces: the AI SDK keeps the first, and has neither tool nor arguments",
    "length-without-limit": "risky → breaking in streams: openai-python's stream helper raises LengthFinishReasonError",
    "field-added": "risky → breaking for `function_call` in a delta: openai-node's stream helper raises without a name",
    "field-missing": "risky → breaking for `object` of chunks and responses: openai-python's helper raises, openai-node's `output_text` is gone",
    "object-wrong": "risky → breaking for `object` of chunks and responses: the same",
}


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(table()), "utf-8")


def page(run: Table) -> str:
    """The whole page."""
    return "\n".join([*_head(run), *_counted(run), *_twins(run), *_changed(), *_drifts(run)]) + "\n"


def _head(run: Table) -> Iterator[str]:
    drifts = {name.partition("@")[0] for name in run.rows}
    nodes = ", ".join(f"{name} on Node {node}" for name, node in sorted(run.nodes.items()))
    yield f"""\
# What clients do with known drifts

Measured on {run.day} with `make clients`: {len(drifts)} drifts of the mutation catalogue and their benign twins, on {len(run.rows)} small goldens
that they fit, replayed to {len(run.clients)} SDK versions by the drivers of [`gate sdk`](sdk.md) ({nodes}; the others on
the machine's Node 20 and Python 3). The data is in [clients.json](clients.json). `tests/test_clients_table.py` holds the rules to it:
where the current version of an SDK raises, hangs or loses content, the judge must say breaking.

What is compared is what an application reads through `create`, the stream, the stream's helper and `parse`; where only some of them
fail, they are named. Not played: {", ".join(f"`{name}`" for name in unplayed())} (times, or operations that no driver calls).
"""


def _counted(run: Table) -> Iterator[str]:
    yield "## In numbers\n"
    yield f"| client | {' | '.join(_DID.values())} | not asked | fails or loses content |"
    yield f"|---|{'--:|' * (len(_DID) + 2)}"
    for number, client in enumerate(run.clients):
        effects = [entry.drift[number] for entry in run.rows.values()]
        counts = [sum(effect is not None and effect.did == did for effect in effects) for did in _DID]
        fails = sum(effect is not None and effect.fails for effect in effects)
        yield f"| {client} | {' | '.join(map(str, counts))} | {effects.count(None)} | {fails} |"
    yield ""


def _twins(run: Table) -> Iterator[str]:
    stumbles = {name: [e for e in entry.twin if e and e.did != "reads"] for name, entry in run.rows.items()}
    felt = {name: effects for name, effects in stumbles.items() if effects}
    total = sum(effect is not None for entry in run.rows.values() for effect in entry.twin)
    yield "## Benign twins\n"
    yield f"What only looks like the drift, read {total:,} times, is read as the golden by every client, with these exceptions:\n"
    for name, effects in sorted(felt.items()):
        yield f"- `{name}`: {'; '.join(map(str, effects))}. {TWINS.get(name, '')}".rstrip()
    yield f"\n{FOUND}"


def _changed() -> Iterator[str]:
    yield f"## Severities that this table changed\n\n{len(CHANGED)} rules:\n"
    yield from (f"- [{rule}](rules/{rule}.md): {why}" for rule, why in CHANGED.items())
    yield ""


def _drifts(run: Table) -> Iterator[str]:
    yield """\
## Drift × client

The worst over the goldens that a drift fits. `·` reads it, `≠` reads another value without an exception, `−` loses what is named,
`✗` raises, `∞` is not over after 8 s (LangChain for Node sends a failed request again and again, with growing pauses), `–` not
asked, or still waiting as Retry-After says. **Bold**: an application gets no answer, or less content.
"""
    for area in AREAS:
        known = [mutation for mutation in mutations().values() if mutation.area == area and list(run.of(mutation.id))]
        if known:
            yield f"### {area}\n"
            yield f"| drift | {' | '.join(run.clients)} |"
            yield f"|---|{'---|' * len(run.clients)}"
            yield from (_row(run, mutation) for mutation in known)
            yield ""


def _row(run: Table, mutation: Mutation) -> str:
    entries = [entry.drift for _, entry in run.of(mutation.id)]
    cells = [_cell([effects[n] for effects in entries]) for n in range(len(run.clients))]
    ids = " ".join(f"[{drift}](drifts.md#{drift.lower()})" for drift in mutation.drifts)
    return f"| `{mutation.id}` {ids} | {' | '.join(cells)} |"


def _cell(effects: Sequence[Effect | None]) -> str:
    found = worst(effect for effect in effects if effect)
    if not found:
        return "–"
    effect = found[0]
    what = effect.what.removeprefix("in ") if effect.did == "differs" else effect.what
    words = f"{_SHORT[effect.did]} {what}".strip().replace("|", "\\|")
    return f"**{words}**" if effect.fails else words


if __name__ == "__main__":
    main()
