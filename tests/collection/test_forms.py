"""Forms are what the policy says, and nothing else."""

from collections.abc import Mapping

import pytest
from django.http import QueryDict
from tests.visits import MARISOL, SITE

from troth.collection.forms import build, places
from troth.collection.forms.build import NotStated
from troth.collection.forms.form import TRAP, PolicyForm
from troth.collection.forms.normalize import email
from troth.collection.forms.places import postal_code, refuse_elsewhere
from troth.policy import Policy, compile
from troth.text import CannotRead

LISTS = {
    "product": [("optipro-process", "OptiPro Process")],
    "edition": [("company", "Company")],
    "need": [("quote", "A quote"), ("service", "Service")],
}


@pytest.fixture(scope="module")
def policy() -> Policy:
    compiled = compile((SITE / "policy.md").read_bytes())
    assert compiled.policy is not None
    return compiled.policy


def filled(policy: Policy, changed: Mapping[str, str], *, place: str = "form.quote", session: str = "") -> PolicyForm:
    data = QueryDict(mutable=True)
    data.update({"nonce": build(policy, place, lists=LISTS, session=session).fresh_nonce, **MARISOL, **changed})
    return build(policy, place, lists=LISTS, data=data, session=session)


def errors_of(form: PolicyForm) -> dict[str, str]:
    return {name: " ".join(map(str, sentences)) for name, sentences in form.errors.items()}


def test_fields_are_the_policys_asks_in_its_order(policy):
    form = build(policy, "form.quote", lists=LISTS)
    assert list(form.fields) == [ask.kind for ask in policy.collects["form.quote"].asks]
    assert [name for name, field in form.fields.items() if field.required] == [
        ask.kind for ask in policy.collects["form.quote"].asks if ask.required
    ]


def test_each_place_asks_its_own(policy):
    contact, quote = build(policy, "form.contact", lists=LISTS), build(policy, "form.quote", lists=LISTS)
    assert "zip" in quote.fields
    assert "zip" not in contact.fields
    assert contact.fields["note"].required
    assert not quote.fields["note"].required


def test_every_field_says_why_and_under_which_section(policy):
    for place in ("form.quote", "form.contact", "form.register"):
        for name, field in build(policy, place, lists=LISTS).fields.items():
            assert policy.section(field.section), f"{place} {name}"
            assert policy.collects[place].ask(name).why in field.reason, f"{place} {name}"


@pytest.mark.parametrize(
    ("place", "titles"),
    [
        ("form.quote", ["About you", "Your company", "Your request"]),
        ("sales.inquiry", ["About the person", "What the person asks for"]),
        ("form.privacy", ["About you", "Your request"]),  # asked for no company: her state is her own
        ("staff.entry", ["About the person", "What the person asks for"]),
    ],
)
def test_groups_are_called_after_whoever_reads_them(policy, place, titles):
    assert [group.title for group in build(policy, place, lists=LISTS).groups] == titles


def test_a_field_used_only_for_content_names_the_section_of_content(policy):
    fields = build(policy, "form.register", lists=LISTS).fields
    assert fields["email"].section == policy.purposes["inquiries"].section
    assert fields["role"].section in {policy.purposes["inquiries"].section, policy.purposes["content"].section}


def test_a_place_that_is_not_stated_has_no_form(policy):
    with pytest.raises(NotStated):
        build(policy, "form.horoscope")


def test_what_was_typed_is_normalized(policy):
    form = filled(
        policy, {"name": "  Marisol   Vance ", "email": "Marisol.Vance@Halden-Valve-Works.EXAMPLE", "zip": "93721-1234"}
    )
    assert form.is_valid(), errors_of(form)
    assert form.values["name"] == "Marisol Vance"
    assert form.values["email"] == "Marisol.Vance@halden-valve-works.example"
    assert form.values["phone"] == "+15595550134"
    assert form.values["zip"] == "93721"


def test_a_phone_is_read_as_somebody_in_her_country_dials_it(policy):
    form = filled(policy, {"country": "DE", "state": "", "zip": "", "phone": "0711 25035700"})
    assert form.is_valid(), errors_of(form)
    assert form.values["phone"] == "+4971125035700"


def test_an_address_in_other_letters_is_kept_in_idna(policy):
    form = filled(policy, {"email": "vertrieb@bücher-maschinen.example"})
    assert form.is_valid(), errors_of(form)
    assert form.values["email"] == "vertrieb@xn--bcher-maschinen-zvb.example"


