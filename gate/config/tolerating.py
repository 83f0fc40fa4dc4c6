"""One more tolerance in the text of gate.yaml, where a person would write it: all else stays as it is. Pure.

A library that writes YAML back (ruamel.yaml) would keep comments as well; for one insertion, which is checked by
reading it again, the marks of the parser that is here already are enough.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from gate.errors import ConfigError
from gate.store import yaml_file
from gate.text.yaml_entry import entry_text, scalar


def tolerating(text: str, entry: Mapping[str, str], file: str = "gate.yaml") -> str:
    """The text with the entry at the end of `policy.tolerate`. Raises ConfigError, with the entry to be pasted, where
    the file is written in a way that can't be extended, such as with an alias for the policy."""
    wanted: Any = yaml_file.parse(text, file).value
    policy = wanted.setdefault("policy", {})
    try:
        policy.setdefault("tolerate", []).append(dict(entry))
        new = _inserted(text, entry)
        if yaml_file.parse(new, file).value == wanted:
            return new
    except (AttributeError, yaml.YAMLError, ConfigError):
        pass  # what is no mapping where one must be, or became no YAML
    fix = f"write it there by hand:\npolicy:\n  tolerate:\n{entry_text(entry, '    ')}"
    raise ConfigError("the tolerance can't be added to this file", where=file, fix=fix)


def _inserted(text: str, entry: Mapping[str, str]) -> str:
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    policy = _value(root, "policy")
    if policy is None:
        joint = "" if text.endswith("\n") else "\n"
        return f"{text}{joint}policy:\n  tolerate:\n{entry_text(entry, '    ')}"
    listed = _value(policy, "tolerate")
    if policy.flow_style or (listed is not None and listed.flow_style):
        item = f"{{{', '.join(f'{key}: {scalar(value)}' for key, value in entry.items())}}}"
        if listed is None:
            return _before_end(text, policy, f"tolerate: [{item}]")
        return _before_end(text, listed, item)
    if listed is None:
        indent = " " * policy.start_mark.column
        return _after(text, policy, f"{indent}tolerate:\n{entry_text(entry, f'{indent}  ')}")
    return _after(text, listed, entry_text(entry, " " * listed.start_mark.column))


def _value(node: Any, key: str) -> Any:
    """The node at a key of a mapping; None where there is none."""
    return next((value for name, value in node.value if name.value == key), None)


def _before_end(text: str, node: Any, item: str) -> str:
    """`item` as the last one of a flow collection."""
    end = node.end_mark.index - 1
    start = text[:end].rstrip().rstrip(",") if node.value else text[:end]
    return f"{start}{', ' if node.value else ''}{item}{text[end:]}"


def _after(text: str, node: Any, lines: str) -> str:
    """The lines below the last line of a block collection; comments behind it stay behind."""
    while not getattr(node, "flow_style", True) and node.value:
        node = node.value[-1][1] if isinstance(node, yaml.MappingNode) else node.value[-1]
    end = text.find("\n", node.end_mark.index)
    # the mark behind a text in several lines (`|`, `>`) stands at the start of the next line
    if getattr(node, "style", "") in ("|", ">") and node.end_mark.column == 0:
        end = node.end_mark.index - 1
    return f"{text}\n{lines}" if end < 0 else f"{text[: end + 1]}{lines}{text[end + 1 :]}"
