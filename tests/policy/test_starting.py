"""A policy that was written for something else becomes a draft: what is said is kept, and what isn't decided is found."""

import re
from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from troth.cli.policy import policy_commands
from troth.policy import StartedDraft, compile, start
from troth.policy.foreign import CannotConvert, convert
from troth.policy.sentences import strip_markdown

LARKFIELD = Path(__file__).parent / "real" / "larkfield.html"
LARKSPUR = LARKFIELD.with_name("larkspur.html")
_DOCUMENT = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>
<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>Privacy policy</w:t></w:r></w:p>
<w:p><w:r><w:t xml:space="preserve">When you fill out a form, we collect your </w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>name</w:t></w:r></w:p>
</w:body></w:document>"""
_TYPES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels"
 ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml"
 ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"""
_RELATIONS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Target="word/document.xml"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>"""
_STYLES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:style w:type="paragraph" w:styleId="Heading1">
<w:name w:val="heading 1"/></w:style><w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/></w:style></w:styles>"""

SAAS = """# Privacy Policy
## Information we collect
**Account information.** When you create an account, we collect your name, email address, job title, and password.

**Sales inquiries.** When you fill in a contact form, we collect your name, telephone number, and any message you send us.

**Billing information.** When you purchase a subscription, we collect your billing address.

Our servers automatically record information ("Log Data"), including your IP address.

| Cookie | Purpose | Duration |
|---|---|---|
| session | Keeps you signed in | Until you close your browser |
## How we use information
We use the information we collect to:

- create and manage your account;
- process orders;
- respond to your inquiries;
- send you newsletters, if you have subscribed;
- protect the Services against fraud.

We do not use customer content to train machine learning models.
## Legal bases in the EEA
We rely on performance of a contract (to process orders), legitimate interests (to respond to inquiries), and consent (to send newsletters).
## How we share information
- **Service providers.** Companies that host our infrastructure on our behalf.
- **Resellers.** If you request a quote, we share it with the reseller of your region.
## How long we keep information
- **Account information** is kept while your account is active and for 24 months after it is closed.
- **Sales inquiries** are kept for 18 months after our last contact with you.
- **Support requests** are kept for three years after the request is closed.
- **Billing information** is kept for seven (7) years.
- **Log Data** is deleted after 90 days.
## Transfers
Our service providers operate in the United States and Ireland. We rely on the Standard Contractual Clauses.
"""


def begin(markdown: str) -> StartedDraft:
    return start(markdown, organization="Larkfield Systems, Inc.", effective=date(2026, 12, 1))


@pytest.fixture(scope="module")
def larkfield() -> StartedDraft:
    return begin(convert(LARKFIELD.read_bytes()))


def test_a_real_policy_becomes_a_draft_whose_findings_say_what_to_decide(larkfield: StartedDraft) -> None:
    compiled = compile(larkfield.text)
    assert compiled.draft is not None
    assert compiled.draft.privacy_email == "privacy@larkfield.example"
    assert {"orders", "support", "newsletter", "security", "legal", "account"} <= compiled.draft.purposes.keys()
    assert compiled.draft.purposes["newsletter"].marketing
    kept = compiled.draft.kinds["order"].kept
    assert (str(kept.time), kept.after) == ("7 years", "collection")
    assert (str(compiled.draft.kinds["message"].kept.time), compiled.draft.kinds["message"].kept.after) == (
        "36 months",
        "last contact",
    )
    found = {finding.id for finding in compiled.findings if finding.severity == "error"}
    # Every rule refers to others that are there: what is left is what only its author knows.
    assert found <= {
        "nothing-confirmed",
        "paragraph-undecided",
        "promise-without-rule",
        "retention-missing",
        "rule-unsaid",
        "agreeing-by-use",
        "basis-missing",
        "cookie-without-purpose",
        "law-representative",
        "recipient-without-country",
        "transfer-without-safeguard",
    }
    undecided = [each for each in larkfield.paragraphs if each.outcome == "undecided"]
    assert undecided
    assert len([finding for finding in compiled.findings if finding.id == "paragraph-undecided"]) >= 10
    assert larkfield.count("rules") + larkfield.count("information") > len(undecided)


def test_the_draft_was_finished_by_deciding_what_the_findings_asked() -> None:
    """`larkfield.md` is what became of the draft: times from its own table, bases, and each undecided paragraph."""
    finished = compile(LARKFIELD.with_suffix(".md").read_bytes())
    assert finished.findings == ()
    assert finished.policy is not None
    assert (len(finished.policy.purposes), len(finished.policy.kinds), finished.policy.laws) == (
        9,
        18,
        ("california", "gdpr"),
    )