@pytest.mark.asvs("V2.2.3")
def test_state_and_zip_are_neither_asked_nor_kept_elsewhere(policy):
    form = filled(policy, {"country": "DE", "state": "", "zip": "93721", "phone": ""})
    assert form.is_valid(), errors_of(form)
    assert not {"state", "zip"} & set(form.values)
    assert "United States, Canada" in form.fields["state"].help_text


def test_a_state_of_another_country_is_refused_beside_it(policy):
    form = filled(policy, {"country": "FR", "state": "TX", "zip": "10001", "phone": ""})
    assert errors_of(form) == {"state": "Texas isn’t in France. Change one of them."}


@pytest.mark.parametrize(("code", "state"), [("09012", "AE"), ("96201", "AP"), ("34001", "AA"), ("00901", "PR")])
def test_a_soldier_gives_the_state_of_her_mail(policy, code, state):
    form = filled(policy, {"state": state, "zip": code})
    assert form.is_valid(), errors_of(form)
    assert (form.values["state"], form.values["zip"]) == (state, code)
    assert "Armed Forces Europe" in str(form["state"])
    assert str(form["state"]).count("District of Columbia") == 1


def test_each_state_of_a_country_is_listed_once():
    names = [name for _code, name in places.countries()]
    assert names.index("Costa Rica") < names.index("Côte d'Ivoire") < names.index("Croatia")
    for country, _name in places.countries():
        names = [name for _code, name in places.states(country)]
        assert len(names) == len(set(names)), country
    assert [code for code, name in places.states("ES") if name == "Cantabria"] == ["S"]
    assert ("CYI", "Chiayi (City)") in places.states("TW")
    assert places.state_name("CB", ("ES",)) == "Cantabria", "what was stored before keeps its name"


def test_a_postal_code_of_another_province_is_refused_beside_it(policy):
    form = filled(policy, {"country": "CA", "state": "BC", "zip": "k1a-0b2", "phone": ""})
    assert errors_of(form) == {"zip": "K1A 0B2 isn’t in British Columbia. Change one of them."}
    form = filled(policy, {"country": "CA", "state": "ON", "zip": "92618", "phone": ""})
    assert errors_of(form) == {"zip": "A postal code in Canada looks like H3Z 2Y7."}


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("559 555 0134 ext. 12", "+15595550134;ext=12"),
        ("(559) 555-0134 x12", "+15595550134;ext=12"),
        ("+1 559 555 0134;ext=12", "+15595550134;ext=12"),
        ("559-555-0134\u200b", "+15595550134"),
        ("+86 13800130009", "+8613800130009"),
        ("+49 30 7654321", "+49307654321"),
        ("559 555 0134/x301", "+15595550134;ext=301"),
        ("Tel.: 559 555 0134", "+15595550134"),
        ("٥٥٩ ٥٥٥ ٠١٣٤", "+15595550134"),
        ("1-800-FLOWERS", "+18003569377"),
        ("1-800-GOT-JUNK", "+18004685865"),
    ],
)
def test_a_phone_is_kept_whole(policy, typed, stored):
    form = filled(policy, {"phone": typed})
    assert form.is_valid(), errors_of(form)
    assert form.values["phone"] == stored


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("555-0134", "area code is missing"),
        ("559 555 0134 / 559 555 0177", "This isn’t a phone number."),
        ("559 555 0134 ext. twelve", "only part of this"),
        ("559 555 0134 / 12", "only part of this"),
        ("1-800-4FLOWERS", "only part of this"),
        ("4111 1111 1111 1111", "card number"),
        ("+4111 1111 1111 1111", "card number"),
    ],
)
def test_what_is_no_whole_phone_is_refused_with_a_sentence(policy, typed, sentence):
    assert sentence in errors_of(filled(policy, {"phone": typed}))["phone"]


@pytest.mark.parametrize("field", ["name", "company"])
@pytest.mark.parametrize(
    "typed", ["WIN 1000 EUR http://evil.example/x now", "www.evil.com", "evil.example/x", "Ada evil。com"]
)
def test_a_name_holds_no_address_of_a_page(policy, field, typed):
    assert "mail programs would turn it into a link" in errors_of(filled(policy, {field: typed}))[field]


