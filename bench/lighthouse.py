"""Lighthouse's performance audit of the demo site's pages, on a simulated telephone and a desktop: `make lighthouse`.

Prints what each page scores, and each audit that failed with its id. Ends with 1 where one of them is ours: it failed
twice, and `NOT_OURS` gives no reason why it may. A page's score must be 90 at least.
"""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

TOOL = Path(__file__).parent.parent / "tools" / "lighthouse"
BROWSER = "chromium-headless-shell"
PUBLIC = ("/", "/policy", "/quote/", "/products/optipro-process/", "/sign-in/")
HERS = ("/account/requests/", "/account/data/")
DEVICES = ("mobile", "desktop")
PASSES = 0.9
"""From here on Lighthouse shows a score in green."""
_OF_THE_HOUR = "a time of this machine's processor, slowed four times for a telephone: it counts in the score"
NOT_OURS: Mapping[str, str] = {
    "render-blocking-insight": "no page is shown without its styles; all sheets together are 27 kB, and kept for good",
    "network-dependency-tree-insight": "it fails with any style sheet, which the page has to name first",
    "document-latency-insight/usesCompression": "pages with someone's data or with a form's secret aren't compressed",
    "total-blocking-time": _OF_THE_HOUR,
    "max-potential-fid": _OF_THE_HOUR,
}
"""Audits that may fail, and why: decision 0191."""
_STARTS_WITHIN_SECONDS = 180


@dataclass(frozen=True)
class Audited:
    """What Lighthouse says of a page. `failed`: id of an audit → its title, and what it would save."""

    page: str
    device: str
    score: float
    metrics: Mapping[str, float]
    failed: Mapping[str, str]

    def ours(self) -> set[str]:
        return {id for id in self.failed if id not in NOT_OURS}


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the site and the browser end with this process
    with _demo() as (base, password):
        cookie = _sign_in(base, password)
        wanted = [(page, device) for page in (*PUBLIC, *HERS) for device in DEVICES]
        first = [_print(each) for each in _audit(base, wanted, cookie=cookie)]
        again = [(each.page, each.device) for each in first if each.ours()]
        second = {(each.page, each.device): each for each in _audit(base, again, cookie=cookie)}
    ours = [
        f"{each.page} {each.device}: {each.failed[id]} ({id})"
        for each in first
        if each.ours()
        for id in sorted(each.ours() & second[each.page, each.device].ours())
    ]
    print("\n".join(["", *(f"{id}: not ours, for {why}" for id, why in NOT_OURS.items())]))
    print("\n".join(["", *ours]))
    print(f"Load of the machine: {os.getloadavg()[1]:.1f}. Times mean something where nothing else runs.")
    print(
        f"{len(ours)} that are ours failed, in the first run and again."
        if ours
        else "No audit that is ours failed twice."
    )
    sys.exit(bool(ours))


