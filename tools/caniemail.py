"""Writes src/troth/composing/caniemail.json from the npm package caniemail: which mail programs lack what.

npm pack caniemail && tar xzf caniemail-*.tgz && python tools/caniemail.py package/data/caniemail.json
"""

import json
import sys
from pathlib import Path
from typing import Any

TO = Path(__file__).parents[1] / "src" / "troth" / "composing" / "caniemail.json"
_JUDGED = ("css-", "html-")


def shorten(whole: dict[str, Any]) -> dict[str, Any]:
    """Feature → title and the programs whose latest tested version lacks it. Partial support counts as support."""
    names, programs, features = whole["nicenames"], [], {}
    for each in whole["data"]:
        tested = {
            f"{names['family'][family]} {names['platform'][platform]}": next(reversed(found.values()))
            for family, platforms in each["stats"].items()
            for platform, found in platforms.items()
            if found
        }
        programs = sorted({*programs, *tested})
        lacking = sorted(program for program, answer in tested.items() if answer.startswith("n"))
        if each["slug"].startswith(_JUDGED):
            features[each["slug"]] = {"title": each["title"], "lacking": lacking}
    return {
        "source": "https://www.caniemail.com, MIT License, © HTeuMeuLeu",
        "as of": whole["last_update_date"],
        "programs": programs,
        "features": features,
    }


if __name__ == "__main__":
    found = shorten(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    TO.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
