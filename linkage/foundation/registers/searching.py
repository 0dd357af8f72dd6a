"""Searching a list: every word stands in one of the fields, those of another register among them."""

from collections import defaultdict

from django.db.models import Q
from django.utils.text import smart_split, unescape_string_literal

FEW = 10_000  # rows of another register that are named one by one


class Searching:
    """``search_fields`` with their lookup, as ``name__holds``; those of other rows by a foreign key."""

    def get_search_results(self, request, queryset, search_term):
        fields = self.get_search_fields(request)
        for word in _words(search_term) if fields else ():
            queryset = queryset.filter(having(self.model, fields, word))
        return queryset, False


def _words(text):
    """What stands between blanks or within quotation marks, as everywhere in the admin."""
    for word in smart_split(text):
        quoted = word.startswith(('"', "'")) and word[0] == word[-1]
        yield unescape_string_literal(word) if quoted else word


def having(model, paths, word):
    """The rows with this word in one of the fields.

    An OR that reaches across a join is served by no index: every row is joined and read. So where a field
    of another register stands beside others, its rows are looked for first, and the rows here that hang on
    them are named by their keys. Of a word that very many have, the order of the list finds a page soon.
    """
    sources = by_source(model, paths)
    found = Q()
    for step, lookups in sources.items():
        keys = _keys(model, step, lookups, word) if step and len(sources) > 1 else None
        if keys is None:
            found |= any_of([f"{step}__{lookup}" if step else lookup for lookup in lookups], word)
        else:
            found |= Q(**{f"{step}__in": keys})
    return found


def by_source(model, paths):
    """The lookups by the foreign key they lead over; those of the own columns under no name."""
    sources = defaultdict(list)
    for path in paths:
        step, _between, rest = path.partition("__")
        other = model._meta.get_field(step).related_model
        sources[step if other else ""].append(rest if other else path)
    return sources


def any_of(lookups, word):
    return Q.create([(lookup, word) for lookup in lookups], connector=Q.OR)


def _keys(model, step, lookups, word):
    """The keys of the rows of the other register that have the word; None where they are more than a few."""
    other = model._meta.get_field(step).related_model
    keys = (
        other._base_manager.filter(any_of(lookups, word)).order_by().values_list("pk", flat=True)[: FEW + 1]
    )
    found = list(keys)
    return found if len(found) <= FEW else None
