"""How marketing is said, in the languages that our customers read: patterns of folded words, by what they do.

Small Latin letters without accents, digits as digits; other scripts as Unicode takes them apart. What the site itself
sells is not here: see `sold`.
"""

import unicodedata
from collections.abc import Sequence

from django.utils.translation import gettext_lazy

from troth.wording import Words

PRICE, PUSH, GIFT, EVENT, ASIDE, QUOTED = (
    gettext_lazy("names a price or a price advantage"),
    gettext_lazy("urges to buy or upgrade"),
    gettext_lazy("promises something free or extra"),
    gettext_lazy("invites to something that we sell or promote"),
    gettext_lazy("adds something that isn’t what the email is about"),
    gettext_lazy("quotes another email"),
)
_SIGNS = "".join(sign for sign in map(chr, range(0x20, 0x3000)) if unicodedata.category(sign) == "Sc")
_CURRENCIES = "usd|eur|gbp|chf|sek|nok|dkk|pln|czk|huf|jpy|cny|inr|aud|brl|mxn"
_GOODS = "💰💸💲🏷🛒🛍💵💶💷💴💳🤑🎟🎫🔥"
_TECHNICAL = (
    r"(?! ?(?:(?:of|less|more) (?:the |its |your )?)?"
    r"(?:faster|quicker|slower|full|free|time|memory|disk|space|cpu|load|done|complete|records)\b)"
)
"""What percent are of where they are no price."""
_PRICES = (
    rf"(?<!\d)\d+ ?(?:%|٪|pct\b|p\.c\.|percent|per cent\b|prozent|pour cent|por ciento|per cento|procent){_TECHNICAL}",
    rf"[{_SIGNS}] ?\d[\d.,]*|\b(?<!\d[.,])\d[\d.,]* ?(?:[{_SIGNS}]|(?:{_CURRENCIES}|kr|dollars?|euros?)\b)",
    rf"\b(?:{_CURRENCIES}) ?\d[\d.,]*|\b(?:bucks?|quid|francs|franken|zloty)\b|[{_GOODS}]",
    rf"\b(?:half|a third|a quarter|a fifth|1⁄\d) (?:less|lower|off|cheaper|(?:of )?(?:the|its) price){_TECHNICAL}",
    r"\b(?:half|percent|cent|dollars?|euros?|\d+) off\b",
    r"\bdiscount\w*(?! (?:fields?|columns?|tables?|lines?|rules?|rows?)\b)|\brebate\w*|\bcoupon\w*|\bvoucher\w*",
    r"\bpromo(?:tion\w*)?\b|\b(?:our|this|\w+'s|spring|summer|fall|winter|holiday) campaigns?\b",
    r"\b(?:speci\w+|besonder\w+|especia\w+) (?:preise?n?|prijz\w+|prezz\w+|precos?|precios?|prix)\b",
    r"\b(?:cen[aey]|prix|prezzi|precios|precos) (?:dla|sp?eci\w+|especia\w+)|\bsonder[kp]\w+",
    r"\b\d[\d.,]*k (?:an?|per)\b|\bwas \d{2,}[^.]{0,6}\bis (?:now )?\d{2,}|\bstatt \d{2,}(?! ?[a-z])",
    r"\bau lieu de \d|\bpay (?:one|two|for one)\b",
    r"\b(?:last year's|ask for|better|special) terms\b(?! of (?:use|service))",
    r"\b(?:renewal|upgrade) (?:quote|offer|path|terms)\b|\bquote is attached\b|\bunbeatable\b|\bmust go\b",
    r"\bspecial (?:price|offer|deal|terms)|\boffers?\b|\bdeals?\b|\bbargain\w*|\bsale\b|\bblack friday|\bcyber monday",
    r"\bhalf[ -]?price|\b(?:best|low(?:er|est)) price|\bprice (?:drop|cut|increase|goes up|rise)\w*",
    r"\b(?:before|our|new) prices\b",
    r"\bprices? (?:rises?|goes? up|will (?:rise|go up)|increases?) (?:in|on|from|after|by|next|soon)\b",
    r"\bpricing\b",
    r"\bcheap\w*|\bcosts? (?:only|just|less)\b|\bfor (?:just|only|less)\b|\bat just\b",
    r"\bcosts? (?:nothing|less|you)\b|\bwhat (?:it|they) costs?\b|\bhow much (?:it|they|does)\b",
    r"\b(?:at|all) (?:a )?reduced\b|\breduced (?:rate|price|fee)",
    r"\bhalved (?:the|our|your) (?:\w+ )?(?:fee|price|cost|rate)",
    r"\b(?:license|monthly|yearly|annual|subscription) fees?\b|\bpays? (?:for (?:it|them)sel\w+|you back|off)\b",
    r"\btrade[- ]?in\b",
    r"\breturn on investment|\broi\b|\bleas(?:e|ing) (?:it|one|them|a|your|our)\b|\ba steal\b",
    r"\bbudgeted for\b|\bhalf of what\b|\bsave \d+ on\b",
    r"\bwithout (?:paying|payment)\b|\bzum preis von\b|\bpour le prix d|\bal precio de\b|\bal prezzo di\b",
    r"\b(?:dollars?|euros?)\b|\bpay nothing|\bhalf the (?:price|cost)|\bspend less|\bbundles?\b",
    r"\bcut (?:your|the|our) (?:\w+ ){0,3}(?:bills?|costs?|spending)|\bcredit your account",
    r"\bfor the (?:price|cost) of",
    r"\b(?:two|three|2|3) (?:(?:seats?|licenses?|users?|months?|years?) )?for (?:one|two|1|2)\b|\bcash ?back",
    r"\bwhy pay|\bpay less",
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
_PRICES_BARE = (  # amounts without a currency
    r"(?<![\d.,])\d[\d.,]*\d (?:(?:per|an?|je|pro|par|por) (?:named )?"
    r"(?:user|seat|license|nutzer|platz|lizenz|utilisateur|usuario|utente)\w* )?"
    r"(?:an?|per|and|und|je|pro|im|(?:et )?par|por|y|e|al) (?:months?|years?|monat|jahr|mois|an|mes|ano)\b",
    r"(?<![\d.,])\d[\d.,]*\d (?:an?|per|je|pro) (?:seat|license|lizenz|nutzer|benutzer|platz)\b",
    r"\b(?:edition|seat|plan|license)s? ?\| ?(?:price|cost|fee)s?\b",
)
_PUSHES = (
    r"(?<!sales )(?<!purchase )(?<!work )(?<!the )(?<!each )(?<!open )(?<!an )"
    r"\b(?:buy|order|purchase|upgrade|subscribe|renew)\b(?: \w+){0,3} "
    r"(?:now|today|early|soon|before|while|and save(?! (?:it|them|your)\b))",
    r"\b(?:act (?:now|fast)|don'?t (?:miss|wait)|last chance|hurry|limited time)",
    r"\bonly \d+ (?:left|seats)|\blimited (?:seats|places|number|offer)|\bwhile (?:stocks?|supplies) last",
    r"\b(?:you might|you may|you'd|you will) (?:also )?(?:like|love|enjoy)|\bcustomers also",
    r"\bhave you (?:seen|tried|considered)",
    r"\brecommend\w* (?:adding|our)|\bconsider (?:adding|upgrading|our)|\badd (?:it|one|them) (?:today|now)",
    r"\bbuy (?:one|two|it|more|any|yours)\b",
    r"\baward-winning\b|\bworld-class\b|\bthe (?:best|leading|favorite) \w+ for\b|\blove it\b",
    r"\bchose (?:it|us)\b|\bdrop us a line\b|\bon request\b",
    r"\b(?:bigger|larger|full) (?:package|plan|version|module)\b|\bmodule for (?:this|that|it)\b",
    r"\badd-?ons? (?:are|is)\b|\bdemos?\b(?! (?:data|database|company|license))",
    r"(?:^|[.!?] )(?:only (?:until|till|this|today)|nur bis|seulement jusqu|solo (?:hasta|fino)|alleen tot|tylko do)\b",
    r"\bcheck out\b|\b(?:need|want|looking for) more \w+ ?\?|\b(?:interested|curious)\b[^.!]*\?|(?:^|[.!?] )why not\b",
    r"\bready for \w+ ?\?",
    r"\b(?:more|additional|extra) (?:seats|licenses)\b",
    r"\b(?:extend|prolong) your (?:maintenance|contract|license|support)\b",
    r"\bcan be (?:ordered|booked|bought|had)\b|\b(?:put in|place) (?:your|an) order\b|\bfor sale\b",
    r"\b(?:we|partner|partner \w+) sells?\b",
    r"\bwe (?:do|sell|offer) (?:\w+ ){1,3}(?:too|as well)\b|\bcompetitors?\b",
    r"\bexclusive (?:to|for|offer|access)\b|\bearly access\b",
    r"\bgold support\b",
    r"\b(?:call|phone|ring|text)\b[^.]{0,40}\bask for\b|\bsprechen sie (?:uns|mit uns)\b|\bcontactez-nous\b",
    r"\bour partners?\b",
    r"\b(?:talk|speak|call) (?:to|with)? ?(?:our )?sales|\btalk to us about|\bset up a (?:call|meeting|demo)",
    r"\b(?:request|get) a quote|\b(?:ask for|book) a demo|\bask (?:\w+ ){1,3}for (?:terms|prices|a quote)",
    r"\bpress \d\b[^.]{0,30}\b(?:licens|pric|sales|upgrad|edition)|\b(?:licens|pric|upgrad)\w*\b[^.]{0,30}\bpress \d\b",
    r"\b(?:invoice|quote|order) for (?:the |your )?"
    r"(?:starter|basic|company|professional|premium|enterprise|ultimate)\b",
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
    r"\bfor free\b|\bfree for (?:an?|one|the|your|\d)|\bfree of charge|\bat no (?:extra )?(?:cost|charge)",
    r"\bcomplimentary",
    r"\bon (?:us|the house)\b|\bwaive\w*",
    r"\braffl\w*|\bprizes?\b|\blotter\w*|\bcontest\b|\bsweepstakes?\b",
    r"\bbonus\w*|\bgifts?\b|\bgiveaway\w*|\bthe presents\b|\bwin an?\b|\bloyalty\b|\brewards?\b|🎁",
    r"\brefer a (?:friend|colleague)|\bbring a colleague|\bextra (?:seat|user|license)s?\b",
    r"\bgewinn\w*|\bgeschenk\w*|\bgratis\b|\bkostenlos\w*|\bgratuit\w*|\bcadeau\w*|\boffert(?:e?s?)\b",
    r"\bregal[oi]s?\b|\bbrinde\b",
    r"\bdarmow\w*|無料|免费|免費|贈|赠",
)
_EVENTS = (
    r"\bwebinar\w*|\b(?:user )?conference\b|\btrade ?(?:show|fair)|\broadshow|\bworkshops?\b|\bmesse\b|\bbooth\b",
    r"\b(?:book|reserve|register for|enroll in) (?:your|a|the|our) (?:\w+ )?"
    r"(?:place|seat|spot|course|class|training|session|event)\b",
    r"\bour courses?\b|\bjoin us\b|\bmeet us\b|\bvisit us\b|\bfollow us\b",
    r"\bsign up for (?:our|the) (?:news|event)\w*|\bnewsletter\w*",
    r"\b(?:places?|spots?|seats?|dates) (?:are )?(?:left|free|open)\b|\blinkedin\b|\bfacebook\b|\binstagram\b",
    r"\byoutube\b|\btiktok\b",
    r"\b(?:leave|write|give) us a (?:review|rating|testimonial)|\b(?:review|rate) us\b",
    r"\btell a friend\b|\brefer us\b",
    r"\breference customer|\btestimonials?\b|\bcase stud(?:y|ies)\b|\b(?:success|customer) stor(?:y|ies)\b",
    r"^ ?stories\b",
    r"\bcustomers (?:such as|like)\b",
    r"\bnew (?:product|release) (?:line|launch)|\bintroducing\b|\bnow available\b",
)
_ENDS = (r"^p+\.? ?p?\.? ?s\b|^n\. ?b\.",)
_QUOTED = (
    r"^(?:fwd?|wg|tr|re|aw) ?:|\b(?:subject|betreff|objet|asunto|oggetto|onderwerp) ?:|(?:original|forwarded) message",
    r"\b(?:wrote|schrieb|a ecrit|escribio|scrisse|schreef) ?:",
)
_ASIDES = (
    r"\bby the way\b|\bone more thing\b|\bincidentally\b|\bspeaking of\b",
    r"\bwhile (?:we have|you're) (?:your|here|at it)\b",
    r"\bdid you know\b|\bubrigens\b|\bau fait\b|\bpor cierto\b|\ba proposito\b|\btrouwens\b|\bprzy okazji\b",
)
PHRASES: Sequence[tuple[Words, Sequence[str]]] = (
    (PRICE, (*_PRICES, *_PRICES_BARE)),
    (PUSH, _PUSHES),
    (GIFT, _GIFTS),
    (EVENT, _EVENTS),
    (ASIDE, _ASIDES),
    (QUOTED, _QUOTED),
    (gettext_lazy("adds something after the end"), _ENDS),
)
