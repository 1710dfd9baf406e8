"""Django's template tags of translation. A text without variables is looked up once for each language.

{% load i18n %}{% translate "Requests" %}
"""

from typing import Any

from django.template import Library
from django.template.base import Node, Parser, Token
from django.template.context import Context
from django.templatetags import i18n
from django.utils.translation import get_language

register = Library()
register.filters.update(i18n.register.filters)
register.tags.update(i18n.register.tags)


class TranslatedText(Node):
    """What Django's own node gives, by language."""

    child_nodelists = ()

    def __init__(self, node: Node) -> None:
        self._node = node
        self._found: dict[str | None, Any] = {}

    def render(self, context: Context) -> Any:
        language = get_language()
        found = self._found.get(language)
        if found is None:
            found = self._found[language] = self._node.render(context)
        return found


@register.tag
def translate(parser: Parser, token: Token) -> Node:
    node: Any = i18n.do_translate(parser, token)
    asks_more = node.noop or node.asvar or node.message_context or node.filter_expression.filters
    return node if asks_more or node.filter_expression.var.literal is None else TranslatedText(node)
