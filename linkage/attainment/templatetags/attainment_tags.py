"""What the pages of 指标 say beside what every page may."""

from django import template

register = template.Library()


@register.simple_tag
def clause_url(target):
    """Where the clause of a target stands."""
    return target.document.clause_url(target.clause)