@pytest.mark.parametrize(
    ("said", "choice"),
    [
        ("We send you our newsletter if you have signed up for it.", "sign up"),
        ("We send promotional emails only with your prior consent.", "sign up"),
        ("We send our newsletter to people who asked for it.", "sign up"),
        ("We send you our newsletter until you unsubscribe.", "opt out"),
        (
            "We send our newsletter to our customers. If you sign up for an account, we use your email address.",
            "opt out",
        ),
    ],
)
def test_what_is_sent_to_people_who_signed_up_is_suggested_so(said: str, choice: str) -> None:
    draft = compile(begin(f"# Privacy policy\n\nOn our forms we collect your name and email.\n\n{said}\n").text).draft
    assert draft is not None
    assert draft.purposes["newsletter"].weakest == choice


def test_not_a_word_of_the_text_is_lost_or_added(larkfield: StartedDraft) -> None:
    before = convert(LARKFIELD.read_bytes())
    assert "Products" not in before.split("\n")[0], "what is around the text of a page stays outside"
    after = re.sub(r"^<!--.*?-->$|^```rule\n.*?^```$|^\{[^\n]*\}$|\A---.*?^---$", "", larkfield.text, flags=re.M | re.S)
    assert strip_markdown(after) == strip_markdown(before)


def test_a_policy_of_ten_pages_keeps_its_anchors_times_bases_and_cookies() -> None:
    begun = begin(convert(LARKSPUR.read_bytes()))
    draft = compile(begun.text).draft
    assert draft is not None
    assert {section.anchor for section in draft.sections} >= {"who", "collect", "use", "cookies", "calls"}
    assert draft.laws == ("california", "gdpr", "uk gdpr")
    assert {id: (purpose.basis, purpose.weakest) for id, purpose in draft.purposes.items() if id != "rights"} == {
        "newsletter": ("consent", "sign up"),
        "statistics": ("consent", "sign up"),
        **dict.fromkeys(("quotes", "orders", "account", "support", "events"), ("contract", "none")),
        "security": ("legitimate interests", "none"),
        "legal": ("legal obligation", "none"),
    }
    # Kinds are called together where they are collected ("Contact details: …") and kept by that name elsewhere.
    assert draft.kinds["page"].kept.time.days == 90
    assert "# kept: {for: 7 years, after: …}" in begun.text, "no rule can name the end of a fiscal year"
    assert {id: (str(cookie.lifetime), cookie.purpose) for id, cookie in draft.cookies.items()} == {
        "lk_session": ("12 hours", "account"),
        "lk_csrf": ("1 year", "security"),
        "lk_cookie_choice": ("6 months", "statistics"),
        "_ga": ("13 months", "statistics"),
    }


def test_an_undecided_paragraph_is_one_finding_and_its_promise_is_accepted_by_deleting_two_lines() -> None:
    begun = begin("# Privacy policy\n\nWe protect your report until the repair is done.").text
    found = [finding.id for finding in compile(begun).findings if finding.severity == "error"]
    assert found.count("paragraph-undecided") == 1
    assert "promise-without-rule" not in found
    accepted = re.sub(r"^<!-- .*\n|^-->\n", "", begun, flags=re.M)
    promised = compile(accepted)
    assert promised.draft is not None
    assert [promise.duty for promise in promised.draft.promises.values()] == [
        "We protect your report until the repair is done."
    ]
    assert "paragraph-undecided" not in {finding.id for finding in promised.findings}


def test_links_within_a_page_lead_to_the_headings_of_their_places() -> None:
    page = b"""<h1>Privacy</h1><p><a href="#1.who">Who</a> <a href="#_Toc9">What</a> <a href="#rights">Rights</a></p>
    <a name="1.who"></a><h2>Who</h2><p>We.</p><h2>What</h2><p><span id="_Toc9">Data.</span></p>
    <section id="rights"><div><h2>Rights</h2><p>Yours.</p></div></section>"""
    assert begin(convert(page)).text.count("{#") == 4
    assert "dead-anchor" not in {finding.id for finding in compile(begin(convert(page)).text).findings}


def test_each_paragraph_is_where_its_line_says(larkfield: StartedDraft) -> None:
    lines = larkfield.text.split("\n")
    for paragraph in larkfield.paragraphs:
        assert strip_markdown(lines[paragraph.line - 1])[:10] == paragraph.words[:10]


