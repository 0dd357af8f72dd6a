"""How the value of a target comes about, in one sentence (DOMAIN §2.1)."""

from django.utils.translation import gettext_lazy as lazy

from linkage.attainment.codes import Rule
from linkage.attainment.documents.figures import name_of

FORMULA = {
    Rule.AVG: lazy("%(metric)s of all %(units)s together, divided by the number of these %(units)s"),
    Rule.EACH: lazy(
        "every one of the %(units)s is judged by its own %(metric)s; the value is the share that passes"
    ),
    Rule.COVER: lazy("the share of the %(units)s that count under “%(metric)s”"),
    Rule.RATIO: lazy("%(metric)s ÷ %(per)s; both are summed first and divided then"),
    Rule.TOTAL: lazy("%(metric)s, summed"),
    Rule.PER10K: lazy("%(metric)s × 10,000 ÷ %(per)s; both are summed first and divided then"),
    Rule.RANGE: lazy("every one of the %(units)s is judged by its own %(metric)s, which lies in the bounds"),
    Rule.FREQ: lazy("every one of the %(units)s is judged by its own %(metric)s in the period"),
    Rule.CAP: lazy("%(metric)s ÷ %(per)s; not above the limit"),
    Rule.MILESTONE: lazy("the share of the %(units)s that are done by “%(metric)s”"),
    Rule.TREND: lazy("%(metric)s, held against the same day one year earlier; it has to be more"),
    Rule.QUOTA: lazy("%(metric)s, summed and held against the quota"),
    Rule.RULE: "%(metric)s ÷ %(per)s",
}
WITH_PER = {
    Rule.EACH: lazy(
        "every one of the %(units)s is judged by its own %(metric)s ÷ %(per)s; the value is the share that"
        " passes"
    ),
    Rule.COVER: "%(metric)s ÷ %(per)s",
    Rule.MILESTONE: "%(metric)s ÷ %(per)s",
    Rule.TREND: lazy("%(metric)s ÷ %(per)s, held against the same day one year earlier; it has to be higher"),
}


def formula_of(target, units):
    """``units``: what is observed, in words."""
    words = {"metric": name_of(target.metric), "per": name_of(target.per), "units": units}
    text = FORMULA[Rule(target.rule)]
    if target.per:
        text = WITH_PER.get(Rule(target.rule), text)
    return text % words
