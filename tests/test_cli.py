"""The commands on files, as an author of a policy uses them."""

import json
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from troth.cli import main, troth

REFERENCE = Path(__file__).parent.parent / "examples" / "optiproerp"


def call(*words: str | Path) -> Result:
    return CliRunner().invoke(troth, list(map(str, words)))


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    assert (
        call("new", folder, "--organization", "Acme & Sons", "--domain", "acme.example", "--place", "US-CA").exit_code
        == 0
    )
    return folder


def edit(site: Path, *, old: str, new: str) -> Path:
    document = site / "policy.md"
    text = document.read_text()
    assert old in text
    document.write_text(text.replace(old, new, 1))
    return document


def test_new_site_has_no_findings(site: Path) -> None:
    said = call("policy", "check", site)
    assert said.exit_code == 0
    assert "is valid: version 1" in said.output


def test_new_asks_three_questions_and_asks_again_what_it_cant_use(tmp_path: Path) -> None:
    answers = "{{x}}\n  \nBlüte GmbH\nnot a domain\nhttps://www.Blüte.example/\nXX\nbayern\nGeorgia\nde-by\n"
    said = CliRunner().invoke(troth, ["new", str(tmp_path / "site")], input=answers)
    assert said.exit_code == 0, said.output
    assert "“{{x}}” holds {}, which a policy reads as a placeholder or as formatting." in said.output
    assert "A company has a name." in said.output
    assert "“not a domain” isn't a domain. Example: example.com" in said.output
    assert "“XX” isn't the code of a country or of a state of one. Examples: US, US-CA, DE" in said.output
    assert "“bayern” isn't the code of a country or of a state of one. Did you mean DE-BY?" in said.output
    assert "Did you mean GE or US-GA?" in said.output
    policy = (tmp_path / "site/policy.md").read_text()
    assert "privacy@xn--blte-1ra.example" in policy
    assert "example.com" not in policy
    assert "holidays: DE-BY" in (tmp_path / "site/brand.yaml").read_text()
    assert "Times are in Europe/Berlin: if yours is another one, change it in brand.yaml." in said.output
    routing = (tmp_path / "site/routing.yaml").read_text()
    assert 'title: "Germany"' in routing
    assert "sales@xn--blte-1ra.example" in routing
    assert call("policy", "check", tmp_path / "site").exit_code == 0


def test_new_ends_with_the_next_three_commands(tmp_path: Path) -> None:
    folder = tmp_path / "our site"
    said = call("new", folder, "--organization", "Acme", "--domain", "acme.example", "--place", "US")
    commands = [shlex.split(line, comments=True) for line in said.output.splitlines()[-3:]]
    named = f"TROTH_SITE={folder}"
    assert commands == [["troth", "policy", "check", str(folder)], [named, "troth", "run"], [named, "troth", "doctor"]]
    assert call(*commands[0][1:]).exit_code == 0


def test_new_refuses_a_filled_folder_before_it_asks(site: Path) -> None:
    said = CliRunner().invoke(troth, ["new", str(site)], input="")
    assert said.exit_code == 1
    assert "Company name" not in said.output


def test_new_site_never_overwrites_a_folder(site: Path) -> None:
    before = (site / "policy.md").read_bytes()
    said = call("new", site)
    assert said.exit_code == 1
    assert "already holds files" in said.output
    assert (site / "policy.md").read_bytes() == before


def test_reference_policy_is_sound() -> None:
    assert call("policy", "check", REFERENCE).exit_code == 0


def test_broken_policy_is_refused_with_line_excerpt_and_hint(site: Path) -> None:
    document = edit(site, old="purpose: ", new="porpoise: ")
    said = call("policy", "check", document)
    assert said.exit_code == 1
    assert "    | porpoise:" in said.output
    assert "    = " in said.output


def test_changed_paragraph_is_shown_and_confirmed(site: Path) -> None:
    document = site / "policy.md"
    text = document.read_text()
    words = next(line for line in text.splitlines() if line.startswith("words: "))
    document.write_text(text.replace(words, "words: 00000000", 1))
    assert call("policy", "check", document).exit_code == 1
    assert "1 paragraph confirmed." in call("policy", "confirm", document, "--yes").output
    assert document.read_text() == text


def test_diff_of_equal_texts_says_that_nothing_changes(site: Path) -> None:
    assert call("policy", "diff", site, site).output == "No change: the rules and the words are the same.\n"


def test_explain_quotes_the_policy() -> None:
    said = call("policy", "explain", REFERENCE, "quotes", "email", "--channel", "form.quote").output
    assert "Yes." in said
    assert "U6" in said


def test_explain_says_no_to_what_is_not_stated() -> None:
    said = call("policy", "explain", REFERENCE, "horoscopes", "email").output
    assert "No." in said