def test_a_text_that_the_vocabulary_does_not_know_is_undecided() -> None:
    draft = start(
        "# Datenschutz\n\nWir speichern Ihren Namen.", organization="Lerche", language="de", effective=date.max
    )
    assert [each.outcome for each in draft.paragraphs] == ["undecided"]
    assert "paragraph-undecided" in {finding.id for finding in compile(draft.text).findings}


def test_markdown_keeps_its_links_and_drops_its_own_front_matter() -> None:
    draft = begin("---\ntitle: x\n---\n\nSee [our terms][t].\n\n[t]: https://example.com/terms\n")
    assert "title: x" not in draft.text
    assert "[t]: https://example.com/terms" in draft.text
    assert "# Privacy policy" in draft.text


def docx(document: str = _DOCUMENT) -> bytes:
    made = BytesIO()
    with ZipFile(made, "w") as archive:
        for name, text in {
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": _RELATIONS,
            "word/document.xml": document,
            "word/styles.xml": _STYLES,
            "word/_rels/document.xml.rels": _RELATIONS.replace("word/document.xml", "styles.xml").replace(
                'officeDocument"/>', 'styles"/>'
            ),
        }.items():
            archive.writestr(name, text)
    return made.getvalue()


def test_a_word_document_is_read_with_its_headings() -> None:
    titled = _DOCUMENT.replace(
        "<w:body>", '<w:body><w:p><w:pPr><w:pStyle w:val="Title"/></w:pPr><w:r><w:t>Ours</w:t></w:r></w:p>'
    )
    assert convert(docx(titled)).startswith("# Ours\n\n## Privacy policy"), "a title is above all headings"
    assert convert(docx()) == "# Privacy policy\n\nWhen you fill out a form, we collect your **name**\n"


def test_signs_of_markdown_in_a_page_stay_the_words_they_were() -> None:
    page = b"<p>We collect 2 * 2 * 3 values of <b>app_key</b> | token.</p><table><tr><th>A | B<td>c<tr><td>1<br>2<td>3</table>"
    text = convert(page)
    assert text.split("\n") == [
        r"We collect 2 \* 2 \* 3 values of **app\_key** | token.",
        "",
        r"| A \| B | c |",
        "| --- | --- |",
        "| 1 2 | 3 |",
        "",
    ]
    assert "2 * 2 * 3 values of app_key | token" in begin(text).paragraphs[0].words


@pytest.mark.parametrize("source", [b"PK\x03\x04 no archive", b"\xff\xfe\x00", docx()[:200], docx("<broken")])
def test_what_cannot_be_read_is_refused_with_a_reason(source: bytes) -> None:
    with pytest.raises(CannotConvert, match=r"isn't"):
        convert(source)


@settings(max_examples=60)
@given(st.text(alphabet="ab #-*>|`{}[]()<!:.\n1weusyoucollect", max_size=120))
def test_whatever_a_text_contains_the_draft_can_be_compiled(text: str) -> None:
    compile(begin(text).text)


def test_at_the_terminal_a_draft_is_begun_once(tmp_path: Path) -> None:
    made = tmp_path / "policy.md"
    words = ["start", str(LARKFIELD), "--organization", "Larkfield Systems, Inc.", "--to", str(made)]
    result = CliRunner().invoke(policy_commands, words)
    assert result.exit_code == 0, result.output
    assert "purpose newsletter" in result.output
    assert re.search(r"\d+ paragraphs: \d+ information, \d+ with suggested rules, \d+ undecided\.", result.output)
    assert made.is_file()
    assert CliRunner().invoke(policy_commands, words).exit_code == 1


def test_a_form_for_a_demo_is_a_way_in_and_a_paragraph_about_times_says_that_it_is_one() -> None:
    draft = begin(
        "# Privacy\n\nWhen you request a demo, we collect your name, email address and phone number. We use them to "
        "answer your questions.\n\n## Retention\n\nWe keep what you send us for 24 months after our last contact.\n"
    )
    asked, kept = draft.paragraphs
    assert {"collect form.contact", "kind phone"} <= {*asked.rules}
    assert (kept.outcome, kept.why) == ("undecided", "says how long data is kept")


