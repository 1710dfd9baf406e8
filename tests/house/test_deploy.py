"""What is shipped for operators: each setting in it exists, each file is one that its own program accepts."""

import functools
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from tests.house.sources import list_files, read
from tests.tls import certificate

from troth import configuration, supervise
from troth.cli import troth
from troth.serve import limits

ROOT = Path(__file__).parent.parent.parent
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("troth*"))
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
_SETTING = re.compile(r"\b(?:TROTH_[A-Z_]+|DATABASE_URL)\b")
_READ = re.compile(r"""["'](TROTH_[A-Z_]+|DATABASE_URL)["']""")
LEAST_HARDENED = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "RestrictNamespaces": "yes",
    "SystemCallArchitectures": "native",
    "UMask": "0077",
}


@functools.cache
def known() -> set[str]:
    """Settings that the program reads somewhere."""
    return {name for path in list_files(ROOT / "src", "*.py") for name in _READ.findall(read(path))}


def unit(path: Path) -> dict[str, list[str]]:
    """The lines of [Service] by name: some names stand several times."""
    found: dict[str, list[str]] = {}
    for line in read(path).splitlines():
        if "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            found.setdefault(name, []).append(value)
    return found


@pytest.mark.parametrize(
    "file",
    [
        *(path for path in sorted(DEPLOY.rglob("*")) if path.is_file()),
        ROOT / "docs/running.md",
    ],
    ids=lambda path: path.name,
)
def test_every_setting_named_in_it_exists(file: Path) -> None:
    assert set(_SETTING.findall(read(file))) - known() == set()


def test_settings_page_lists_every_setting_of_the_environment() -> None:
    said = set(_SETTING.findall((ROOT / "src/troth/settings.py").read_text().split('"""')[1]))
    read = set(_READ.findall((ROOT / "src/troth/environment.py").read_text()))
    assert read - said == set()


def test_the_example_is_read_without_a_finding(tmp_path: Path) -> None:
    from troth.environment import Environment

    (tmp_path / "troth.env").write_text((DEPLOY / "troth.env").read_text())
    read = Environment.read(configuration.read(tmp_path))
    assert (read.https, read.smtp.tls, read.smtp.port) == (True, "starttls", 587)
    assert [str(network) for network in read.proxies] == ["127.0.0.1/32"]


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.stem)
def test_each_service_is_hardened_and_runs_a_command_that_exists(path: Path) -> None:
    said = unit(path)
    assert {name: said[name][0] for name in LEAST_HARDENED} == LEAST_HARDENED
    program, command, *_ = said["ExecStart"][0].split()
    assert program == "/opt/troth/bin/troth"
    assert command in troth.list_commands(None)  # type: ignore[attr-defined]
    assert set(said["CapabilityBoundingSet"][0].split()) <= {"CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER"}


@pytest.mark.parametrize("name", ["web", "work", "seal"])
def test_a_service_that_stays_knows_no_more_than_under_troth_run(name: str) -> None:
    said = unit(DEPLOY / "systemd" / f"troth-{name}.service")
    given = {Path(file).name for file in said["EnvironmentFile"]}
    variables = {file.name: file.variable for file in configuration.ADDRESS_FILES.values()}
    assert {variables[file] for file in given if file in variables} & supervise.KNOWS_NOT[name] == set()
    assert said["User"] == [{"seal": "troth-seal"}.get(name, "troth-web")]
    assert said["CapabilityBoundingSet"] == [""]
    written = set(said["ReadWritePaths"][0].split())
    assert written <= {
        "/var/lib/troth/journal",
        "/var/lib/troth/files",
        "/var/lib/troth/outbox",
        "/var/lib/troth/ledger",
    }


def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("there is no systemd here")
    for path in UNITS:
        (tmp_path / path.name).write_text(read(path).replace("/opt/troth/bin/troth", sys.executable))
    files = [tmp_path / path.name for path in UNITS]
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", *files], capture_output=True, text=True)
    ours = [line for line in done.stderr.splitlines() if "troth" in line]
    assert (ours, done.returncode) == ([], 0), done.stderr


