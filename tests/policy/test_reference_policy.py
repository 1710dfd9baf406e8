"""The reference policy restates every clause of the document that the project was made from, in prose and rules."""

import hashlib
import itertools
from dataclasses import replace

import pytest
from tests.policy.conftest import REFERENCE
from tests.policy.texts import sound

from troth import policy
from troth.policy import Policy, Prose, Rules, snapshot

CLAUSES = (
    *(f"I{number}" for number in range(1, 5)),
    *(f"C{number}" for number in range(1, 15)),
    *(f"U{number}" for number in range(1, 9)),
    *(f"A{number}" for number in range(1, 5)),
    *("S1", "S2", "L1", "L2"),
    *(f"P{number}" for number in range(1, 7)),
)

# Each sentence of the original document by its first words, the clauses that keep it, and words of ours that say it.
SENTENCES = (
    ("respects your preferences", {"I1": "we check your choices before every use"}),
    ("Our goal is to deliver content targeted", {"I2": "your industry, the products you use, your role"}),
    ("In order to provide you with relevant information", {"I3": "We ask for personal data for three reasons"}),
    ("The information collected … will vary", {"I3": "Each form asks its own questions"}),
    ("This policy is our way of letting you know", {"I4": "how we collect data, what we collect it for"}),
    (
        "collects data from users in four principal ways",
        {
            "C1": "You use our forms",
            "C2": "we keep a record of the order",
            "C3": "we keep your message",
            "C4": "the connection data that your browser and our server exchange, and the cookies",
        },
    ),
    (
        "may receive data from you as part of the communication connection",
        {"C4": "We receive two things automatically", "C5": "From the connection we keep exactly these"},
    ),
    ("This information often consists of network routing", {"C5": "the type of your browser, and the date and time"}),
    (
        "At this time our server will also query … cookies",
        {"C6": "our server reads cookies that we set before", "C10": "Cookies make it faster to sign in"},
    ),
    ("Some parts of the … site use cookies", {"C7": "We use visit data for four things"}),
    ("tracked to enhance security and to improve", {"C7": "to keep the site secure, to save you from entering"}),
    ("Cookies on the site may collect", {"C8": "an identifier that means nothing to anyone else, the preferences"}),
    ("Some cookies … 30–120 days", {"C9": "expire between 30 and 120 days"}),
    ("There may be some cookies … longer duration", {"C9": "One cookie lasts longer"}),
    ("Cookies also serve as a convenience", {"C10": "keep your cart and any order you have started"}),
    ("In the future, as we enable further customization", {"C11": "we may add cookies for it"}),
    (
        "While we don't offer an opt-out on the site for cookies",
        {"C14": "no cookie switch of its own", "C13": "Every browser lets you see your cookies"},
    ),
    ("You can set your Web browser to alert you", {"C13": "You can set your browser to ask you each time"}),
    (
        "You can also get information on the duration",
        {"C9": "How long cookies last", "C13": "how long they last and which server receives them"},
    ),
    (
        "Additionally, you may set your browser to refuse all",
        {"C12": "You can turn cookies off", "C13": "or to refuse all of them"},
    ),
    ("Users may generally disable the cookie feature", {"C12": "essential to the security of a transaction"}),
    ("To learn more about cookies", {"C13": "search your browser’s help"}),
    ("To provide future service and support", {"U1": "to help you now and in the future"}),
    (
        "Information collected for this purpose",
        {"U1": "We use your contact details, and what we know about your products"},
    ),
    ("used to provide service, product update, and similar notices", {"U1": "notices about service, product updates"}),
    ("As a result of product download", {"U2": "we email you once to ask whether the download worked"}),
    ("alerted at the end of the license period", {"U2": "email you before the license period ends and when it has"}),
    ("not subject to the general opt-out", {"U2": "Opting out of marketing does not stop these emails"}),
    (
        "To select content",
        {"U3": "We choose articles and menus", "I2": "We choose articles, product pages and menus"},
    ),
    (
        "This includes … site navigation as well as … forms",
        {"U3": "the forms you fill out and the pages you visit"},
    ),
    ("To respond to user inquiries", {"U4": "we use what you gave us to answer you"}),
    ("registrations for newsletters", {"U4": "We send you a newsletter only if you sign up for it"}),
    ("To provide various … communities, such as partners", {"U5": "Members of our communities, such as partners"}),
    ("releases, prices, terms and special offers", {"U5": "product releases, prices, terms and special offers"}),
    ("only sent out as a result of the customer signing-up", {"U5": "only to people who have signed up"}),
    ("requests for service or quotes", {"U6": "the salesperson, distributor or consultant who can answer"}),
    ("To address performance and fix issues", {"U7": "patches and fixes, above all security patches"}),
    ("registered owners … users or developers", {"U7": "use it or develop with it"}),
    ("will not contain marketing messages", {"U7": "They contain no advertising"}),
    ("As a result of legal requirements", {"U8": "Where a law, a court or another lawful process requires it"}),
    ("ability to create an account or profile", {"A1": "You can create an account with your own profile"}),
    ("We maintain the information and allow you to update it", {"A2": "review and change your data at any time"}),
    ("To change this information … update my profile", {"A2": "choose “update my profile”"}),
    ("We continue to work on these methods", {"A3": "When this policy adds a new kind of data, you see that too"}),
    ("a few complex requests may take more research", {"A4": "We resolve most questions about access quickly"}),
    ("within thirty days or … contacted", {"A4": "Within 30 days we resolve the matter, or we email you"}),
    ("reasonable measures to prevent unauthorized access", {"S1": "prevent unauthorized access to your data"}),
    ("policies, procedures, and technical elements", {"S1": "policies, procedures and technical controls"}),
    ("standard security protocols … credit card details", {"S2": "encrypted with standard security protocols"}),
    ("Section 1798.83", {"L1": "direct marketing in the preceding calendar year", "L2": "California Consumer Privacy"}),
    ("To make a request, please email … or write us", {"L1": "or write to us by mail at: Attn: Data Privacy Officer"}),
    ("in a manner different from that stated", {"P1": "not stated when you gave it to us, we email you"}),
    ("You will have a choice", {"P2": "You choose whether we may use it that way"}),
    ("material changes … prominent notice", {"P3": "a prominent notice on the site"}),
    ("also send email notifications to those who have opted", {"P4": "If you sign up for it"}),
    (
        "We may update this policy … new features … new control and preference features",
        {"P5": "new features, new controls", "C11": "Each one first requires a new version of this policy"},
    ),
    ("You will be updated by email on changes", {"P6": "everyone whose email address we hold gets one email"}),
)