def test_times_of_a_section_of_their_own_bases_of_a_list_and_recipients_of_an_item_find_their_rules() -> None:
    compiled = compile(begin(SAAS).text)
    assert compiled.draft is not None
    kept = {id: (str(kind.kept.time), kind.kept.after) for id, kind in compiled.draft.kinds.items()}
    assert kept["name"] == kept["role"] == ("24 months", "account"), "by what the text calls them together"
    assert kept["phone"] == ("18 months", "last contact")
    assert kept["message"] == ("3 years", "request"), "by its own name before that of several"
    assert kept["network"] == ("90 days", "collection")
    purposes, recipients = compiled.draft.purposes, compiled.draft.recipients
    assert {id: each.basis for id, each in purposes.items() if each.basis} == {
        "orders": "contract",
        "quotes": "legitimate interests",
        "support": "legitimate interests",
        "newsletter": "consent",
    }
    assert purposes["quotes"].recipients == ("provider.service", "partner")
    assert purposes["newsletter"].recipients == ("provider.service",)
    assert recipients["provider.service"].countries == ("US", "IE")
    assert recipients["provider.service"].safeguard == "Standard Contractual Clauses"
    assert compiled.draft.cookies["session"].title == "Keeps you signed in"
    assert [each.duty for each in compiled.draft.promises.values()] == [
        "We do not use customer content to train machine learning models."
    ]
    assert not {"retention-missing", "stated-time-without-rule"} & {finding.id for finding in compiled.findings}


TABLES = """<h1>Privacy</h1><p>Contents</p><ol><li>Data</li><li>Cookies</li><li>Companies</li><li>Retention</li></ol>
<p>This policy applies when you start a trial on our sites.</p>
<h2>1. Data</h2><p>We collect:</p><table><tr><th>When</th><th>What we collect</th></tr>
<tr><td>You request a quote</td><td>Name, email address, job title</td></tr>
<tr><td>You create a portal account</td><td>Name, email address, password</td></tr></table>
<p>We use it to respond to your inquiries, to manage your account and to measure our advertising campaigns.</p>
<h2>2. Cookies</h2><table><tr><th>Cookie</th><th>Set by</th><th>Purpose</th><th>Duration</th></tr>
<tr><td>kf_session</td><td rowspan="2">Larkfield</td><td>Keeps you signed in</td><td>Session</td></tr>
<tr><td>kf_consent</td><td>Remembers your cookie choices</td><td>6 months</td></tr>
<tr><td>li_sugr, bcookie</td><td>LinkedIn Ireland Ltd</td><td>Advertising</td><td>90 days, 1 year</td></tr></table>
<h2>3. Companies</h2><table><tr><th>Service provider</th><th>Service</th><th>Country</th><th>Safeguard</th></tr>
<tr><td>Brightmail, Inc.</td><td>Email</td><td>USA</td><td>Standard Contractual Clauses</td></tr>
<tr><td>Pagoda GmbH</td><td>Account sign-in</td><td>Germany</td><td>Not applicable</td></tr></table>
<p>1.2 We will confirm your request. You may appeal a decision.</p>
<h2>4. Retention</h2><table><tr><th>Data</th><th>Retention period</th></tr>
<tr><td>Quote requests</td><td>24 months after our last contact</td></tr>
<tr><td>Accounts</td><td>Until 90 days after your account is closed</td></tr>
<tr><td>Cookie data</td><td>See above</td></tr></table>"""


def test_tables_become_forms_cookies_companies_and_times() -> None:
    begun = begin(convert(TABLES.encode()))
    draft = compile(begun.text).draft
    assert draft is not None
    assert {id: [ask.kind for ask in each.asks] for id, each in draft.collects.items() if id.startswith("form.")} == {
        "form.quote": ["name", "email", "role"],
        "form.account": ["name", "email", "password"],
    }, "each row is a form, and what the policy applies to is none"
    assert {id: (str(each.lifetime), each.set_by) for id, each in draft.cookies.items()} == {
        "kf_session": ("None", "ours"),
        "kf_consent": ("6 months", "ours"),
        "li_sugr": ("90 days", "linkedin-ireland"),
        "bcookie": ("1 year", "linkedin-ireland"),
    }
    assert {id: (each.countries, each.safeguard) for id, each in draft.recipients.items()} == {
        "brightmail-inc": (("US",), "Standard Contractual Clauses"),
        "pagoda-gmbh": (("DE",), ""),
        "linkedin-ireland": (("IE",), ""),
    }
    assert draft.purposes["quotes"].recipients == ("brightmail-inc",)
    assert draft.purposes["account"].recipients == ("brightmail-inc", "pagoda-gmbh")
    assert {id: str(each.kept.time) for id, each in draft.kinds.items() if id != "visitor"} == {
        "name": "24 months",
        "email": "24 months",
        "role": "24 months",
        "password": "90 days",
    }, "the longest of what a kind is used for"
    assert [(own.kind, str(own.kept.time)) for own in draft.purposes["account"].kept] == [
        ("name", "90 days"),
        ("email", "90 days"),
    ]
    assert [each.duty for each in draft.promises.values()] == [
        "We will confirm your request.",
        "You may appeal a decision.",
    ]
    assert [each.outcome for each in begun.paragraphs[:3]] == ["information"] * 3, "contents without links are contents"


