"""More than a hundred attempts to put marketing into an email that may contain none: each is refused, or flagged with its reason."""

import pytest

from troth.composing import Composed, compose, find_flags, to_html, to_text
from troth.outbox import pictures
from troth.outbox.emails import EmailKind

SUBJECT, PRODUCT = "Version 12.4 fixes lot recall", "optipro-process"
# (subject, text)
ATTEMPTS = [
    # by the grammar
    (SUBJECT, "::: offer\nHalf price until Friday.\n:::"),
    (SUBJECT, "Fixed.\n\n::: offer\nSee you there.\n:::\n"),
    (SUBJECT, "[Release notes](https://optiproerp.com/notes?utm_source=fix&utm_campaign=fall)"),
    (SUBJECT, "[Release notes](/notes?coupon=FALL20)"),
    (SUBJECT, "[Release notes](/notes?UTM_Medium=email)"),
    (SUBJECT, "[Release notes](/notes?gclid=1)"),
    (SUBJECT, "[Release notes](/notes?mc_eid=ab12)"),
    (SUBJECT, "![Chart](https://tracker.example/pixel.gif)"),
    (SUBJECT, "![Chart](//tracker.example/pixel.gif)"),
    (SUBJECT, "![Chart](chart.png?id=42)"),
    (SUBJECT, "![](chart.png)"),
    (SUBJECT, "![Chart](/news/chart.png)"),
    (SUBJECT, "![Chart](../policy.png)"),
    (SUBJECT, "[optiproerp.com](https://deals.example/fall)"),
    (SUBJECT, "[Notes](javascript:alert)"),
    (SUBJECT, "[Notes](http://optiproerp.com/notes)"),
    (SUBJECT, "Fixed. dis\u200bcount"),
    (SUBJECT, "Fixed. sa\u00adle"),
    (SUBJECT, "::: banner\nBig news\n:::"),
    ("Fix\u200b ready", "Fixed."),
    # subject
    ("Last chance: update to 12.4", "Fixed."),
    ("Your discount is inside", "Fixed."),
    ("Upgrade now and save a day", "Fixed."),
    ("Introducing OptiPro Insight", "Fixed."),
    ("12.4 is here, 20 % off training", "Fixed."),
    ("Free month for you", "Fixed."),
    # text
    (SUBJECT, "The patch is ready. While you’re here, consider adding OptiPro Quality."),
    (SUBJECT, "The enterprise edition has this already."),
    (SUBJECT, "Talk to our sales team about more seats."),
    (SUBJECT, "Get a quote for more users on our site."),
    (SUBJECT, "Renew your maintenance today."),
    (SUBJECT, "Only 5 seats left in Fresno."),
    (SUBJECT, "You might also like our scale B30."),
    (SUBJECT, "Training seats are half price until December 2."),
    (SUBJECT, "Lock in this year’s terms."),
    (SUBJECT, "Order the printer before prices go up."),
    (SUBJECT, "Join our webinar on recall."),
    (SUBJECT, "Meet us at the user conference."),
    (SUBJECT, "Refer a colleague."),
    (SUBJECT, "Unlock more with the next edition."),
    (SUBJECT, "Sign up for our newsletter."),
    # link words and addresses
    (SUBJECT, "[Claim your bonus](/releases/12-4)"),
    (SUBJECT, "[See the best price](/releases/12-4)"),
    (SUBJECT, "[Release notes](/fall-sale/)"),
    (SUBJECT, "[Release notes](/upgrade-now/)"),
    # description of a picture, a product beside it, an event
    (SUBJECT, "![20 percent off everything](chart.png)"),
    (SUBJECT, "![Win a scale](chart.png)"),
    (SUBJECT, "::: event 2026-12-09 Lot recall webinar\nAt ten.\n:::"),
    (SUBJECT, "::: product optipro-process\nSave on your next license.\n"),
    # quoted mail
    (SUBJECT, "> On Monday you wrote: thanks!\n> Our deal still stands.\n\nFixed."),
    (SUBJECT, "As your colleague wrote, “this bargain pays for itself”."),
    # translation
    (SUBJECT, "Jetzt kaufen und sparen."),
    (SUBJECT, "Mit 15 Prozent Rabatt bis Freitag."),
    (SUBJECT, "Profitez de nos soldes d’hiver."),
    (SUBJECT, "Un mes gratis para usted."),
    (SUBJECT, "Ein kostenloses Seminar erwartet Sie."),
    # look-alike letters and the like
    (SUBJECT, "A ѕаlе for you."),
    (SUBJECT, "A d i s c o u n t for you."),
    (SUBJECT, "A d.i.s.c.o.u.n.t for you."),
    (SUBJECT, "A d1sc0unt for you."),
    (SUBJECT, "A ｄｉｓｃｏｕｎｔ for you."),
    (SUBJECT, "A díscóunt for you."),
    # at the end
    (SUBJECT, "Fixed.\n\nP.S. Ask for a demo of Insight."),
    (SUBJECT, "Fixed.\n\nP.S. Bring a colleague to Fresno."),
    (SUBJECT, "Fixed.\n\n---\n\nFollow us for more."),
    (SUBJECT, "Fixed.\n\nP.S. Something else that you may find worth a look."),
    # said so that no list has it: by what it names, where it leads, and how it is written
    (SUBJECT, "With OptiPro Insight the same report takes seconds."),
    (SUBJECT, "Two more of it are 1,199 USD until Friday."),
    (SUBJECT, "It was $1,199 last week."),
    (SUBJECT, "[Release notes](/products/optipro-insight/)"),
    (SUBJECT, "[Release notes](/quote/)"),
    (SUBJECT, "[Release notes](https://spring.example/notes)"),
    (SUBJECT, "::: product optipro-insight\n"),
    (SUBJECT, "::: event 2026-12-09 Lot recall in practice, Fresno\nAt ten.\n:::"),
    (SUBJECT, "> Can we have Enterprise, too?\n\nYes."),
    (SUBJECT, "Get a diѕсօսnt."),
    (SUBJECT, "Get a ᎠᎥscount."),
    (SUBJECT, "限时，马上升级。"),
    (SUBJECT, "Скидка до пятницы."),
    (SUBJECT, "dis&#99;ount for all"),
    (SUBJECT, "dis-\ncount for all"),
    (SUBJECT, "dis\\count for all"),
    # in other words
    ("Twenty percent off your next seat", "Fixed."),
    (SUBJECT, "Enterprise is half off."),
    (SUBJECT, "![Two seats for the price of one](chart.png)"),
    (SUBJECT, "Have you seen Enterprise? Reply, and we set up a call."),
    (SUBJECT, "# Why pay more?"),
    (SUBJECT, "The first month is on us."),
    (SUBJECT, "A complimentary consultation is waiting for you."),
    (SUBJECT, "Use the code SPRING26."),
    (SUBJECT, "Steigen Sie jetzt um und sparen Sie."),
    (SUBJECT, "Profitez-en : deux mois offerts."),
    (SUBJECT, "Ahorre con Enterprise este mes."),
    (SUBJECT, "Risparmia con Enterprise."),
    (SUBJECT, "Nu met korting."),
    (SUBJECT, "Zniżka do piątku."),
    # drawn, hidden or named otherwise
    (SUBJECT, "A s\U000e0061ale for you."),
    (SUBJECT, "A 🅓🅘🅢🅒🅞🅤🅝🅣 for you."),
    (SUBJECT, "A 🇩🇮🇸🇨🇴🇺🇳🇹 for you."),
    (SUBJECT, "A ꜱᴀʟᴇ for you."),
    (SUBJECT, "A ⠎⠁⠇⠑ for you."),
    (SUBJECT, "S—A—L—E today"),
    (SUBJECT, "s,a,l,e"),
    (SUBJECT, "d|scount for all"),
    (SUBJECT, "[Release notes](/p%72oducts/optipro-insight/)"),
    (SUBJECT, "[Release notes](/./products/optipro-insight/)"),
    (SUBJECT, "[Release notes](/de/products/optipro-insight/)"),
    (SUBJECT, "[Release notes](/\\deals.example/notes)"),
    (SUBJECT, "[Release notes](/notes?ref=fall)"),
    (SUBJECT, "[Write to us](mailto:sales@optiproerp.com)"),
    ("Обновление 12.4", "Скидка до пятницы."),
    (SUBJECT, "The same report takes seconds in Insight."),
    (SUBJECT, "Pay nothing until March."),
    (SUBJECT, "Ninety-nine dollars a seat."),
    (SUBJECT, "Ask your account manager about Quality."),
    (SUBJECT, "Two years for the cost of one."),
    # by phone, as a document, or as a number without a currency
    (SUBJECT, "Call us and press 2 for licensing."),
    (SUBJECT, "To extend your license, press 2 when our phone answers."),
    ("Your invoice for Enterprise", "Fixed."),
    (SUBJECT, "Enterprise: 1,199."),
    (SUBJECT, "- Starter: 99\n- Company: 799"),
    (SUBJECT, "| Edition | Price |\n|---|---|\n| Starter | 99 |"),
    (SUBJECT, "That is 99 per user per month."),
    (SUBJECT, "1.199,00 je Nutzer und Jahr"),
    # by what the site's catalog sells: editions beside an amount or as something to have, and models
    (SUBJECT, "Company is 140 now."),
    (SUBJECT, "![Our list: Plant 95, Company 140](list.png)"),
    (SUBJECT, "R e g u l a t e d  1 9 0"),
    (SUBJECT, "It is time for Regulated."),
    (SUBJECT, "Wechseln Sie zu Regulated."),
    (SUBJECT, "The Company edition adds this for all sites."),
    (SUBJECT, "The F1500 weighs it."),
    (SUBJECT, "Insight does this by itself."),
    # numbers in words, and other currencies and signs
    (SUBJECT, "Ninety-five a user a month."),
    (SUBJECT, "Fünfundneunzig im Monat für jeden."),
    (SUBJECT, "Quatre-vingt-quinze par utilisateur et par mois."),
    (SUBJECT, "Ask for twelve percent, and you will get it."),
    (SUBJECT, "CHF 90 for each."),
    (SUBJECT, "₹8,000 for each."),
    (SUBJECT, "½ the price."),
    (SUBJECT, "A 💰 for you."),
    # in a language that nobody here reads, cut in two, and upside down
    (SUBJECT, "It is fixed. Diskon besar untuk semua pelanggan sampai hari Jumat."),
    (SUBJECT, "Giảm giá lớn."),
    (SUBJECT, "A ʇunoɔsıp for you."),
    (SUBJECT, "A dis count for all."),
    (SUBJECT, "dis\n\ncount for all"),
    (SUBJECT, "- Two seats\n- for one"),
    # addresses that are no links, pages and mailboxes, other emails
    (SUBJECT, "See spring.example/notes for more."),
    (SUBJECT, "Write to sales@optiproerp.com."),
    (SUBJECT, "[Editions](/products/optipro-process/#editions)"),
    (SUBJECT, "Thanks.\n> Our terms hold."),
    (SUBJECT, "Ines wrote: seats at 80."),
    ("Re: seats", "Fixed."),
    # beside the point
    (SUBJECT, "By the way, we do validation."),
    (SUBJECT, "P.P.S. Ask."),
    (SUBJECT, "Need more seats? We have them."),
    (SUBJECT, "It pays for itself."),
    (SUBJECT, "Leave us a review."),
]
HONEST = [
    ("The license server moves on December 5", "Please allow the new address in your firewall before Saturday."),
    (
        SUBJECT,
        "# What is fixed\n\n- Recall finds **all** lots of a batch.\n- The report opens in [two formats](/notes).",
    ),
    (SUBJECT, "Install it over 12.3. It takes about 10 minutes; the shop floor keeps running."),
    ("We restarted the download server", "Downloads failed from 7:00 to 7:40 AM. Start yours again, please."),
    (SUBJECT, "If you saved a layout, it stays. Orders and purchase orders are not touched."),
    ("Support ends for 11.2 on March 31", "After that day we answer questions and fix nothing in 11.2."),
    (SUBJECT, "Batch records now show who signed, and in which order. ![The batch record](batch.png)"),
    (
        "Security update",
        "We fixed an error that showed another user’s lots. Install it, then restart before you print.",
    ),
    (
        "OptiPro Process 12.4 ends support for Windows 10",
        "The installer needs Windows 11. Your license stays as it is.",
    ),
    (SUBJECT, "The button *Save* is on the left now, unit prices are rounded as before. Try again after an hour."),
    ("バージョン12.4の修正", "OptiPro Processのロットの検索を修正しました。"),
    ("Your invoice for November is ready", "Press 2 for support. The limit is 100 per user, and we release 4 a year."),
    ("Enterprise 12.4 fixes lot recall", "Exports of Enterprise: 20 users at once. The price list opens in 2 seconds."),
    (
        SUBJECT,
        "For the Regulated edition: install it after 12.4. Standard reports open again. See Settings > Company > Logs.",
    ),
    (SUBJECT, "It needs 40 % less memory, the disk is 90 percent full, and the number of locks was reduced."),
    (SUBJECT, "A sales order now keeps its price. Open each order once and save it. Campaigns cross midnight again."),
    (
        SUBJECT,
        "- Recall: lots that were split\n- Labels: 100 by 150 mm\n- Import of orders with 5,000 lines, one hundred at once",
    ),
    (
        "Die Server am Sonntag",
        "Am 6. Dezember sind sie von 2 bis 4 Uhr nicht zu erreichen. Bitte speichern Sie Ihre Arbeit.",
    ),
    ("Interruption dimanche", "Les serveurs ne répondent pas de 2 h à 4 h. Enregistrez votre travail avant."),
    ("Serwery w niedzielę", "Od 2 do 4 serwery nie odpowiadają. Proszę zapisać pracę przed tą godziną."),
    ("The old address answers only until Friday", "Open recall.dll.config or go to support@optiproerp.example."),
    ("Your trial ends on Friday", "The trial of OptiPro Process ends on December 4. Your data stays for 30 days."),
]


