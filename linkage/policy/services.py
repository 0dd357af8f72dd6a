"""Policy documents come from packs; loading one twice changes nothing."""

from django.db import transaction

from linkage.policy.models import PolicyDocument

DOCUMENT_FIELDS = [
    "title",
    "doc_no",
    "issuers",
    "territory",
    "effective_from",
    "effective_to",
    "linkage_model",
    "kind",
    "addressees",
    "issued_on",
]


@transaction.atomic
def load_document(table, clauses, *, region, version):
    """Make the stored document say what the pack says. Returns it and the number of rows changed."""
    values = {field: table[field] for field in DOCUMENT_FIELDS}
    values |= {
        "year": table["year"] or table["issued_on"].year,
        "territory_code": table["region"],
        "region": region,
        "text": "\n".join(clause["text"] for clause in clauses),
        "pack_version": version,
    }
    document, changes = _keep(PolicyDocument.objects, {"code": table["code"]}, values)
    rows = [{**clause, "order": order} for order, clause in enumerate(clauses)]
    return document, changes + mirror(document.clauses, "number", rows)


def mirror(rows, key, wanted):
    """Make the rows of one owner equal to those wanted, matched by ``key``; returns how many changed.

    Rows that are no longer wanted go; a row something else depends on raises ProtectedError.
    """
    changes = 0
    for gone in rows.exclude(**{f"{key}__in": [row[key] for row in wanted]}):
        gone.delete()
        changes += 1
    for row in wanted:
        values = {name: value for name, value in row.items() if name != key}
        changes += _keep(rows, {key: row[key]}, values)[1]
    return changes


def _keep(rows, identity, values):
    """The row of this identity with these values: made, changed or left alone."""
    row, created = rows.get_or_create(**identity, defaults=values)
    if created:
        return row, 1
    stale = [name for name, value in values.items() if getattr(row, name) != value]
    for name in stale:
        setattr(row, name, values[name])
    if stale:
        row.save(update_fields=stale)
    return row, int(bool(stale))