@contextmanager
def _demo() -> Iterator[tuple[str, str]]:
    """The demo site as `make run` serves it, in a folder of its own: its address, and its customers' password."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    var = Path(tempfile.mkdtemp(prefix="troth-lighthouse-"))
    var.chmod(0o711)  # the site's processes may run as other users
    log = var / "said.txt"
    environ = {**os.environ, "TROTH_VAR": str(var / "var"), "TROTH_PORT": str(port), "TROTH_DEMO": "1"}
    with log.open("wb") as said:
        site = subprocess.Popen(
            [sys.executable, "-u", "-m", "troth", "run"], env=environ, stdout=said, stderr=said, start_new_session=True
        )
    try:
        yield f"http://localhost:{port}", _await_password(site, log)
    finally:
        site.send_signal(signal.SIGTERM)
        site.wait(60)
        shutil.rmtree(var, ignore_errors=True)


def _await_password(site: "subprocess.Popen[bytes]", log: Path) -> str:
    until = time.monotonic() + _STARTS_WITHIN_SECONDS
    while "Stop with Ctrl-C" not in (said := log.read_text()):
        if site.poll() is not None or time.monotonic() > until:
            sys.exit(f"The demo site didn't start.\n{said}")
        time.sleep(0.2)
    found = re.search(r"^Customers sign in .* as (\S+@\S+?),.*\nTheir password here: (\S+)$", said, re.MULTILINE)
    if found is None:
        sys.exit(f"The demo site names no customer.\n{said}")
    return " ".join(found.groups())


def _sign_in(base: str, customer: str) -> str:
    """The cookies of a customer who signed in, as a header. `customer`: their address and password."""
    address, password = customer.split()
    cookies = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies))
    opener.addheaders = [("Origin", base), ("Sec-Fetch-Site", "same-origin")]
    sent = urllib.parse.urlencode({"address": address, "password": password, "next": ""}).encode()
    with opener.open(f"{base}/sign-in/", data=sent, timeout=60) as answer:
        if "/account/" not in answer.url:
            sys.exit(f"{address} can't sign in; the site answered with {answer.url}")
    return "; ".join(f"{each.name}={each.value}" for each in cookies)


def _audit(base: str, wanted: list[tuple[str, str]], *, cookie: str) -> Iterator[Audited]:
    """Each page by itself, as a first visit, one after another in one browser."""
    browser = shutil.which(BROWSER)
    if browser is None:
        sys.exit(f"There is no browser. Install the Debian package: apt-get install {BROWSER}")
    asked = [
        {"address": base + page, "device": device, "cookie": cookie if page in HERS else ""} for page, device in wanted
    ]
    if not asked:
        return
    command = [str(Path(sys.executable).with_name("node")), str(TOOL / "audit.mjs"), browser]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as node:
        assert node.stdin is not None
        assert node.stdout is not None
        node.stdin.write(json.dumps(asked))
        node.stdin.close()
        try:
            for (page, device), line in zip(wanted, node.stdout, strict=True):
                yield _read(page, device, json.loads(line))
        finally:
            if node.poll() is None:
                node.send_signal(signal.SIGINT)  # it ends its browser first


def _read(page: str, device: str, report: Mapping[str, Any]) -> Audited:
    """Raises SystemExit where Lighthouse saw no page, or another one."""
    seen = urllib.parse.urlsplit(report["finalDisplayedUrl"]).path
    if report.get("runtimeError") or seen != page:
        sys.exit(f"Lighthouse asked for {page} and saw {seen}: {report.get('runtimeError')}")
    audits = report["audits"]
    return Audited(
        page=page,
        device=device,
        score=report["categories"]["performance"]["score"],
        metrics={
            "FCP s": audits["first-contentful-paint"]["numericValue"] / 1000,
            "LCP s": audits["largest-contentful-paint"]["numericValue"] / 1000,
            "TBT s": audits["total-blocking-time"]["numericValue"] / 1000,
            "CLS": audits["cumulative-layout-shift"]["numericValue"],
            "kB": audits["total-byte-weight"]["numericValue"] / 1000,
        },
        failed=dict(_list_failed(report)),
    )


def _list_failed(report: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Of an audit that is a list of checks, each that failed. And the whole score, where it isn't green."""
    score = report["categories"]["performance"]["score"]
    if score < PASSES:
        yield "score", f"Performance {score * 100:.0f}"
    for id, each in report["audits"].items():
        if each["score"] is None or each["score"] >= PASSES or each["scoreDisplayMode"] == "informative":
            continue
        title = f"{each['title']} {each.get('displayValue', '')}".strip()
        details = each.get("details", {})
        if details.get("type") == "checklist":
            yield from ((f"{id}/{check}", title) for check, it in details["items"].items() if not it["value"])
        else:
            yield id, title


def _print(each: Audited) -> Audited:
    metrics = "  ".join(f"{name} {value:6.2f}" for name, value in each.metrics.items())
    failed = ", ".join(each.failed) or "none"
    print(f"{each.page:28} {each.device:8} {each.score * 100:4.0f}  {metrics}  failed: {failed}", flush=True)
    return each


if __name__ == "__main__":
    main()
