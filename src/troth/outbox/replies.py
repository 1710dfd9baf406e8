"""What mail servers say when they do not take an email, in the order in which it is looked for: the first match counts.

What concerns us or may pass comes before what says that nobody is there: "your host is blocked" beside "recipient
rejected" says nothing of the recipient, and giving up someone who reads costs more than one email to nobody.

Source  Postfix access(5) and SMTPD_ACCESS_README, sendmail's cf/README, Exim's default configuration, qmail-smtpd(8),
        and the pages for senders of Gmail, Outlook.com, Exchange Online, Yahoo, GMX, Apple, Proofpoint and Mimecast.
"""

import re
from dataclasses import dataclass
from enum import StrEnum


class Whose(StrEnum):
    """Whose fault it is."""

    US = "us"
    CONTENT = "content"
    SERVER = "their server"
    ADDRESS = "their address"


@dataclass(frozen=True)
class Words:
    """What one kind of fault sounds like.

    hard   nobody is there, nor will be
    vague  also said by servers that mean a rule of theirs: a status that speaks of rules or content comes first"""

    whose: Whose
    patterns: tuple[str, ...]
    hard: bool = False
    vague: bool = False

    def compile(self) -> re.Pattern[str]:
        return re.compile("|".join(self.patterns))


# Patterns are matched against lower-case words in one line, without links; each email address is "address".

