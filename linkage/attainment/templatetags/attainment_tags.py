"""What the pages of 指标 say beside what every page may."""

from django import template

from linkage.attainment.documents import deadlines
from linkage.attainment.documents.units import sources

register = template.Library()


@register.simple_tag
def clause_url(target):
    """Where the clause of a target stands."""
    return target.document.clause_url(target.clause)


register.filter("deadline_note", deadlines.note)
register.filter("deadline_mark", deadlines.mark)


@register.simple_tag
def record_lists(line):
    """``[(name, address)]`` of the records behind the figures of a community, which is one unit."""
    region = line.reading.region
    return sources(line.target, region.pk) if region.is_community and line.target.table == "place" else []