def test_show_lists_purposes_with_their_sections() -> None:
    assert "#U6 Quotes (quotes)" in call("policy", "show", REFERENCE).output


def test_published_page_has_every_anchor_and_linked_data(site: Path, tmp_path: Path) -> None:
    assert call("policy", "publish", site, "--to", tmp_path / "out").exit_code == 0
    page = (tmp_path / "out" / "index.html").read_text()
    assert "Acme &amp; Sons" in page
    assert "<table>" in page
    assert json.loads((tmp_path / "out" / "policy.jsonld").read_text())["@type"] == "dpv:PrivacyNotice"
    assert (tmp_path / "out" / "policy.md").read_bytes() == (site / "policy.md").read_bytes()


def test_policy_with_errors_cannot_be_published_or_adopted(site: Path, tmp_path: Path) -> None:
    edit(site, old="purpose: ", new="porpoise: ")
    for command in (("publish", site, "--to", tmp_path / "out"), ("adopt", site, "--yes")):
        said = call("policy", *command)
        assert said.exit_code == 1
        assert "Fix them first" in said.output
    assert not (tmp_path / "out").exists()


@pytest.mark.django_db(transaction=True)
def test_adopted_policy_is_in_force_and_a_second_adoption_of_it_is_refused(site: Path) -> None:
    from troth import in_force

    said = call("policy", "adopt", site, "--yes", "--by", "ines")
    assert "Version 1 is in force." in said.output
    assert in_force.policy().organization == "Acme & Sons"
    again = call("policy", "adopt", site, "--yes")
    assert again.exit_code == 1
    assert "Version 1 is adopted already" in again.output


def test_a_folder_without_a_policy_is_said_to_have_none(tmp_path: Path) -> None:
    said = call("policy", "check", tmp_path)
    assert said.exit_code == 1
    assert "There is no policy at" in said.output


def test_confirming_a_file_in_another_encoding_says_what_to_do(site: Path) -> None:
    (site / "policy.md").write_bytes("Größe".encode("latin-1"))
    said = call("policy", "confirm", site)
    assert said.exit_code == 1
    assert "isn't UTF-8 text" in said.output


def test_publishing_onto_a_file_says_what_to_do(site: Path) -> None:
    said = call("policy", "publish", site, "--to", site / "policy.md")
    assert said.exit_code == 1
    assert "Can't write to the folder" in said.output


def test_a_purpose_that_may_use_more_is_never_nothing(site: Path) -> None:
    text = (REFERENCE / "policy.md").read_text()
    wider = site / "wider.md"
    start = text.index("purpose: quotes\n")
    place = text.index("may use: [", start) + len("may use: [")
    wider.write_text(text[:place] + "interests, " + text[place:])
    said = call("policy", "diff", REFERENCE, wider)
    assert "No change" not in said.output
    assert "nterests" in said.output


def test_only_the_owner_looks_at_the_gates_rows_and_others_are_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://troth_app@localhost/troth")
    monkeypatch.delenv("TROTH_OWNER_URL")
    done = call("gate", "rebuild", "--compare")
    assert done.exit_code == 1
    assert "Set TROTH_OWNER_URL" in done.output


def test_check_warns_of_a_policy_under_which_nobody_can_sign_in(site: Path) -> None:
    document = edit(site, old="cookie: __Host-troth-session", new="cookie: __Host-other")
    said = call("policy", "check", document.parent)
    assert "The policy declares no cookie named __Host-troth-session, so nobody can sign in" in said.output


def test_the_list_of_commands_and_every_help_are_for_everyone_and_write_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://troth_app@localhost/troth")
    monkeypatch.delenv("TROTH_OWNER_URL")
    monkeypatch.chdir(tmp_path)
    listed = call("--help")
    assert listed.exit_code == 0
    assert "..." not in listed.output.partition("Commands:")[2], "each line is whole"
    for name in troth.list_commands(click.Context(troth)):
        shown = call(name, "--help")
        assert (shown.exit_code, shown.output.splitlines()[0].split()[:3]) == (0, ["Usage:", "troth", name])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["a server", "postgresql://postgres:x@localhost:port/postgres?no", "=x"])
def test_what_is_no_url_of_a_server_is_named_before_anything_is_tried(url: str) -> None:
    said = call("database", "init", "--superuser-url", url)
    assert said.exit_code == 1
    assert "can't be read; it must look like postgresql://postgres:…@host/postgres." in said.output
    assert url not in said.output, "it may have a password"


def test_in_a_folder_that_was_deleted_every_command_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    tmp_path.rmdir()
    with pytest.raises(SystemExit):
        main()
    assert "The folder you are in was deleted" in capsys.readouterr().err