_CLOSED_GROUP = Words(Whose.ADDRESS, (r"resolver\.rst\.(?!recipsize|sendersize)",))
"""Of Exchange: a group or mailbox that takes mail of some senders only."""
_SIGNING_IN = Words(
    Whose.US,
    (
        r"authentication (?:is )?(?:required|failed|unsuccessful|credentials invalid)",
        r"smtp auth(?:entication)? (?:is )?required",
        r"(?:must|need to|please) (?:first )?(?:authenticate|log ?in)\b|client was not authenticated",
        r"must issue a starttls",
        r"\brelay(?:ing)?\b[\w' ]{0,25}(?:denied|prohibited|not (?:permitted|allowed)|rejected|disallowed|refused)",
        r"(?:unable|not permitted|not allowed|not authori[sz]ed|refus\w+|cannot|can't|won't|will not|do not|"
        r"don't) (?:to )?relay",
        r"unauthori[sz]ed relay|relay access|list of allowed rcpthosts|(?:daily|hourly) user sending",
        r"sending (?:limit|quota) (?:has been )?exceeded",
    ),
)
_OUR_NAME = Words(
    Whose.US,
    (
        r"\b(?:spf|dkim|dmarc|ptr|rdns|fcrdns|arc)\b|sender policy framework",
        r"reverse[ -](?:dns|lookup|hostname|ip|mapping)",
        r"(?:helo|ehlo)\b (?:command|name|hostname|argument|rejected|is invalid|invalid|must)",
        r"(?:invalid|bad) (?:helo|ehlo)",
        r"unauthenticated|authentication level|banned sender|tenant has exceeded|traffic not accepted",
        r"permissions? to send as|pass (?:the )?authentication|e-?mail authentication|anti-?spoof",
        r"spoof(?:ed|ing)",
        r"sender (?:address |domain |id |e-?mail )?(?:is )?(?:rejected|refused|denied|invalid|unknown|verif|"
        r"not (?:found|valid|auth|allow|accept|exist)|does not)",
        r"(?:sender|envelope|mail ?from|return.path|from)(?:'s)? [\w' -]{0,20}(?:domain|address|"
        r"mail ?box)[\w':, -]{0,30}(?:not (?:found|exist|resolve|allowed|accepted|permitted)|does not|must|"
        r"couldn't|could not|has no|invalid|malformed|rejected|unknown)",
        r"domain of sender|(?:verify|verification of|callback for|callout for) (?:the )?(?:sender|return)",
        r"sender callout",
        r"send as (?:denied|right)|sendasdenied",
        r"(?:send|mail) (?:mail )?(?:as|from|on behalf of) (?:this|that|the|address|"
        r"other)[\w ]{0,20}(?:denied|not allowed|not permitted)",
        r"sender (?:blocked|banned|black ?listed|listed|denied)|bad sender|dynamic ip",
        r"(?:dynamic|residential|dial-?up|generic)[\w /-]{0,20}(?:ip|host|pool|range)",
    ),
)
_REPUTATION = Words(
    Whose.US,
    (
        r"block ?list|black ?list|blocklisted|deny ?list|\b(?:dns|r)bls?\b|\bdnsrbl\b|real-?time black|\bbl\b",
        r"spamhaus|spamcop|sorbs|barracudacentral|abuseat|cloudmark|senderscore|sender ?base|invaluement",
        r"uceprotect|psbl|mailspike|spamrats",
        r"(?:poor|bad|low|negative|domain|sender'?s?|sending|ip|host|your) reputation",
        r"reputation (?:of|is|too|score|sender)",
        r"banned sending ip|access from ip",
        r"\bip\b[\w .()\[\]:-]{0,45}\b(?:blocked|listed|banned|refused|rejected|not allowed|denied)",
        r"client host[\w .()\[\]:-]{0,60}(?:rejected|blocked|refused)",
        r"host[\w .()\[\]:-]{0,45}(?:blocked|refused to talk|is listed)",
        r"messages from [\w .()\[\]:,-]{0,60}(?:weren't sent|were not sent|not accepted|deferred|refused|"
        r"blocked|rejected)",
        r"part of their network",
        r"blocked (?:using|- see|by (?:spam|our|the|rbl|\w+ rbl))",
        r"(?:connections?|mail|messages?|e-?mails?)[\w ]{0,20}from (?:your|this) [\w ]{0,20}(?:blocked|"
        r"refused|rejected|not accepted|denied|banned|not allowed|deferred)",
        r"not accept(?:ing)? (?:e-?mails?|mails?|messages?|connections?) from (?:your|this|you\b|hosts)",
        r"refused (?:mail|connection)s? from",
        r"connection (?:refused|rejected|dropped)[\w ,:-]{0,20}(?:ip|policy|reputation|list)",
        r"originating from your|too many (?:complaints|spam)|user complaints",
    ),
)
_FULL = Words(
    Whose.ADDRESS,
    (
        r"(?:mail ?box|mail ?folder|inbox|account|user|recipient|mail ?drop|maildir|spool|address|"
        r"mailbox name)[\w ,':()-]{0,30}\b(?:is |are |was )?full\b",
        r"(?:mail ?box|inbox|account|user|recipient|address|storage|"
        r"mail ?folder)[\w ,':()-]{0,40}\b(?:exceed(?!ed$)|over\b|out of|reached|no (?:more )?(?:space|"
        r"room))[\w ']{0,25}(?:quota|storage|size|space|limit|allocation|allowance|capacity|room)?",
        r"over ?-?quota|overquota",
        r"(?:over|exceed\w*|above|beyond|disk|storage|mailbox|user)[\w ,'()-]{0,25}quota",
        r"quota[\w ,'()-]{0,20}(?:exceed|full|over|reached|violat)",
        r"exceeded storage allocation|not enough (?:storage )?space",
        r"insufficient (?:mailbox|user) (?:storage|space)|mailbox size|full (?:mail ?box|inbox)",
        r"postfach (?:ist )?voll|boîte (?:aux lettres )?pleine|llen[oa]\b|casella piena",
        r"caixa (?:postal )?cheia|переполнен|容量|一杯|いっぱい|已满",
    ),
)
_CLOSED = Words(
    Whose.ADDRESS,
    (
        r"(?:account|mail ?box|user|recipient|mail ?drop|domain|inbox|address|"
        r"customer)\b[\w ,':()\"-]{0,50}\b(?:disabled|suspended|inactive|deactivated|locked|frozen|on hold|"
        r"not active|not activated|not enabled|turned off|paused|dormant|expired)",
        r"(?:account|mail ?box|user) (?:is |has been )?blocked",
        r"(?:disabled|inactive|suspended|locked|deactivated|dormant|blocked|expired) (?:user|account|"
        r"mail ?box|recipient|address|e-?mail)",
        r"extended inactivity|inactivity|gesperrt|deaktiviert|désactivé|suspendu|suspendid|desactivad",
        r"disattivat|sospes|заблокирован|отключен|停用|冻结|禁用",
    ),
)
_GONE = Words(
    Whose.ADDRESS,
    (
        r"(?:user|recipient|mail ?box|address|account|person|customer)[\w ,':()\"-]{0,25}(?:has moved|"
        r"have moved|moved to|changed address|has changed)",
        r"no longer (?:with (?:us|the|this|our)|works?\b|employed|at (?:this|our|the)|here)",
        r"left (?:the|our) (?:company|organi[sz]ation|firm)|user not local; please try|new address",
        r"null ?mx|does not accept (?:e-?)?mail\b(?! (?:from|with|that|larger|without|over))",
        r"accepts? no (?:e-?)?mail|smtp service not offered|no-?reply address|unmonitored|not monitored",
        r"send-?only|sending only",
        r"(?:domain|host|server|machine|system|site|address|mailbox|here)[\w ,'.()-]{0,40}(?:does not|doesn't|"
        r"do not|don't|never|no longer) (?:accepts?|receives?|handles?|supports?|takes?) (?:any |incoming |"
        r"inbound )?(?:e-?mails?|mails?|messages?|smtp)\b(?! (?:from|with|that|larger|without|over))",
    ),
    hard=True,
)
_NO_HOST = Words(
    Whose.ADDRESS,
    (
        r"(?:unknown|no such|invalid|non-?existent|bad|unresolvable|unrout\w+|"
        r"illegal) (?:destination )?(?:mail )?(?:domain|host|hostname|destination system|mail server|"
        r"mail exchanger)\b",
        r"(?<!sender )\b(?:domain|host|hostname|host or domain name|mx)\b[\w ,':()\"./-]{0,40}(?:not found|"
        r"does not exist|doesn't exist|unknown\b|nxdomain|no such|couldn't be found|could not be found|"
        r"has no (?:mail|mx|valid)|non-?existent|no (?:valid )?mx)",
        r"name or service not known|nxdomain|couldn't find any host|no mx\b",
        r"no (?:mail exchanger|such domain|valid hosts)|unrout(?:e)?able|unable to route|non-?existent hosts?",
        r"mail for [\w. ]+ is not hosted|domain is not (?:local|hosted|configured)",
        r"not a (?:local|hosted) domain",
    ),
    hard=True,
)
_NOBODY = Words(
    Whose.ADDRESS,
    (
        r"(?:user|recipient|addressee|address|mailbox|account|alias|subscriber|person|username|"
        r"local ?part)\b[\w ,'\"=.:;/()*-]{0,30}(?:is |are |was )?(?:unknown|not found|not known|"
        r"not registered|wasn't found|isn't known|does not exist|doesn't exist|do(?:es)? ?n[o']t exists?|"
        r"not exists?|do not exist|no longer exists?|not listed|not recogni[sz]ed|nonexistent|non-?existent|"
        r"could not be found|couldn't be found|cannot be found|can't be found|has been (?:deleted|removed|"
        r"terminated|discontinued|closed))",
        r"\b(?:no such|unknown|non-?existent|unrecogni[sz]ed|cannot find|could not find|couldn't find|"
        r"can't find|unable to find)\b (?:this |the |your |a |that |local |virtual |mail |e-?mail |"
        r"or illegal |or invalid )*(?:user|recipient|addressee|address|mail ?box|account|alias|subscriber|"
        r"person|mail ?drop|local ?part|customer|e-?mail)",
        r"invalid (?:recipient|mail ?box|user\b|to address|rcpt)|no mail ?box (?:here|by|for|of|with|named)",
        r"nosuchuser",
        r"no (?:account|user|recipient|one|person)[\w ]{0,15}(?:here|by that name|with that|named)\b",
        r"(?:doesn't|does not) have an?[\w. -]{0,30} account|not our customer",
        r"not a (?:known|valid|local|registered|recognized) (?:user|mail ?box|account|recipient|address|customer)",
        r"wasn't found at",
        r"(?:don't|do not|doesn't|does not) (?:know|recogni[sz]e) (?:this|that|the) (?:user|address|recipient|"
        r"mail ?box|account)",
        r"not listed in (?:domino|public|the)|resolver\.adr\.\w*notfound|recipientnotfound",
        r"bad destination mailbox address|recipient not found",
        r"unbekannt|existiert nicht|nicht (?:bekannt|gefunden|vorhanden)",
        r"kein(?:e|en)? (?:solche|benutzer|empf|postfach)|inconnu|n'existe pas|introuvable|inexistant",
        r"inexistente|inesistente",
        r"desconocid|no existe|não existe|nao existe|desconhecid|não encontrad|sconosciut|non esiste|onbekend",
        r"bestaat niet|finns inte|okänd|ukendt|ukjent|nie istnieje|nieznany|nie ma takiego|neexistuje",
        r"nem létezik",
        r"не существует|не найден|нет такого|неизвест|존재하지|없는 (?:사용자|계정)",
        r"存在しません|見つかりません|不存在|无此|查無此|未找到",
    ),
    hard=True,
)
_BUSY = Words(
    Whose.SERVER,
    (
        r"gr[ea]y ?-?list|try (?:again|later|it later)|retry|again later|come back|temporar|deferr?ed|deferral",
        r"currently (?:unavailable|unable|not|busy|receiving)|maintenance|not yet",
        r"at a rate|rate[\w ]{0,15}(?:limit|control|exceed)|ratelimit|thread limit|throttl",
        r"too (?:fast|frequent|quickly|busy)",
        r"too many (?:connections|sessions|messages|mails|e-?mails|concurrent|errors|commands|requests|hops|"
        r"received)",
        r"load",
        r"insufficient (?:system|disk)",
        r"(?:system|disk|server|queue|partition|drive|filesystem|device)[\w ]{0,15}full|no space left",
        r"disk space|system (?:error|failure|unavailable|resources|is not|not accepting)",
        r"internal (?:server )?error|server (?:error|busy|unavailable|is busy)",
        r"local (?:error|problem|configuration)|service (?:currently )?(?:not available|unavailable)|resources",
        r"connection (?:timed|reset|refused|closed|lost|dropped|died|failed)|timed? ?-?out|timeout|unreachable",
        r"(?:could not|couldn't|can't|cannot|unable to|failed to) (?:connect|establish|contact|reach)",
        r"not respond|no answer",
        r"\bloop(?:s|ing)?\b|hop count|expired|too long in|(?:been|was) in the queue|undeliverable for",
        r"servfail|lookup|query failed|\btls\b|starttls|certificate|encryption|handshake",
        r"local mailer|i/?o error|input/output|(?:read|write) error",
        r"cannot (?:append|open|create|lock|update|write)|permission denied|command (?:died|failed)|died with",
        r"exited with|ldap|database|unexpected",
    ),
)
_CONTENT = Words(
    Whose.CONTENT,
    (
        r"\bspam|spamm|junk|\bube\b|\buce\b|unsolicited|bulk|virus|malware|infected|phish|malicious|suspicious",
        r"harmful|content|\burls?\b|surbl|uribl|\bdbl\b|score|heuristic|bayes",
        r"(?:too (?:big|large)|exceeds?[\w ,']{0,25}(?:size|limit|maximum)|size limit|message size|"
        r"larger than|maximum (?:message|size)|oversize)",
        r"attachment|file ?type|extension|headers?\b|\bmime\b|message-id|\brfc ?\d*|bare (?:lf|cr)|8-?bit",
        r"non-?ascii|smtputf8|line (?:is )?too long|encoding|syntax|from:",
        r"polic(?:y|ies)|\brules?\b|filter|prohibited|administrative|security|compliance|violat|\bdlp\b",
        r"(?:message|mail|e-?mail|transaction|delivery)s? (?:has been |was |is |content )?(?:rejected|refused|"
        r"denied|blocked|not allowed|not accepted)",
        r"reject(?:ed|ing) (?:your )?message|transaction failed",
    ),
)
_RESTRICTED = Words(
    Whose.ADDRESS,
    (
        r"(?:not (?:allowed|authori[sz]ed|permitted)|have permission|no permission|"
        r"permission to)[\w ,':()-]{0,40}(?:send|post|submit|mail|write|deliver)",
        r"(?:only accepts?|not accept|refus\w+|does not want|doesn't want|unwanted|"
        r"not wish)[\w ,':-]{0,30}(?:from|mail|your|this)",
        r"senders (?:are|be) authenticated|recipient not authori[sz]ed",
        r"recipient address rejected: access denied|restricted|members? only|not a member|moderated",
        r"white ?list|safe ?list|allow ?list|approved sender|challenge|suppress",
        r"blocked by (?:the )?(?:recipient|user)|preferences",
    ),
)
_UNKNOWN_TO_DIRECTORY = Words(Whose.ADDRESS, (r"recipient address rejected: access denied",), hard=True)
"""What Exchange Online answers at its edge for a recipient that is in no directory: only with status 5.4.1."""
_REJECTED = Words(
    Whose.ADDRESS,
    (
        r"mail ?box(?: name)? (?:is )?(?:unavailable|not available|not allowed|invalid|closed)",
        r"(?:recipient|address|rcpt|user|account)[\w ,':;()-]{0,20}(?:rejected|refused|not accepted|"
        r"unavailable|not available|is invalid|invalid|not valid|closed|terminated)",
        r"undeliverable address|bad (?:address|destination)|double-?check",
        r"check (?:the )?(?:recipient|address|spelling)",
        r"(?:address|user|account|mailbox) (?:was |is )?(?:no longer|not (?:valid|active|in use))|there is no",
        r"does not like recipient",
        r"invalid address|illegal (?:user|alias|recipient)|unlisted|not a user|no user|user not (?:local|here)",
        r"recipient's (?:address|mailbox)",
    ),
    hard=True,
    vague=True,
)
_DENIED = Words(
    Whose.CONTENT, (r"denied|not permitted|not allowed|forbidden|unauthori[sz]ed|refused|rejected|blocked",)
)

