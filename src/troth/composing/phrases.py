"""How marketing is said, in the languages that our customers read: patterns of folded words, by what they do.

Small Latin letters without accents, digits as digits; other scripts as Unicode takes them apart.
"""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

PRICE, PUSH, GIFT, EVENT = (
    gettext_lazy("names a price or a price advantage"),
    gettext_lazy("urges to buy or upgrade"),
    gettext_lazy("promises something free or extra"),
    gettext_lazy("invites to something that we sell or promote"),
)
_PRICES = (
    r"(?<!\d)\d+ ?(?:%|percent|prozent|pour cent|por ciento|per cento)(?: ?(?:off|less|rabatt|de remise|di sconto))?",
    r"[$€£¥] ?\d[\d.,]*|\b(?<!\d[.,])\d[\d.,]* ?(?:[$€£¥]|usd\b|eur\b|gbp\b|dollars?\b|euros?\b)",
    r"\b(?:half|percent|cent|dollars?|euros?|\d+) off\b",
    r"\bdiscount\w*|\brebate\w*|\bcoupon\w*|\bvoucher\w*|\bpromo(?:tion\w*)?\b|\bcampaigns?\b",
    r"\bspecial (?:price|offer|deal|terms)|\boffers?\b|\bdeals?\b|\bbargain\w*|\bsale\b|\bblack friday|\bcyber monday",
    r"\bhalf[ -]?price|\b(?:best|low(?:er|est)) price|\bprice (?:drop|cut|increase|goes up|rise)\w*",
    r"\b(?:before|our|new) prices\b|\bcheap\w*|\bcosts? (?:only|just|less)\b|\bfor (?:just|only|less)\b|\bat just\b",
    r"\b(?:dollars?|euros?)\b|\bpay nothing|\bhalf the (?:price|cost)|\bspend less|\bbundles?\b",
    r"\bcut (?:your|the|our) (?:\w+ ){0,3}(?:bills?|costs?|spending)|\bcredit your account",
    r"\bfor the (?:price|cost) of|\b(?:two|three|2|3) for (?:one|two|1|2)\b|\bcash ?back|\bwhy pay|\bpay less",
    r"\bsavings?\b|\bsave (?:a|an|up|big|money|on your|now)\b|\block in|\b(?:use|with) (?:the|our) code \w*\d",
    r"\brabatt\w*|\bgutschein\w*|\bsonderpreis\w*|\baktionspreis\w*|\bpreisvorteil\w*|\bnachlass\w*|\bangebot\w*",
    r"\bermassigt\w*|\bgunstig\w*|\bsparen sie|\bund sparen",
    r"\bremise\w*|\bsoldes?\b|\bbon de reduction|\boffres?\b|\breduction\w*|\bmoins cher\w*|\beconomise[zr]",
    r"\bdescuento\w*|\boferta\w*|\brebaja\w*|\bcupon\w*|\bahorr\w*|\bpromocion\w*",
    r"\bsconto\w*|\bsconti\b|\bofferta\w*|\brisparmi\w*|\bdesconto\w*|\bpromoca\w*|\beconomiz\w*",
    r"\bkorting\w*|\baanbieding\w*|\bbespaar\w*|\bznizk\w*|\bpromocj\w*|\brabat\w*|\boszczed\w*",
    r"\btilbud\w*|\berbjudande\w*|\bslev[aou]\w*|\bkedvezmeny\w*|\bindirim\w*|\balennu\w*|\btarjou\w*|\breducer\w*",
    r"割引|特価|セール|お得|折扣|优惠|優惠|促销|特价",
)
_EDITIONS = r"(?:starter|basic|company|professional|premium|enterprise|ultimate)"
_PRICES_BARE = (  # amounts without a currency
    rf"\b{_EDITIONS}(?: edition)? ?[:|=–] ?(?:\d{{1,3}}(?:[.,]\d{{3}})+|\d{{2,4}})(?:[.,]\d\d)?"
    r"(?![.,]?\d)(?! ?(?:users?|seats?|lots?|%|mb|gb|days?|hours?)\b)",
    r"(?<![\d.,])\d[\d.,]*\d (?:(?:per|an?|je|pro|par|por) (?:named )?(?:user|seat|license|nutzer|platz|lizenz)\w* )?"
    r"(?:an?|per|and|und|je|pro|im|par|por) (?:months?|years?|monat|jahr|mois|an|mes|ano)\b",
    r"(?<![\d.,])\d[\d.,]*\d (?:an?|per|je|pro) (?:seat|license|lizenz)\b",
    r"\b(?:edition|seat|plan|license)s? ?\| ?(?:price|cost|fee)s?\b",
)
_PUSHES = (
    r"\b(?:buy|order|purchase|upgrade|subscribe|renew)\b(?: \w+){0,3} (?:now|today|early|soon|before|while|and save)",
    r"\b(?:act (?:now|fast)|don'?t (?:miss|wait)|last chance|hurry|limited time)",
    r"\bonly \d+ (?:left|seats)|\blimited (?:seats|places|number|offer)|\bwhile (?:stocks?|supplies) last",
    r"\b(?:you might|you may|you'd|you will) (?:also )?(?:like|love|enjoy)|\bcustomers also",
    r"\bhave you (?:seen|tried|considered)",
    r"\brecommend\w* (?:adding|our)|\bconsider (?:adding|upgrading|our)|\badd (?:it|one|them) (?:today|now)",
    r"\bcheck out\b",
    r"\b(?:talk|speak|call) (?:to|with)? ?(?:our )?sales|\btalk to us about|\bset up a (?:call|meeting|demo)",
    r"\b(?:request|get) a quote|\b(?:ask for|book) a demo|\bask (?:\w+ ){1,3}for (?:terms|prices|a quote)",
    r"\bpress \d\b[^.]{0,30}\b(?:licens|pric|sales|upgrad|edition)|\b(?:licens|pric|upgrad)\w*\b[^.]{0,30}\bpress \d\b",
    rf"\b(?:invoice|quote|order) for (?:the |your )?{_EDITIONS}\b",
    r"\baccount managers?\b|\b(?:bigger|larger|higher|full) edition|\breply (?:with )?[\"“]?yes\b",
    r"\bmove up to|\bunlock\w*|\bgo premium|\bpremium (?:edition|features?)|\bonly in (?:the )?enterprise",
    r"\bthe enterprise edition (?:has|can|adds|offers)|\bworks? (?:even )?better with|\bout of the box",
    r"\btry \w+ (?:free|for \d+ days)|\b(?:start|begin) (?:your|a|the) (?:\S+ )?trial",
    r"\bjetzt (?:kaufen|bestellen|upgraden|sichern|zugreifen)|\bnur (?:heute|noch)|\bsteigen sie (?:\w+ ){0,2}um\b",
    r"\bachetez|\bcommandez|\bprofite[zr]|\bcompre?\b|\bcompra\b|\baprovech\w*|\baproveit\w*",
    r"\bacquist[ai]\b|\bapprofitt\w*",
    r"\bbestel (?:nu|vandaag)|\bkoop\b|\bkup\b|立即购买|今すぐ",
)
_GIFTS = (
    r"\bfree (?:month|upgrade|trial|seat|training|gift|license|shipping|consult\w*)",
    r"\b(?:months?|seats?|licenses?) free\b",
    r"\bfor free\b|\bfree of charge|\bat no (?:extra )?(?:cost|charge)|\bcomplimentary",
    r"\bon (?:us|the house)\b|\bwaive\w*",
    r"\bbonus\w*|\bgifts?\b|\bgiveaway\w*|\bthe presents\b|\bwin an?\b|\bloyalty\b|\brewards?\b|🎁",
    r"\brefer a (?:friend|colleague)|\bbring a colleague|\bextra (?:seat|user|license)s?\b",
    r"\bgewinn\w*|\bgeschenk\w*|\bgratis\b|\bkostenlos\w*|\bgratuit\w*|\bcadeau\w*|\boffert(?:e?s?)\b",
    r"\bregal[oi]s?\b|\bbrinde\b",
    r"\bdarmow\w*|無料|免费|免費|贈|赠",
)
_EVENTS = (
    r"\bwebinar\w*|\b(?:user )?conference\b|\btrade ?(?:show|fair)|\broadshow|\bworkshops?\b|\bmesse\b|\bbooth\b",
    r"\bjoin us\b|\bmeet us\b|\bvisit us\b|\bfollow us\b|\bsign up for (?:our|the) (?:news|event)\w*|\bnewsletter\w*",
    r"\bnew (?:product|release) (?:line|launch)|\bintroducing\b|\bnow available\b",
)
_ASIDES = (r"^p\. ?p?\.?s\b|^ps ?:",)
PHRASES: Sequence[tuple["str | Promise", Sequence[str]]] = (
    (PRICE, (*_PRICES, *_PRICES_BARE)),
    (PUSH, _PUSHES),
    (GIFT, _GIFTS),
    (EVENT, _EVENTS),
    (gettext_lazy("adds something after the end"), _ASIDES),
)