@pytest.mark.parametrize(
    "typed", ["Amazon.com Inc.", "Booking.com B.V.", "monday.com", "Dr.Li Valves", "St. John Ltd.Co"]
)
def test_a_company_may_be_called_like_its_domain(policy, typed):
    form = filled(policy, {"company": typed})
    assert form.is_valid(), errors_of(form)
    assert form.values["company"] == typed


@pytest.mark.parametrize(
    "typed",
    ["amazon.com/x", "https://monday.com", "www.monday.com", "ada@monday.com", "monday.com:8000", "monday。com"],
)
def test_a_company_is_no_address_of_a_page(policy, typed):
    assert "“Company” can’t contain a web or email address" in errors_of(filled(policy, {"company": typed}))["company"]


@pytest.mark.parametrize("typed", ["Dr.Li", "Anna M.de Vries", "St. John Ltd.Co", "Prof.Dr.Ng"])
def test_an_initial_or_a_title_before_a_dot_is_no_domain(policy, typed):
    form = filled(policy, {"name": typed})
    assert form.is_valid(), errors_of(form)


@pytest.mark.parametrize("typed", ["monday.com", "dr.com", "x.com", "Ada evil.de"])
def test_a_name_holds_no_domain(policy, typed):
    assert "“Name” can’t contain a web or email address" in errors_of(filled(policy, {"name": typed}))["name"]


@pytest.mark.parametrize(
    ("typed", "country", "stored"),
    [
        ("D-10115", "DE", "10115"),
        ("DE 10115", "DE", "10115"),
        ("１０１１５", "DE", "10115"),
        ("١٠١١٥", "DE", "10115"),
        ("CH-8001", "CH", "8001"),
        ("F-75001", "FR", "75001"),
        ("75 001", "FR", "75001"),
        ("A-1010", "AT", "1010"),
        ("L-4750", "LU", "4750"),
        ("1540023", "JP", "154-0023"),
        ("〒１５４－００２３", "JP", "154-0023"),
        ("154ー0023", "JP", "154-0023"),
        ("00950", "PL", "00-950"),
        ("PL-00-950", "PL", "00-950"),
        ("1234ab", "NL", "1234 AB"),
        ("NL-1234 AB", "NL", "1234 AB"),
        ("1073", "LV", "LV-1073"),
        ("ec1y8sy", "GB", "EC1Y 8SY"),
        ("k1a–0b2", "CA", "K1A 0B2"),
        ("９３７２１－１２３４", "US", "93721"),
        ("US-93721", "US", "93721"),
        ("CA 937211234", "US", "93721"),
        ("APO AE 09012", "US", "09012"),
        ("999077", "HK", "999077"),
        ("bfpo58", "GB", "BFPO 58"),
        ("d6wxy00", "IE", "D6W XY00"),
        ("FL-9490", "LI", "9490"),
    ],
)
def test_a_postal_code_is_kept_as_its_post_writes_it(typed, country, stored):
    assert postal_code(typed, country) == stored


@pytest.mark.parametrize(
    ("typed", "country"), [("F-10115", "DE"), ("D-1011", "DE"), ("X-8001", "CH"), ("Dublin 2", "IE"), ("9372", "US")]
)
def test_other_letters_before_a_postal_code_stay_refused(typed, country):
    with pytest.raises(CannotRead, match=r"looks like|such as"):
        postal_code(typed, country)


@pytest.mark.parametrize(
    ("country", "state", "code", "elsewhere"),
    [
        ("JP", "13", "100-0001", "530-0001"),
        ("KR", "11", "06236", "48058"),
        ("IN", "DL", "110001", "400001"),
        ("RU", "MOW", "101000", "190000"),
        ("BR", "RJ", "20040-020", "01310-100"),
    ],
)
def test_a_code_is_compared_with_its_state_however_the_post_names_it(country, state, code, elsewhere):
    refuse_elsewhere(code, state, country)
    refuse_elsewhere("673310", "PY", "IN")  # Mahé is in the middle of Kerala
    with pytest.raises(CannotRead, match="Change one of them"):
        refuse_elsewhere(elsewhere, state, country)


def test_an_address_of_a_wide_keyboard_is_the_same_address():
    assert email("ada＠x。example", mailed=False) == "ada@x.example"
    with pytest.raises(CannotRead, match="isn’t a valid"):
        email("ada@نامه\u200cای.example")  # without the joiner, it is another domain


