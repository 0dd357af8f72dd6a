"""What a table changes of tier and status leaves its step, as a move by hand would."""

from django.utils.translation import gettext as _

STEPS = (
    ("organizations_tiermove", "tier", "from_tier", "to_tier"),
    ("organizations_statuschange", "status", "from_status", "to_status"),
)


def note_imported(cursor, sheet_import, *, by):
    """One step for each organisation whose tier or status this import has changed, of today."""
    reason = _("By import of the table “%s”") % sheet_import.name
    for table, column, before, after in STEPS:
        more, chosen = (
            ("former_number, ", "coalesce(before->>'filing_number', ''), ") if column == "tier" else ("", "")
        )
        cursor.execute(
            f"INSERT INTO {table} (organization_id, {before}, {after}, happened_on, reason, doc_no, {more}"
            f"by_id, removed_reason) SELECT target, before->>%s, values->>%s, CURRENT_DATE, %s, '',"
            f" {chosen}%s, ''"
            " FROM foundation_stagedrow WHERE sheet_import_id = %s AND outcome = 'changed' AND values ? %s",
            [column, column, reason[:200], by.pk, sheet_import.pk, column],
        )