IN_ORDER = (
    *(_CLOSED_GROUP, _SIGNING_IN, _OUR_NAME, _REPUTATION, _FULL, _CLOSED, _GONE, _NO_HOST, _NOBODY),
    *(_BUSY, _CONTENT, _RESTRICTED, _REJECTED, _DENIED),
)
BY_STATUS = {"4.1": _UNKNOWN_TO_DIRECTORY}
"""Words that mean what they mean only with this status, without its class."""

STATUSES: tuple[tuple[Whose, bool, frozenset[str]], ...] = (
    (Whose.ADDRESS, True, frozenset(["1.0", "1.1", "1.2", "1.3", "1.4", "1.6", "1.10", "4.4"])),
    (
        Whose.US,
        False,
        frozenset(
            [
                "1.7",
                "1.8",
                "5.1",
                "5.2",
                "5.3",
                "5.4",
                "7.0.0",
                "7.8",
                "7.9",
                "7.13",
                "7.20",
                "7.21",
                "7.22",
                "7.23",
                "7.24",
                "7.25",
                "7.26",
                "7.27",
                "7.28",
                "7.29",
                "7.30",
            ]
        ),
    ),
    (Whose.SERVER, False, frozenset(["7.4", "7.5", "7.6", "7.10", "7.11", "7.12"])),
    (Whose.CONTENT, False, frozenset(["2.3", "3.4"])),
)
HARD_CODES = frozenset({521, 556})
"""Source: RFC 7504 and RFC 7505, a host or domain that accepts no mail."""
OUR_CODES = frozenset({500, 501, 502, 503, 504, 530, 534, 535, 538})
"""Source: RFC 5321 and RFC 4954, a dialog or sign-in that we got wrong."""
SUBJECTS = {"1": Whose.ADDRESS, "2": Whose.ADDRESS, "5": Whose.US, "6": Whose.CONTENT, "7": Whose.CONTENT}
"""By the first number of a status after its class.   Source  RFC 3463, 3"""
