"""Work lists as tables, as all pages of the console show them.

Joined here and not by a template, as the options of a form are: a row has a dozen parts that it may lack, and asking a
template for each took a quarter of the time of Work.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from troth.desk.lists.lines import WorkLine
from troth.markup import format_html, format_html_join, join_html

_NO_COMPANY = SafeString('<td role="cell" class="co none">–</td>')


@lru_cache(maxsize=1_024, typed=True)
def write_state(kind: str, words: str) -> SafeString:
    """A state as a word with its mark in front."""
    return format_html('<span class="{}">{}</span>', f"state {kind}".strip(), words)


@dataclass(frozen=True)
class RowLook:
    """How a list looks.

    query      of the list's address, which each link keeps
    below      the address under which requests are opened beside the list; without one, each is opened on its own list
    here       the number of the opened request; beside it a row says only what tells it apart
    pick       whether rows can be selected, for the form “bulk”; picked: the numbers of those that are
    companies  whether rows name the company
    quiet      whether its head is for readers who do not see it: the list above has the same"""

    query: str = ""
    below: str = ""
    here: str = ""
    pick: bool = False
    picked: frozenset[str] = frozenset()
    companies: bool = False
    quiet: bool = False


def write_list(lines: Iterable[WorkLine], title: str, look: RowLook) -> SafeString:
    """The table of a list, which is called `title`."""
    return format_html(
        '{}{}<tbody role="rowgroup">\n{}</tbody></table>\n',
        _open_table(title, bare=not look.companies, brief=bool(look.here)),
        _write_head(look.pick, look.companies, look.quiet, get_language()),
        join_html(_write_row(line, look) for line in lines),
    )


def _open_table(title: str, *, bare: bool, brief: bool) -> SafeString:
    kind = f"rows{' bare' if bare else ''}{' brief' if brief else ''}"
    return format_html('<table role="table" class="{}" aria-label="{}">', kind, title)


@lru_cache(maxsize=256)
def _write_head(pick: bool, companies: bool, quiet: bool, _language: str | None) -> SafeString:
    columns = {"what": _("Request"), "co": _("Company"), "due": _("Due"), "who": _("Assigned to")}
    shown = [(name, title) for name, title in columns.items() if companies or name != "co"]
    return format_html(
        '<colgroup>{}{}</colgroup><thead role="rowgroup"{}><tr role="row">{}{}</tr></thead>',
        SafeString('<col class="pick">') if pick else "",
        format_html_join("", '<col class="{}">', ((name,) for name, _title in shown)),
        SafeString(' class="quiet"') if quiet else "",
        _write_pick_all() if pick else "",
        format_html_join("", '<th scope="col" role="columnheader" class="{}">{}</th>', shown),
    )


def _write_pick_all() -> SafeString:
    """The console's script shows it, because only that can do it."""
    return format_html(
        '<td role="cell" class="pick"><input type="checkbox" data-pick-all hidden aria-label="{}"></td>',
        _("Select all on this page"),
    )


def _write_row(line: WorkLine, look: RowLook) -> SafeString:
    is_here = line.number == look.here
    return format_html(
        '<tr role="row" data-row{}{}>{}<th scope="row" role="rowheader" class="what"><a href="{}{}"{}>{}</a>{}</th>'
        '{}<td role="cell" class="due">{}</td><td role="cell" class="who">{}{}</td></tr>\n',
        SafeString('="free"') if line.free else "",
        SafeString(' class="open"') if is_here else "",
        _write_pick(line, look) if look.pick else "",
        f"{look.below}{line.number}/" if look.below else line.address,
        f"?{look.query}" if look.query else "",
        SafeString(' aria-current="true"') if is_here else "",
        line.about,
        _write_more(line, brief=bool(look.here)),
        _write_company(line.company) if look.companies else "",
        _write_due(line, brief=bool(look.here)),
        line.owner,
        _write_small(_("Recipient: %(who)s") % {"who": line.chosen}) if line.chosen and not look.here else "",
    )


def _write_pick(line: WorkLine, look: RowLook) -> SafeString:
    return format_html(
        '<td role="cell" class="pick">'
        '<input type="checkbox" name="pick" value="{}" form="bulk" aria-label="{}"{}></td>',
        line.number,
        line.pick,
        SafeString(" checked") if line.number in look.picked else "",
    )


def _write_more(line: WorkLine, *, brief: bool) -> SafeString:
    """Its number, with age and rule where no opened request takes their room; who asks for it, and what is wrong."""
    if brief:
        known = format_html(" <small>{}</small>", line.number)
    else:
        more = " · ".join(filter(None, (line.age, line.rule)))
        known = format_html('<br><small class="wrap"><span>{}</span> · {}</small>', line.number, more)
    marks = [("warn", line.pressing), ("warn", line.asked), ("stop", line.alarm)]
    told = (format_html("<br>{}", write_state(mark, words)) for mark, words in marks if words)
    return known + join_html(told)


def _write_small(words: str) -> SafeString:
    return format_html('<br><small class="wrap">{}</small>', words)


def _write_company(company: str) -> SafeString:
    return format_html('<td role="cell" class="co">{}</td>', company) if company else _NO_COMPANY


def _write_due(line: WorkLine, *, brief: bool) -> SafeString:
    if not line.left:
        return write_state(line.mark, line.when)
    due = format_html("{} <small>{}</small>", write_state(line.mark, line.day), line.left)
    return due + _write_small(line.note) if line.note and not brief else due