OPEN = """# Privacy Policy
Effective: January 15, 2027. Last updated: December 1, 2026.

The controller is Larkfield Systems, Inc., Hafenweg 18, 24143 Kiel, Germany.
## Data
You may register for a customer account. In doing so we collect your name, email address and password.

When you order online, we collect your contact details and your VAT number. When you contact our support team, we collect your messages.

Our servers automatically record your IP address. Our website uses cookies.
## How we use it
We use it:

- to administer your account and to process orders;
- to answer your questions;
- to prevent fraud and security incidents;
- to send you newsletters;
- to evaluate job applications.
## Legal bases
| Purpose | Legal basis |
|---|---|
| Account administration | Performance of a contract |
| Orders and payments | Performance of a contract; legal obligation |
| Security | Legitimate interest in protecting our customers |
## Who receives it
| Provider | Purpose | Location |
|---|---|---|
| Hetzner | Hosting | Germany |
| Zendesk | Support portal | United States |
| Greenhouse | Recruiting | United States |

We disclose data to courts where they order it; a reseller may be told. In the United Kingdom, the authority is in Wilmslow.
## Retention
| Information | Period |
|---|---|
| Accounts | For the life of the account and 60 days thereafter |
| Orders and invoices | 10 years after the end of the fiscal year |
| Support files and log files | 90 days after the case is closed |
| Web server and access logs | 30 days |
## Breaches
We will return your files within 30 days after your subscription ends. If there is a breach, we notify you within 72 hours.
"""


def test_what_a_text_leaves_open_or_says_of_something_else_is_not_suggested() -> None:
    begun = begin(OPEN)
    draft = compile(begun.text).draft
    assert draft is not None
    assert (draft.effective, draft.country) == (date(2027, 1, 15), "DE")
    later = start(OPEN, organization="Larkfield Systems, Inc.", version=2, effective=date(2027, 3, 1))
    assert "effective: 2027-03-01" in later.text, "the next version may not apply sooner"
    assert {id: each.basis for id, each in draft.purposes.items() if each.basis} == {
        "account": "contract",
        "security": "legitimate interests",
    }, "a row with two bases leaves its purpose to the author"
    assert "legal" not in draft.purposes, "a basis is no purpose"
    assert draft.purposes["newsletter"].collected_by == ("form.news",), "what is given for something else isn't"
    assert [ask.kind for ask in draft.collects["form.account"].asks] == ["name", "email", "password"]
    assert {"name", "email"} <= {ask.kind for ask in draft.collects["sales.order"].asks}
    given = {id: each.recipients for id, each in draft.purposes.items()}
    assert given["support"] == ("hetzner", "zendesk")
    assert given["newsletter"] == given["security"] == ("hetzner",)
    assert (draft.recipients["authority"].countries, draft.recipients["zendesk"].countries) == ((), ("US",))
    password, network = draft.kinds["password"].kept, draft.kinds["network"].kept
    assert (str(password.time), password.after) == ("60 days", "account")
    assert (str(network.time), network.after) == ("30 days", "collection")
    assert "# kept: {for: 10 years, after: …}" in begun.text
    assert "# kept: {for: …, after: last contact}" in begun.text, "cookies are no log files"
    assert "<!-- undecided: has no suggested rule for “to evaluate job applications” -->" in begun.text
    clocks = {str(each.within): each.start for each in draft.promises.values() if each.within}
    assert clocks == {"30 days": "contract end", "72 hours": "a data breach"}


PLAIN = """# Privacy at Puffin
## What do you collect?
**When you sign up.** Your name, your email address and a password.

## What do you do with it?
- We sign you in and answer your questions.
- We look at logs to stop attacks.

## Who else sees it?
Stripe handles payments. We'll hand over data if a court makes us.
## What about AI?
We don't train AI on your notes. Period.
"""


