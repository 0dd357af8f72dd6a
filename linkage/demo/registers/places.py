"""Which communities get registers, and what hangs above them: two temporary tables all other rows stand on.

``demo_place`` has the communities, ``demo_upper`` the places above them, each with ``k``, the key of its
choices, and ``short``, its name without what makes it an office.
"""

from dataclasses import dataclass

from communities.models import CommunityKind, Level
from linkage.demo.registers.sets import Loading

SHORT = r"regexp_replace({name}, '(社区|村)?(居民|村民)?(委员会|居委会|村委会)$|社区$', '')"

# What a community is like follows from its key: its size, and how many of everything it has.
PLACES = r"""
SELECT *, (residents / (2.4 + 0.1 * {household}))::int AS households,
    CASE WHEN kind = 'rural' THEN 3 ELSE 3 + residents / 1500 END AS staff
FROM (
    SELECT *, CASE WHEN kind = 'rural' THEN rtrim(short, '村') || '村' ELSE short || '社区' END AS label,
        CASE WHEN kind = 'rural' THEN {rural} ELSE {urban} END AS residents,
        {organizations} AS organizations, {workers} AS workers,
        CASE WHEN kind = 'rural' THEN {rural_volunteers} ELSE {urban_volunteers} END AS volunteers
    FROM (
        SELECT c.id, c.code, c.path, c.kind, c.committee, s.id AS street, s.name AS street_name,
            a.id AS area, a.name AS area_name, hashtextextended(c.code, {seed}) AS k,
            coalesce(nullif({short}, ''), c.name) AS short,
            coalesce(substring(c.code FROM '^\d{{6}}'), substring(c.path FROM '\d{{6}}'),
                left(c.path, 2) || '0101') AS division
        FROM communities_region c
        LEFT JOIN communities_region s ON s.id = c.parent_id AND s.level = {street}
        JOIN communities_region a ON a.id = CASE WHEN s.id IS NULL THEN c.parent_id ELSE s.parent_id END
        WHERE c.level = {community} AND c.closed_on IS NULL
          AND c.path >= %(path)s AND c.path < %(path)s || '~'
          AND ((hashtextextended(c.code, {seed}) & 1048575) < %(scale)s * 1048576 OR c.id = ANY(%(always)s))
    ) AS chosen
) AS sized
ORDER BY path
"""

UPPER = r"""
SELECT r.id, r.code, r.path, r.level, r.name, hashtextextended(r.code, {seed}) AS k, b.communities,
    left(r.path, 2) || '0000' AS born_in,
    rpad(coalesce(substring(r.code FROM '^\d{{1,6}}'), left(r.path, 2)), 6, '0') AS division,
    EXISTS (SELECT FROM demo_place d WHERE d.area = r.id) AS is_area
FROM (
    SELECT above AS code, count(*) AS communities
    FROM demo_place, unnest(string_to_array(rtrim(path, '/'), '/')) AS above
    GROUP BY above
) AS b
JOIN communities_region r USING (code) WHERE r.level < {community}
ORDER BY r.path
"""


@dataclass(slots=True)
class Place:
    """A community as Python makes up its people and organisations."""

    id: int
    code: str
    division: str
    label: str
    short: str
    kind: str
    street: int | None
    street_name: str
    area: int
    area_name: str
    staff: int
    organizations: int
    workers: int
    volunteers: int

    @property
    def level(self):
        return Level.COMMUNITY

    @property
    def born_in(self):
        """The division of the identity numbers of those at home here."""
        return self.division

    @property
    def is_rural(self):
        return self.kind == CommunityKind.RURAL


@dataclass(slots=True)
class Upper:
    """A place above them."""

    id: int
    code: str
    name: str
    level: int
    is_area: bool
    communities: int
    division: str
    born_in: str  # the whole province, so that nobody's number is drawn twice

    @property
    def label(self):
        return self.name


def choose(loading: Loading, province, scale, always):
    """Make both tables."""
    words = {"seed": loading.salt("places"), **{level.name.lower(): level.value for level in Level}}
    loading.make(
        "demo_place",
        PLACES.format(
            short=SHORT.format(name="c.name"),
            household=loading.draw("household", 9),
            rural=loading.between("residents", 500, 2_400),
            urban=loading.between("residents", 2_600, 9_000),
            organizations=loading.between("organizations", 2, 9),
            workers=loading.between("workers", 1, 3),
            rural_volunteers=loading.between("volunteers", 6, 29),
            urban_volunteers=loading.between("volunteers", 12, 42),
            **words,
        ),
        index="id",
        path=province.path,
        scale=scale,
        always=[place.pk for place in always],
    )
    loading.make("demo_upper", UPPER.format(**words), index="id")


def communities(loading: Loading):
    """The chosen communities, those of one division together."""
    return _all(loading, Place, "demo_place ORDER BY division, path")


def uppers(loading: Loading):
    return _all(loading, Upper, "demo_upper ORDER BY path")


def _all(loading, kind, source):
    return [kind(*row) for row in loading.rows(f"SELECT {', '.join(kind.__slots__)} FROM {source}")]