@pytest.fixture(autouse=True)
def _pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """The site folder has each picture."""
    monkeypatch.setattr(pictures, "read_picture", lambda name: pictures.Picture(name, "png", b"..."))


@pytest.mark.clause("U1")
@pytest.mark.parametrize(("subject", "text"), ATTEMPTS)
def test_an_attempt_is_refused_or_flagged_with_its_reason(subject: str, text: str) -> None:
    composed = compose(subject, text, kind=EmailKind.SERVICE)
    if isinstance(composed, Composed):
        assert [flag.reason for flag in find_flags(composed, about=PRODUCT)], text
    else:
        assert all(problem.sentence for problem in composed)


def test_there_are_more_than_a_hundred() -> None:
    assert len(set(ATTEMPTS)) > 100


@pytest.mark.parametrize(("subject", "text"), HONEST)
def test_what_a_service_email_has_to_say_is_neither(subject: str, text: str) -> None:
    composed = compose(subject, text, kind=EmailKind.SERVICE)
    assert isinstance(composed, Composed), composed
    assert find_flags(composed, about=PRODUCT) == []


def test_marketing_may_say_all_this_and_is_the_same_in_html_and_text() -> None:
    text = "# Dates\n\nA *short* note with [a page](/notes).\n\n::: offer\nHalf price, A & B.\n:::\n\n- One\n- Two\n\n---\n\n"
    composed = compose("Two dates", text + "::: event 2026-12-09 Recall\nIn Fresno.\n:::\n", kind=EmailKind.MARKETING)
    assert isinstance(composed, Composed), composed
    html, plain = (make(composed, base="https://x.example") for make in (to_html, to_text))
    assert "<h2>Dates</h2>" in html
    assert '<a href="https://x.example/notes">a page</a>' in html
    assert "Half price, A &amp; B." in html
    assert "<ul><li>One</li><li>Two</li></ul>" in html
    assert "<strong>Wed, Dec 9, 2026</strong>" in html
    assert "a page (https://x.example/notes)" in plain
    assert "Half price, A & B." in plain
    assert "- One\n- Two" in plain


def test_markup_that_someone_types_stays_words() -> None:
    composed = compose("Two dates", "<script>alert(1)</script> <img src=x>", kind=EmailKind.MARKETING)
    assert isinstance(composed, Composed)
    assert "<script" not in to_html(composed, base="")
