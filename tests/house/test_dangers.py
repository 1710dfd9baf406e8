"""What the program never does, read from its source: each rule finds what is planted, and nothing in the tree.

The tree is read without anybody's exceptions: what ruff is told to pass over elsewhere is looked at here.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.house.sources import list_files, read

ROOT = Path(__file__).parent.parent.parent
SRC = ROOT / "src" / "troth"
CODES = {
    "V1.2.1": "S308,S701,S702,S704",
    "V1.2.4": "S608,S610,S611",
    "V1.2.5": "S602,S604,S605,S606",
    "V1.3.2": "S102,S301,S302,S307,S506",
    "V11.3.1": "S304,S305",
    "V11.4.1": "S303,S324",
    "V11.5.1": "S311",
    "V12.3.2": "S323,S501,S502,S503,S504",
}
NAMES = {
    "V1.2.5": ["subprocess", "os.system", "os.popen", "os.execv", "os.execvp", "os.spawnv", "pty", "pexpect"],
    "V1.3.2": ["pickle", "marshal", "shelve", "dill", "code", "codeop", "runpy", "jinja2", "importlib.import_module"],
    "V1.5.1": ["xml", "lxml", "defusedxml", "xmltodict", "plistlib", "xmlrpc"],
    "V11.3.1": [
        "cryptography.hazmat.primitives.ciphers.modes",
        "cryptography.hazmat.primitives.ciphers.Cipher",
        "cryptography.hazmat.primitives.asymmetric.padding",
        "Crypto",
        "nacl",
    ],
    "V11.4.1": [
        "hashlib.md5",
        "hashlib.sha1",
        "hashlib.new",
        "cryptography.hazmat.primitives.hashes.MD5",
        "cryptography.hazmat.primitives.hashes.SHA1",
    ],
    "V11.5.1": ["random"],
    "V15.3.1": [
        "django.core.serializers",
        "django.forms.models.model_to_dict",
        "django.forms.model_to_dict",
        "django.forms.ModelForm",
        "django.forms.models.ModelForm",
        "rest_framework",
    ],
}
KNOWN = {
    # Where a rule finds something that is meant, and why it is harmless.
    "V1.2.1": {"web/tags.py"},  # a constant picture, and empty answers: what is shown goes through format_html
    # Names of tables and columns that stand in the same file; every value is a parameter.
    "V1.2.4": {
        "gate/facts.py",
        "records/accounts.py",
        "records/ledger/entries.py",
        "records/ledger/past.py",
        "records/profile.py",
        "records/ledger/verifying/erasures.py",
        "queries.py",  # names of our own tables and columns
        "records/stepping.py",  # columns of a request, from its model
        "records/ledger/verifying/sealed.py",
        "records/ledger/verifying/waiting.py",
    },
    "V11.3.1": {"outbox/dkim.py"},  # RFC 6376 states this padding for signatures; nothing is encrypted with it
    "V1.2.5": {
        "apart.py",
        "backup.py",
        "database.py",
        "supervise.py",
        "users.py",
        "collection/mailbox/sandbox.py",
    },  # lists of words, and no request is near
    "V1.3.2": {
        "cli/listed.py",  # a command's module, named in a table of commands
        "collection/forms/types/__init__.py",  # the modules of its own folder
    },
    "V11.4.1": {"security/factors/codes.py"},  # what RFC 6238 says, under HMAC
    "V11.5.1": {"collection/demo.py", "uses/newsletter/demo.py"},  # which invented person asks for what
}


def found(*paths: Path) -> set[tuple[str, str]]:
    """(file, requirement) for everything that breaks one, whatever comments or settings excuse."""
    banned = ", ".join(
        f"{json.dumps(name)} = {{msg = {json.dumps(rule)}}}" for rule, names in NAMES.items() for name in names
    )
    done = subprocess.run(
        [
            Path(sys.executable).parent / "ruff",
            "check",
            "--isolated",
            "--ignore-noqa",
            "--no-cache",
            "--select",
            ",".join(["TID251", *CODES.values()]),
            "--output-format",
            "json",
            "--config",
            f"lint.flake8-tidy-imports.banned-api = {{{banned}}}",
            *paths,
        ],
        capture_output=True,
        text=True,
    )
    assert done.returncode in (0, 1), done.stderr
    return {(each["filename"], _rule(each)) for each in json.loads(done.stdout)}


def _rule(finding: dict[str, str]) -> str:
    if finding["code"] == "TID251":
        return finding["message"].rpartition(" ")[2]
    return next((rule for rule, codes in CODES.items() if finding["code"] in codes.split(",")), finding["code"])


@pytest.fixture(scope="module")
def tree() -> set[tuple[str, str]]:
    return {(str(Path(file).relative_to(SRC)), rule) for file, rule in found(SRC)}


def check(rule: str, planted: str, tree: set[tuple[str, str]], folder: Path) -> None:
    module = folder / "planted.py"
    module.write_text(planted + "\n")
    assert (str(module), rule) in found(module), "the rule does not find what it is for"
    assert {file for file, broken in tree if broken == rule} == KNOWN.get(rule, set())


@pytest.mark.asvs("V1.2.1")
def test_nothing_given_is_marked_as_html(tree, tmp_path):
    check("V1.2.1", "from django.utils.safestring import mark_safe\nmark_safe(given)", tree, tmp_path)


@pytest.mark.asvs("V1.2.1")
@pytest.mark.parametrize("planted", ["SafeString(given)", 'SafeString(f"<b>{given}</b>")', "SafeText(given)"])
def test_nothing_given_is_made_html_by_its_type(planted):
    made = re.compile(r"""\bSafe(?:String|Text)\((?!(?:"[^"]*"|'[^']*')\))""")
    assert made.search(planted)
    assert breaking(made, list_files(SRC, "*.py")) == {"markup.py"}  # where all that is given is escaped


@pytest.mark.asvs("V1.2.4")
@pytest.mark.parametrize(
    "planted",
    [
        "cursor.execute(f\"select 1 from datum where kind = '{kind}'\")",
        'from django.db.models.expressions import RawSQL\nRawSQL("select %s" % given)',
        "User.objects.extra(where=[given])",
    ],
)
def test_no_query_is_put_together_from_what_was_given(tree, tmp_path, planted):
    check("V1.2.4", planted, tree, tmp_path)


@pytest.mark.asvs("V1.2.5")
@pytest.mark.parametrize(
    "planted",
    [
        "import subprocess\nsubprocess.run(given, shell=True)",
        "import os\nos.system(given)",
        "import subprocess",
        "from os import popen",
    ],
)
def test_no_shell_is_asked_and_programs_are_started_in_six_modules_only(tree, tmp_path, planted):
    check("V1.2.5", planted, tree, tmp_path)


@pytest.mark.asvs("V1.3.2")
@pytest.mark.asvs("V1.5.2")
@pytest.mark.parametrize(
    "planted",
    [
        "eval(given)",
        "exec(given)",
        "import pickle",
        "from marshal import loads",
        "import yaml\nyaml.load(given)",
        "from importlib import import_module",
        "import jinja2",
    ],
)
def test_nothing_given_is_run_or_unpickled(tree, tmp_path, planted):
    check("V1.3.2", planted, tree, tmp_path)


@pytest.mark.asvs("V1.5.1")
@pytest.mark.parametrize(
    "planted", ["import xml.etree.ElementTree", "from lxml import etree", "from xml.sax import parse"]
)
def test_no_xml_is_parsed(tree, tmp_path, planted):
    check("V1.5.1", planted, tree, tmp_path)


@pytest.mark.asvs("V11.3.1")
@pytest.mark.parametrize(
    "planted",
    [
        "from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes",
        "from cryptography.hazmat.primitives.ciphers.modes import ECB",
        "from cryptography.hazmat.primitives.asymmetric import padding",
        "from Crypto.Cipher import AES",
    ],
)
def test_no_block_mode_and_no_padding_is_chosen_by_hand(tree, tmp_path, planted):
    check("V11.3.1", planted, tree, tmp_path)


@pytest.mark.asvs("V11.4.1")
@pytest.mark.parametrize(
    "planted",
    [
        "import hashlib\nhashlib.md5(b'')",
        "from hashlib import sha1",
        "import hashlib\nhashlib.new('md5')",
        "from cryptography.hazmat.primitives.hashes import MD5",
        "import hashlib\nhashlib.md5(b'', usedforsecurity=False)",
    ],
)
def test_no_broken_hash_is_used_but_where_the_standard_of_app_codes_says_so(tree, tmp_path, planted):
    check("V11.4.1", planted, tree, tmp_path)


@pytest.mark.asvs("V6.5.3")
@pytest.mark.asvs("V11.5.1")
@pytest.mark.parametrize("planted", ["import random\nrandom.random()", "from random import choice"])
def test_secrets_come_from_no_guessable_source(tree, tmp_path, planted):
    check("V11.5.1", planted, tree, tmp_path)


@pytest.mark.asvs("V12.3.2")
@pytest.mark.parametrize(
    "planted",
    ["import ssl\nssl._create_unverified_context()", "import ssl\nssl.wrap_socket(ssl_version=ssl.PROTOCOL_TLSv1)"],
)
def test_no_connection_leaves_out_the_look_at_the_certificate(tree, tmp_path, planted):
    check("V12.3.2", planted, tree, tmp_path)


@pytest.mark.asvs("V15.3.1")
@pytest.mark.asvs("V15.3.3")
@pytest.mark.parametrize(
    "planted",
    [
        "from django.core import serializers",
        "from django.forms.models import model_to_dict",
        "from django.forms import ModelForm",
    ],
)
def test_no_row_is_read_or_written_as_a_whole(tree, tmp_path, planted):
    check("V15.3.1", planted, tree, tmp_path)


CRYPTOGRAPHY = {
    "exceptions.InvalidSignature",
    "exceptions.InvalidTag",
    "hazmat.primitives.hashes",
    "hazmat.primitives.hashes.SHA1",
    "hazmat.primitives.kdf.hkdf.HKDF",
    "hazmat.primitives.ciphers.aead.AESGCM",
    "hazmat.primitives.ciphers.aead.AESSIV",
    "hazmat.primitives.asymmetric.ed25519.Ed25519PrivateKey",
    "hazmat.primitives.asymmetric.ed25519.Ed25519PublicKey",
    "hazmat.primitives.asymmetric.padding.PKCS1v15",
    "hazmat.primitives.asymmetric.rsa.RSAPrivateKey",
    "hazmat.primitives.serialization.Encoding",
    "hazmat.primitives.serialization.PublicFormat",
    "hazmat.primitives.serialization.load_pem_private_key",
    "hazmat.primitives.twofactor.totp.TOTP",
}


@pytest.mark.asvs("V11.2.1")
@pytest.mark.asvs("V11.3.2")
@pytest.mark.asvs("V11.6.1")
def test_ciphers_and_signatures_are_those_of_this_list_all_of_one_library():
    """AES-256 in GCM, and in SIV where the same address must give the same bytes; Ed25519; HKDF."""
    imports = re.compile(r"^from cryptography\.([\w.]+) import (.+)$", re.MULTILINE)
    used = {
        f"{module}.{name.strip()}"
        for path in list_files(SRC, "*.py")
        for module, names in imports.findall(read(path))
        for name in names.split(",")
    }
    assert used == CRYPTOGRAPHY
    assert not [
        path for path in list_files(SRC, "*.py") if re.search(r"^import cryptography", read(path), re.MULTILINE)
    ]


UNESCAPED = re.compile(r"\|\s*(?:safe|safeseq)\b|\{%\s*autoescape\s+off")
SCRIPTED = re.compile(r"<script(?![^>]*\bsrc=)|<script[^>]*>[^<]|\son\w+\s*=|javascript:|\bsrcdoc\s*=", re.IGNORECASE)
SINKS = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser|\.setHTML|srcdoc"
    r"|\beval\(|new Function|set(?:Timeout|Interval)\(\s*[\"'`]|localStorage|indexedDB|postMessage"
)


