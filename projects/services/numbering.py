"""The number of an application, given once."""

from communities.models import Region
from projects.models import Series


def next_number(project):
    """GS2016-6202-0017: programme, city, running number; gapless, since a failed submission rolls back."""
    place = next(
        (place for place in project.lineage if place.level in (Region.Level.CITY, Region.Level.COUNTY)),
        project.region,
    )
    prefix = f"{project.programme.code.replace('-', '')}-{place.code}"
    Series.objects.get_or_create(prefix=prefix)
    series = Series.objects.select_for_update().get(prefix=prefix)
    series.last += 1
    series.save(update_fields=["last"])
    return f"{prefix}-{series.last:04d}"