@pytest.mark.parametrize(
    "pasted",
    [
        "<ada@x.example>",
        "mailto:ada@x.example?subject=Hello",
        "<MAILTO:ada%40x.example>",
        '"Okafor, Ada" <ada@x.example>;',
        "“ada@x.example”,",
        "(ada@x.example).",
        "ada@x.ex\u200bample\u200b",
    ],
)
def test_an_address_is_read_with_what_copying_brought_along(pasted):
    assert email(pasted) == "ada@x.example"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("ada@x.example; ben@x.example", "more than one @"),
        ("<ada@x.example> <ben@x.example>", "more than one @"),
        ("ada@x,example", "a comma"),
        (".ada@x.example", "valid email"),
        ("<>", "@ is missing"),
    ],
)
def test_an_address_that_is_not_single_is_refused_with_a_fitting_hint(typed, sentence):
    with pytest.raises(CannotRead, match=sentence):
        email(typed)


@pytest.mark.parametrize("written", ["=?utf-8?q?ada?=@x.example", "=?utf-8?q?ada=40evil.example=3e=00?=@x.example"])
def test_an_address_that_some_programs_decode_into_another_is_refused(written):
    with pytest.raises(CannotRead, match="valid email address"):
        email(written)


def test_signs_that_nobody_sees_are_left_out_of_addresses_and_names(policy):
    form = filled(policy, {"email": "ada@x.example\u200b", "name": "Ada\u2060 Oka\u00adfor"})
    assert form.is_valid(), errors_of(form)
    assert (form.values["email"], form.values["name"]) == ("ada@x.example", "Ada Okafor")


def test_an_address_that_our_server_cannot_write_to_is_refused_at_once(policy, settings):
    assert (
        "We can’t send email to this address" in errors_of(filled(policy, {"email": "jürgen@bücher.example"}))["email"]
    )
    settings.TROTH_SMTPUTF8 = True
    form = filled(policy, {"email": "jürgen@bücher.example"})
    assert form.is_valid(), errors_of(form)
    assert form.values["email"] == "jürgen@xn--bcher-kva.example"


@pytest.mark.parametrize(
    "name", ["🩷 Okafor", "🫨", "\U00031350 Ada", "山田太郎", "عائشة", "Nguyễn Thị Hồng", "O'Reilly & Sons"]
)
def test_letters_of_every_age_and_script_are_letters(policy, name):
    form = filled(policy, {"name": name})
    assert form.is_valid(), errors_of(form)
    assert form.values["name"] == name


def test_state_is_required_where_it_is_asked(policy):
    assert errors_of(filled(policy, {"state": ""})) == {"state": "Choose an option from the list."}
    assert "state" in errors_of(filled(policy, {"country": "CA", "state": "CA", "zip": "", "phone": ""}))


def test_a_province_and_its_postal_code_are_taken(policy):
    form = filled(policy, {"country": "CA", "state": "ON", "zip": "m5v 2t6", "phone": ""})
    assert form.is_valid(), errors_of(form)
    assert form.values["zip"] == "M5V 2T6"


@pytest.mark.asvs("V2.2.1")
@pytest.mark.asvs("V2.2.2")
@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"zip": "89501"}, "zip", "89501 is in Nevada, not in California. Change one of them."),
        ({"zip": "9372"}, "zip", "five digits"),
        ({"email": "marisol.vance"}, "email", "The @ is missing."),
        (
            {"email": "marisol@haldenvalve"},
            "email",
            "The address ends after “haldenvalve”. Add the ending, such as .com.",
        ),
        ({"phone": "12"}, "phone", "too few or too many digits"),
        ({"phone": "ring twice"}, "phone", "This isn’t a phone number."),
        ({"users": "many"}, "users", "whole number"),
        ({"users": "1000001"}, "users", "Enter 1000000 or less."),
        ({"email": "marisol vance@halden.example"}, "email", "Check for a space, a comma"),
        ({"users": "0"}, "users", "Enter 1 or more."),
        ({"name": ""}, "name", "Fill this in."),
        ({"name": "x" * 201}, "name", "Shorten this to 200 characters. It has 201."),
        ({"note": "x" * 4001}, "note", "Shorten this to 4000 characters. It has 4001."),
        ({"product": "horoscope"}, "product", "Choose an option from the list."),
        ({"name": "Marisol\x00Vance"}, "name", "control character"),
        ({"company": "Halden\r\nBcc: all@example.com"}, "company", "control character"),
        ({"company": "Halden \u202egnp.exe"}, "company", "writing direction"),
    ],
)
def test_a_mistake_is_said_beside_its_field_and_nothing_typed_is_lost(policy, changed, field, sentence):
    form = filled(policy, changed)
    assert set(form.errors) == {field}
    assert sentence in errors_of(form)[field]
    assert form["company"].value() == {**MARISOL, **changed}["company"]


