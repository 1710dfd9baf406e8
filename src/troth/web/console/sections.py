"""What repeats on the console's first page: its groups of requests, and charts with their tables."""

from collections.abc import Sequence
from dataclasses import replace

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from troth.desk.charts import Figures, chart
from troth.desk.lists.rows import RowLook, write_list
from troth.markup import format_html, format_html_join, join_html
from troth.web.console.groups import LATE, WorkGroup


def write_groups(groups: Sequence[WorkGroup], filters: str, look: RowLook) -> SafeString:
    """Each group with its list, and the way to all of it; only the first list shows its head.

    Takes  filters: of the page's address"""
    looks = (replace(look, quiet=look.quiet or at > 0) for at in range(len(groups)))
    return join_html(_write_group(group, filters, each) for group, each in zip(groups, looks, strict=True))


def _write_group(group: WorkGroup, filters: str, look: RowLook) -> SafeString:
    late = _("%(late)s late") % {"late": group.late} if group.late and group.id != LATE else ""
    return format_html(
        '<section aria-labelledby="{id}-h">\n<h2 id="{id}-h">{title} <span>{count}{late}</span></h2>\n'
        "{list}{more}</section>\n",
        id=group.id,
        title=group.title,
        count=group.count,
        late=f", {late}" if late else "",
        list=write_list(group.lines, str(group.title), look),
        more=_lead_to_more(group, filters) if group.more else "",
    )


def _lead_to_more(group: WorkGroup, filters: str) -> SafeString:
    return format_html(
        '<p class="more">{} <a href="?{}all={id}#{id}-h">{}</a></p>\n',
        _("%(shown)s of %(count)s shown.") % {"shown": len(group.lines), "count": group.count},
        f"{filters}&" if filters else "",
        _("Show %(more)s more") % {"more": group.more},
        id=group.id,
    )


def write_figure(figures: Figures, title: str, column: str, id: str, *, stripes: bool = False) -> SafeString:
    """One chart above its table.

    Takes   column: the heading of what its bars are; stripes: see `chart`"""
    words = _("The table below the chart has the same figures.")
    return format_html(
        '<section aria-labelledby="{id}-h">\n<h2 id="{id}-h">{title} <span>{total}</span></h2>\n'
        "<figure>{chart}</figure>\n<table><caption>{caption}</caption>"
        '<thead><tr><th scope="col">{column}</th><th scope="col" class="num">{requests}</th></tr></thead>'
        "<tbody>{rows}</tbody></table></section>\n",
        id=id,
        title=title,
        total=figures.total,
        chart=chart(figures.bars, title=title, description=words, defs=stripes),
        caption=_("Data table"),
        column=column,
        requests=_("Requests"),
        rows=format_html_join(
            "",
            '<tr><th scope="row">{}</th><td class="num">{}</td></tr>',
            ((bar.label, bar.value) for bar in figures.bars),
        ),
    )
