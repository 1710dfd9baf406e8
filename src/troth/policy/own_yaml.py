"""YAML files of the program itself, read by the C library where PyYAML has it: `safe_load` takes ten times as long."""

from typing import Any

import yaml

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_own_yaml(text: str) -> Any:
    """The values of the text. What is wrong with it is an error of ours."""
    return yaml.load(text, Loader=LOADER)  # noqa: S506  (both loaders are safe ones)