@pytest.fixture(scope="module")
def first() -> Policy:
    return sound((REFERENCE.parent / "versions" / "1.md").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def troth(reference: str) -> Policy:
    return sound(reference)


def prose(troth: Policy, anchor: str) -> str:
    """Heading and prose of a section, white space collapsed."""
    section = troth.section(anchor)
    assert section is not None, f"no section {anchor}"
    texts = [part.text for part in section.parts if isinstance(part, Prose)]
    return " ".join(" ".join([section.title, *texts]).split())


def test_it_is_version_7_and_each_version_follows_the_one_before_it(troth: Policy, first: Policy) -> None:
    second, third, fourth, fifth, sixth = (
        sound((REFERENCE.parent / "versions" / f"{number}.md").read_text(encoding="utf-8"))
        for number in (2, 3, 4, 5, 6)
    )
    versions = (first, second, third, fourth, fifth, sixth, troth)
    assert [one.version for one in versions] == [1, 2, 3, 4, 5, 6, 7]
    assert [(one.effective.month, one.effective.day) for one in versions] == [
        *((11, 1), (11, 16), (11, 27), (11, 28), (11, 29), (11, 30), (12, 1)),
    ]
    for old, new in itertools.pairwise(versions):
        # Their authors declared nothing: there was no way to.
        assert {finding.id for finding in policy.succession(old, new)} <= {
            "change-undeclared",
            "purpose-turned-disclosure",
        }
    classes = [change.class_ for change in policy.diff(first, second)]
    assert "ask" not in classes
    assert classes.count("wording") > classes.count("notify") > 0
    assert "ask" not in [change.class_ for change in policy.diff(second, third)]
    # What version 4 adds: notices about products, confirmations of newsletters, and email about privacy requests of accounts.
    assert [change.section for change in policy.diff(third, fourth) if change.class_ == "ask"] == ["U1", "U4", "A4"]
    # What version 5 adds: confirmations of the notices about the policy, and attachments of privacy requests.
    assert [change.section for change in policy.diff(fourth, fifth) if change.class_ == "ask"] == ["U4", "A4"]
    # What version 6 adds: files that staff attach to answers.
    assert [change.section for change in policy.diff(fifth, sixth) if change.class_ != "wording"] == ["further-ways"]
    # What version 7 narrows: no note is required, and a reply about a support case isn't used for quotes. It adds a topic.
    last = policy.diff(sixth, troth, earlier=versions[:5])
    assert {change.class_ for change in last} == {"notify", "narrows", "wording"}
    assert [change.section for change in last if change.class_ == "notify"] == ["held-wants", "U4"]
    assert not policy.succession(sixth, troth)


def test_version_1_is_the_text_that_the_first_release_adopted() -> None:
    digest = hashlib.sha256((REFERENCE.parent / "versions" / "1.md").read_bytes()).hexdigest()
    assert digest == "9e7bd090514a8d8b181eab8363bd654dedf0378876d8cef588147ea70a835b5f"


@pytest.mark.parametrize("clause", CLAUSES)
def test_every_clause_has_a_section_with_prose_that_a_rule_keeps(troth: Policy, clause: str) -> None:
    section = troth.section(clause)

    assert section is not None
    assert any(isinstance(part, Rules) for part in section.parts)
    assert any(isinstance(part, Prose) and part.bound for part in section.parts)
    assert troth.sentence(clause)


@pytest.mark.parametrize(("sentence", "kept_by"), SENTENCES, ids=[sentence for sentence, _ in SENTENCES])
def test_every_sentence_of_the_original_is_said_in_our_words(
    troth: Policy, sentence: str, kept_by: dict[str, str]
) -> None:
    for clause, words in kept_by.items():
        assert words in prose(troth, clause), f"{clause} does not say: {sentence}"


def test_every_clause_keeps_some_sentence_of_the_original() -> None:
    assert {clause for _, kept_by in SENTENCES for clause in kept_by} == set(CLAUSES)


def test_sections_can_be_quoted_in_whole_sentences(troth: Policy) -> None:
    for clause in CLAUSES:
        assert troth.sentence(clause)[0].isupper(), clause


def test_every_field_of_a_form_says_what_it_is_for(troth: Policy) -> None:
    for collect in troth.collects.values():
        if collect.channel == "form":
            assert all(ask.why for ask in collect.asks), collect.id


def test_nothing_is_asked_that_none_of_its_purposes_may_use(troth: Policy) -> None:
    for collect in troth.collects.values():
        for ask in collect.asks:
            uses = [troth.purposes[purpose] for purpose in collect.purposes]
            assert any(use.states(ask.kind, collect.id) for use in uses), f"{collect.id}: {ask.kind}"


def test_no_purpose_may_use_what_none_of_its_ways_asks(troth: Policy) -> None:
    for purpose in troth.purposes.values():
        asked = {ask.kind for way in purpose.collected_by for ask in troth.collects[way].asks}
        assert set(purpose.may_use) <= asked, purpose.id


def test_quotes_pass_on_exactly_what_a_request_needs(troth: Policy) -> None:
    quotes = troth.purposes["quotes"]

    assert quotes.section == "U6"
    assert set(quotes.may_use) == {
        "name",
        "email",
        "phone",
        "company",
        "country",
        "state",
        "zip",
        "product",
        "edition",
        "users",
        "need",
        "note",
        "attachment",
        "message",
    }
    assert {"staff.sales", "distributor", "consultant"} <= set(quotes.recipients)
    assert not any(troth.recipients[recipient].own_marketing for recipient in quotes.recipients)


def test_each_place_asks_its_own(troth: Policy) -> None:
    asked = {place: {ask.kind for ask in troth.collects[place].asks} for place in ("form.quote", "form.contact")}
    state = troth.collects["form.quote"].ask("state")

    assert asked["form.contact"] - {"attachment"} < asked["form.quote"] | {"note"}
    assert state is not None
    assert state.only_in == ("US", "CA")


@pytest.mark.parametrize("purpose", ["downloads", "fixes"])
def test_exempt_emails_never_advertise(troth: Policy, purpose: str) -> None:
    assert (troth.purposes[purpose].choice, troth.purposes[purpose].marketing) == ("none", False)


@pytest.mark.parametrize("purpose", ["newsletter", "communities", "notices"])
def test_nobody_is_written_to_without_signing_up(troth: Policy, purpose: str) -> None:
    assert troth.purposes[purpose].choice == "sign up"


def test_whatever_may_advertise_has_been_signed_up_for(troth: Policy) -> None:
    for purpose in troth.purposes.values():
        assert not purpose.marketing or purpose.choice == "sign up", purpose.id


def test_every_kind_that_is_held_is_shown_to_the_person(troth: Policy) -> None:
    # A password's hash is nothing to show.
    assert set(troth.purposes["access"].may_use) == set(troth.kinds) - {"password"}
    assert set(troth.purposes["access"].collected_by) == set(troth.collects)


def test_everyone_with_an_address_can_be_told_of_a_new_version(troth: Policy) -> None:
    asking_for_email = {collect.id for collect in troth.collects.values() if collect.ask("email")}

    told = {*troth.purposes["updates"].collected_by, *troth.purposes["notices"].collected_by}
    assert told == asking_for_email


def test_all_cookies_but_one_end_within_30_to_120_days(troth: Policy) -> None:
    days = {cookie.id: cookie.lifetime.days for cookie in troth.cookies.values() if cookie.lifetime}

    longer = {name for name, number in days.items() if not 30 <= number <= 120}
    assert longer == {"troth-device"}
    assert troth.cookies["troth-device"].longer
    assert set(days) == set(troth.cookies)


def test_a_cookie_carries_only_what_its_purpose_may_use(troth: Policy) -> None:
    for cookie in troth.cookies.values():
        assert set(cookie.kinds) <= set(troth.purposes[cookie.purpose].may_use), cookie.id


def test_further_ways_in_are_declared(troth: Policy) -> None:
    assert {"import", "staff", "agent", "api"} <= {collect.channel for collect in troth.collects.values()}


def test_the_laws_own_words_are_on_the_page(troth: Policy) -> None:
    named = {part for promise in troth.promises.values() for part in promise.law}

    assert named == {"third parties", "review process", "change notice", "do not track", "california disclosure"}
    assert troth.section("L1") is not None
    assert prose(troth, "L1").startswith("Your California Privacy Rights")
    assert "Global Privacy Control" in prose(troth, "C14")


def test_the_first_version_asks_nobody_anything(troth: Policy) -> None:
    assert not [change for change in policy.diff(troth, troth) if change.question]


def test_information_promises_nothing(troth: Policy) -> None:
    promising = ("never", "cannot", "only", "must")
    for section in troth.sections:
        for part in section.parts:
            if isinstance(part, Prose) and part.information and section.anchor != "C13":  # C13 speaks of browsers
                assert not set(part.text.lower().split()) & set(promising), part.text


@pytest.mark.parametrize(
    ("address", "letterhead"),
    [
        (("1 Mill Lane", "York"), "Halden, 1 Mill Lane, York"),
        (("Attn: Privacy", "Halden", "York"), "Attn: Privacy, Halden, York"),
    ],
)
def test_a_letterhead_names_the_organization_once(address: tuple[str, ...], letterhead: str, troth: Policy) -> None:
    assert ", ".join(replace(troth, organization="Halden", postal_address=address).letterhead) == letterhead


def test_the_saved_policy_is_the_compiled_one(reference: str) -> None:
    compiled = sound(reference)

    assert snapshot.restore(snapshot.save(compiled), text=reference) == compiled