def breaking(rule: re.Pattern[str], files: Iterator[Path]) -> set[str]:
    return {path.name for path in files if rule.search(read(path))}


@pytest.mark.asvs("V1.2.1")
@pytest.mark.parametrize("planted", ["{{ name|safe }}", "{{ names | safeseq }}", "{% autoescape off %}"])
def test_no_page_turns_escaping_off_but_for_the_policys_own_prose(planted):
    assert UNESCAPED.search(planted)
    assert breaking(UNESCAPED, SRC.glob("**/templates/**/*.html")) == {
        "section.html",
        "draft.html",
        "sides.html",
        "translation.html",
    }


@pytest.mark.asvs("V1.2.3")
@pytest.mark.parametrize(
    "planted",
    [
        "<script>let a = '{{ name }}'</script>",
        '<script type="module">x</script>',
        '<a onclick="f()">',
        '<a href="javascript:f()">',
        '<script src="/a.js">f()</script>',
    ],
)
def test_no_page_builds_a_script_from_what_was_given(planted):
    assert SCRIPTED.search(planted)
    assert breaking(SCRIPTED, SRC.glob("**/templates/**/*.html")) == set()


@pytest.mark.asvs("V3.2.2")
@pytest.mark.asvs("V14.3.3")
@pytest.mark.parametrize(
    "planted",
    [
        "it.innerHTML = told.error",
        'it.insertAdjacentHTML("x", y)',
        "document.write(told)",
        "eval(told)",
        'setTimeout("f()", 1)',
        "localStorage.setItem('address', it)",
    ],
)
def test_our_scripts_write_text_as_text_and_keep_nothing_in_the_browser(planted):
    scripts = list(SRC.glob("**/static/**/*.js"))
    assert SINKS.search(planted)
    assert scripts
    assert breaking(SINKS, iter(scripts)) == set()