NOTICE = """<h1>Notice</h1><h2>Contents</h2><ol><li>Your orders</li><li>Children</li></ol>
<h2>1. What you give us</h2><ul><li><b>Contact information</b>, such as your name and email address;</li>
<li><b>Order information</b>, such as your purchases.</li></ul>
<p>We use your contact and order information to create your account and to process your orders. Write to
dpo@larkfield.example or privacy@larkfield.example.</p>
<p>We do not sell it for money.<sup><a href="#note1" id="ref1">1</a></sup></p>
<h2>2. Rights</h2><p>We respond within thirty (30) days. Write to privacy@larkfield.example.</p>
<p>We confirm receipt within 10 business days and answer within 45 days.</p>
<h2>3. Changes</h2><p>We will notify you of material changes at least 30 days before they take effect.</p>
<p id="note1"><a href="#ref1">1</a> See section 2.</p>"""


def test_clocks_and_footnotes_are_read_and_a_form_asks_for_what_fits_it() -> None:
    begun = begin(convert(NOTICE.encode()))
    draft = compile(begun.text).draft
    assert draft is not None
    clocks = [(str(each.within), each.start) for each in draft.promises.values() if each.within]
    assert clocks == [(time, "request received") for time in ("30 days", "10 business days", "45 days")]
    assert str(draft.promises["policy.changes"].ahead) == "30 days"
    assert draft.privacy_email == "privacy@larkfield.example", "the one that is named most often"
    asked = [ask.kind for ask in draft.collects["form.account"].asks]
    assert {"name", "email"} <= {*asked} <= {"name", "email", "password"}, "an order belongs to a purchase"
    assert "money.[^1]" in begun.text
    assert "\n[^1]: See section 2." in begun.text
    assert begun.paragraphs[0].outcome == "information", "contents are contents, whatever their words"


GERMAN = """<h1>Datenschutzerklärung</h1><p>Stand: 1. März 2025</p><h2>Empfänger</h2>
<p>Wir geben Ihre Daten an Auftragsverarbeiter in Deutschland weiter. Wir verkaufen Ihre Daten nicht.</p>
<h2>Welche Daten wir verarbeiten</h2><ul><li>Kontaktdaten: Name, E-Mail-Adresse</li><li>Supportdaten: Inhalt Ihrer
Anfragen</li></ul><h2>Zwecke</h2><p>Ihre Supportdaten verwenden wir, um Ihre Anfragen zu beantworten (Art. 6 Abs. 1 lit. b
DSGVO). Unseren Newsletter erhalten Sie nur, wenn Sie eingewilligt haben.</p>
<h2>Speicherdauer</h2><p>Supportanfragen löschen wir drei Jahre nach Abschluss.</p><h2>Rechte</h2>
<p>Wir beantworten Ihre Anfrage innerhalb von 30 Tagen. Sie können sich bei einer Aufsichtsbehörde beschweren.</p>"""


def test_a_german_policy_gets_its_rules_too() -> None:
    begun = start(convert(GERMAN.encode()), organization="Feinmaß GmbH", effective=date(2026, 12, 1), language="de")
    draft = compile(begun.text).draft
    assert draft is not None
    assert begun.paragraphs[0].words == "Stand: 1. März 2025"
    assert "{#empfaenger}" in begun.text
    assert (draft.laws, draft.recipients["provider.service"].countries) == (("gdpr",), ("DE",))
    assert {id: (each.basis, each.choice) for id, each in draft.purposes.items()} == {
        "support": ("contract", "none"),
        "newsletter": ("consent", "sign up"),
    }
    assert (str(draft.kinds["message"].kept.time), draft.kinds["message"].kept.after) == ("3 years", "request")
    assert {"name", "email"} <= {ask.kind for ask in draft.collects["form.contact"].asks}
    assert [str(each.within) for each in draft.promises.values() if each.within] == ["30 days"]
    assert draft.promises["complaint"].duty == "Sie können sich bei einer Aufsichtsbehörde beschweren."
    assert "rule-unsaid" not in {finding.id for finding in compile(begun.text).findings}


def test_headings_that_ask_say_what_their_answers_are_about() -> None:
    begun = begin(PLAIN)
    draft = compile(begun.text).draft
    assert draft is not None
    assert [ask.kind for ask in draft.collects["form.account"].asks] == ["name", "email", "password"]
    assert {"account", "support"} <= draft.purposes.keys()
    assert draft.recipients.keys() == {"authority"}
    assert [each.duty for each in draft.promises.values()] == ["We don't train AI on your notes."]
    assert "information" not in {each.outcome for each in begun.paragraphs}