@pytest.mark.parametrize("name", ["sysusers", "tmpfiles"])
def test_users_and_folders_are_those_of_the_units(name: str) -> None:
    lines = (DEPLOY / "systemd" / f"{name}.conf").read_text()
    for service in ("web", "work", "seal"):
        said = unit(DEPLOY / "systemd" / f"troth-{service}.service")
        assert said["User"][0] in lines
        for folder in said["ReadWritePaths"][0].split() if name == "tmpfiles" else ():
            assert re.search(rf"^d {folder} +0\d+ {said['User'][0]} ", lines, re.MULTILINE)
    for gecos in re.findall(r'"([^"]*)"', lines):
        assert ":" not in gecos, "systemd-sysusers refuses it"


def test_nginx_accepts_the_file(tmp_path: Path) -> None:
    if shutil.which("nginx") is None:
        pytest.skip("there is no nginx here")
    pem = certificate(tmp_path, name="portal.example.com")
    ours = re.sub(r"/etc/letsencrypt/\S+\.pem", str(pem), (DEPLOY / "nginx.conf").read_text())
    whole = f"pid {tmp_path}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{\n{ours}\n}}\n"
    (tmp_path / "nginx.conf").write_text(whole)
    asked = ["nginx", "-t", "-e", "stderr", "-c", tmp_path / "nginx.conf"]
    done = subprocess.run(asked, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_caddy_accepts_the_file() -> None:
    if shutil.which("caddy") is None:
        pytest.skip("there is no caddy here")
    asked = ["caddy", "adapt", "--config", DEPLOY / "Caddyfile", "--adapter", "caddyfile", "--validate"]
    done = subprocess.run(asked, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_proxies_pass_on_what_the_program_takes_and_log_no_address() -> None:
    most = limits.MOST_UPLOAD_BYTES // 1024**2
    nginx, caddy = (DEPLOY / "nginx.conf").read_text(), (DEPLOY / "Caddyfile").read_text()
    assert re.findall(r"client_max_body_size +(\w+);", nginx) == [f"{most}m"]
    assert re.findall(r"max_size (\w+)", caddy) == [f"{most}MiB"]
    servers = len(re.findall(r"^server {", nginx, re.MULTILINE))
    assert (
        nginx.count("\n    access_log off;") == nginx.count("\n    error_log /var/log/nginx/error.log crit;") == servers
    )
    assert re.findall(r"^\s*log\b[^}]*}", caddy, re.MULTILINE) == [
        "\tlog {\n\t\texclude http.log.error http.handlers.reverse_proxy\n\t}"
    ]


def test_compose_runs_the_same_commands_as_the_units() -> None:
    services = yaml.safe_load((DEPLOY / "container/compose.yaml").read_text())["services"]
    for name in ("prepare", "web", "work", "seal"):
        started = unit(DEPLOY / "systemd" / f"troth-{name}.service")["ExecStart"][0].split()[1:]
        assert services[name]["command"] == started
        assert services[name]["cap_drop"] == ["ALL"]
        assert services[name]["read_only"] is True
    for name in ("proxy", "doctor"):
        assert services[name]["network_mode"] == "service:web", "pages listen on 127.0.0.1 alone"
    assert "user" not in services["doctor"], "The note of the last backup and the keys are root's and the signer's."


def test_what_the_page_names_is_there() -> None:
    page = (ROOT / "docs/running.md").read_text()
    assert len(page.splitlines()) <= 200
    named = re.findall(r"(?:/usr/src/troth/|`)(deploy/[\w./*-]+)", page)
    assert len(named) > 8
    assert [each for each in named if not list(ROOT.glob(each.rstrip("/")))] == []
    commands = set(re.findall(r"^troth (\w+)", page, re.MULTILINE)) | set(re.findall(r"`troth (\w+)", page))
    assert commands <= set(troth.list_commands(None))  # type: ignore[attr-defined]
    assert {"new", "database", "doctor", "staff", "keys"} <= commands
    assert [path.name for path in UNITS if path.stem not in page] == []