@pytest.mark.parametrize("field", ["name", "company", "email"])
@pytest.mark.parametrize("unseen", ["\u200b\u200d", "\u2060", "\u00ad", "\u3164", "\u2800", "\ufe0f"])
def test_what_nobody_can_see_does_not_fill_in_a_required_field(policy, field, unseen):
    assert errors_of(filled(policy, {field: unseen})) == {field: "Fill this in."}


@pytest.mark.parametrize("unseen", ["\u200b\n\u200d", "\u2060 \u200f", "\u2800"])
def test_a_required_message_of_invisible_signs_is_asked_for_again(policy, unseen):
    asked = {"name": "Ada", "email": "ada@halden.example", "company": "", "product": ""}
    data = QueryDict(mutable=True)
    data.update({"nonce": build(policy, "form.contact", lists=LISTS).fresh_nonce, **asked, "note": unseen})
    form = build(policy, "form.contact", lists=LISTS, data=data)
    assert errors_of(form) == {"note": "Fill this in."}


def test_an_optional_field_of_invisible_signs_is_not_kept(policy):
    form = filled(policy, {"note": "\u200b\u200b", "zip": "\u200b", "phone": "\u2060"})
    assert form.is_valid(), errors_of(form)
    assert not {"note", "zip", "phone"} & set(form.values)


def test_joiners_inside_words_stay_and_lines_end_in_one_way(policy):
    form = filled(policy, {"note": "  می\u200cخواهم\r\nक्\u200dष \r\n"})
    assert form.is_valid(), errors_of(form)
    assert form.values["note"] == "می\u200cخواهم\nक्\u200dष"


@pytest.mark.asvs("V2.2.1")
@pytest.mark.asvs("V15.3.3")
def test_what_the_policy_does_not_ask_is_refused_by_name(policy):
    form = filled(policy, {"birthday": "1990-01-01"})
    assert not form.is_valid()
    assert "Our privacy policy doesn’t ask for “birthday” here." in errors_of(form)["__all__"]


@pytest.mark.asvs("V15.3.7")
def test_one_field_sent_twice_is_refused(policy):
    data = QueryDict(mutable=True)
    data.update({"nonce": build(policy, "form.quote", lists=LISTS).fresh_nonce, **MARISOL})
    data.appendlist("email", "other@elsewhere.example")
    form = build(policy, "form.quote", lists=LISTS, data=data)
    assert "sent twice" in errors_of(form)["email"]


def test_the_trap_catches_programs_that_fill_in_everything(policy):
    assert "A hidden field" in errors_of(filled(policy, {TRAP: "https://spam.example"}))["__all__"]


@pytest.mark.asvs("V9.2.2")
def test_a_form_belongs_to_its_place_and_session(policy):
    other = build(policy, "form.contact", lists=LISTS).fresh_nonce
    assert "different page" in errors_of(filled(policy, {"nonce": other}))["__all__"]
    theirs = build(policy, "form.quote", lists=LISTS, session="theirs").fresh_nonce
    assert "You signed in or out" in errors_of(filled(policy, {"nonce": theirs}, session="mine"))["__all__"]
    assert "didn’t come from our page" in errors_of(filled(policy, {"nonce": "made up"}))["__all__"]


@pytest.mark.asvs("V9.2.1")
def test_a_form_left_open_overnight_is_sent_again_with_all_that_was_typed(policy, time_machine):
    time_machine.move_to("2026-11-23T08:00:00Z")
    nonce = build(policy, "form.quote", lists=LISTS).fresh_nonce
    time_machine.move_to("2026-11-23T21:00:00Z")
    form = filled(policy, {"nonce": nonce})
    assert "more than 12 hours" in errors_of(form)["__all__"]
    assert form["note"].value() == MARISOL["note"]


@pytest.mark.asvs("V2.2.1")
@pytest.mark.parametrize("field", ["name", "email", "phone", "company", "zip", "users", "note", "country", "need"])
def test_a_card_number_is_refused_in_every_field(policy, field):
    form = filled(policy, {field: "4111 1111 1111 1111"})
    assert "card number" in errors_of(form)[field]
