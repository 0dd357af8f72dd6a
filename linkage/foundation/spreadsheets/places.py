"""Places as tables name them: by name, by a path of names, by code; only those one may write at.

Whatever lies elsewhere is answered like what does not exist, and only places of one's own are offered.
"""

import difflib
import re

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from linkage.foundation.scope import under
from linkage.foundation.standards import significant_division

from . import cells

BETWEEN = re.compile(r"[›>》/／→、,，\s\u3000-]+")
CODE = re.compile(r"^[0-9]{2,12}$|^X[0-9A-Z]+$")
BODY = re.compile(r"(?<=.)(居民委员会|居委会|(?<=村)民委员会|(?<=村)委会|办事处)$")
NEAR = 20_000  # names among which a likely one is looked for
HELD = 5_000  # places kept at hand


def short(name):
    """A name as it is compared: 畅家巷社区居委会 is 畅家巷社区, 河口村民委员会 is 河口村."""
    return BODY.sub("", cells.folded(name))


def _code(path):
    return path.rstrip("/").rpartition("/")[2]


class Places:
    """The places under some posts; ``home``: the path above which nothing is said."""

    def __init__(self, model, posts, home=None):
        self.model, self.posts = model, posts
        self.tops = list({post.office.region_id: post.office.region for post in posts}.values())
        self.hidden = set(home.path_codes) if home else set()
        self._by_name = None
        self._asked = {}
        self._held = {}
        self._words = {}

    def _load(self):
        """Names and codes of one's places, once for a whole table."""
        mine = Q(pk__in=[])
        for top in self.tops:
            mine |= under("path", top.path)
        today = timezone.localdate()
        rows = self.model.objects.filter(mine).filter(Q(closed_on=None) | Q(closed_on__gt=today))
        self._by_name, self._by_code, self._names = {}, {}, {}
        for pk, code, name, path, level in rows.values_list("pk", "code", "name", "path", "level").iterator():
            one = (pk, path, level)
            self._by_name.setdefault(short(name), []).append(one)
            self._by_code[code] = one
            self._names[code] = name
        above = {code for top in self.tops for code in top.path_codes} - set(self._names)
        self._names |= dict(self.model.objects.filter(code__in=above).values_list("code", "name"))

    def find(self, text, levels=None):
        """The key of the place a cell names. ``levels``: those it may be of."""
        asked = (text, tuple(levels or ()))
        if asked not in self._asked:
            try:
                self._asked[asked] = self._find(text, levels)
            except ValidationError as error:
                self._asked[asked] = error
        found = self._asked[asked]
        if isinstance(found, ValidationError):
            raise found
        return found

    def _find(self, text, levels):
        if self._by_name is None:
            self._load()
        code = cells.half(text).upper()
        if CODE.match(code):
            found = [self._by_code[one] for one in {code, significant_division(code)} if one in self._by_code]
        else:
            found = self._named(text)
        if not found:
            raise ValidationError(self._none(text))
        fitting = [one for one in found if not levels or one[2] in levels]
        if not fitting:
            words = dict(self.model.Level.choices)
            raise ValidationError(
                _("“%(text)s” is no %(level)s.")
                % {"text": text[:40], "level": "、".join(str(words[level]) for level in levels)}
            )
        if len(fitting) > 1:
            raise ValidationError(
                _("There are %(count)s places called “%(text)s”; put the street before it: %(example)s")
                % {
                    "count": len(fitting),
                    "text": text[:40],
                    "example": self._path_words(fitting[0][1]),
                }
            )
        return fitting[0][0]

    def _named(self, text):
        exact = self._by_name.get(short(text), ())
        if len(exact) > 1:  # 河口村 and 河口村委会 are one place unless both are there
            exact = [one for one in exact if self._names[_code(one[1])] == text] or exact
        if exact:
            return exact
        parts = [short(part) for part in BETWEEN.split(text) if part]
        if len(parts) > 1:
            return [one for one in self._by_name.get(parts[-1], ()) if self._lies_under(one[1], parts[:-1])]
        whole = parts[0] if parts else ""
        for start in range(1, len(whole)):  # 雁南街道幸福里社区
            under_it = [
                one for one in self._by_name.get(whole[start:], ()) if self._is_made_of(one[1], whole[:start])
            ]
            if under_it:
                return under_it
        return []

    def _above(self, path):
        codes = path.rstrip("/").split("/")[:-1]
        return [short(self._names[code]) for code in codes if code in self._names]

    def _lies_under(self, path, names):
        """The names occur, in their order, among the places above."""
        above = iter(self._above(path))
        return all(name in above for name in names)

    def _is_made_of(self, path, head):
        for name in self._above(path):
            head = head.removeprefix(name)
        return not head

    def _none(self, text):
        whose = "、".join(top.name for top in self.tops[:3]) or _("your places")
        near = ""
        if len(self._by_name) <= NEAR:
            last = BETWEEN.split(text)[-1] or text
            found = difflib.get_close_matches(short(last), list(self._by_name), 1, 0.6)
            near = self._path_words(self._by_name[found[0]][0][1]) if found else ""
        if near:
            return _("%(whose)s has no “%(text)s”; perhaps “%(near)s” is meant.") % {
                "whose": whose,
                "text": text[:40],
                "near": near,
            }
        return _("%(whose)s has no “%(text)s”.") % {"whose": whose, "text": text[:40]}

    def _path_words(self, path):
        names = [self._names.get(code, "") for code in path.rstrip("/").split("/") if code not in self.hidden]
        return " › ".join(name for name in names if name)

    def hold(self, keys):
        """Have these places at hand, each with those above it, in two queries."""
        wanted = {key for key in keys if key is not None} - set(self._held)
        if not wanted:
            return
        if len(self._held) > HELD:
            self._held.clear()
        regions = self.model.objects.in_bulk(wanted)
        codes = {code for one in regions.values() for code in one.path_codes[:-1]}
        above = {one.code: one for one in self.model.objects.filter(code__in=codes)} if codes else {}
        for one in regions.values():
            vars(one)["ancestors"] = [above[code] for code in one.path_codes[:-1] if code in above]
        self._held |= regions

    def held(self, key):
        if key not in self._held:
            self.hold([key])
        return self._held[key]

    def shown(self, region):
        """The names below one's own place, as lists show them."""
        if region.pk not in self._words:
            names = [one.name for one in self.held(region.pk).ancestors if one.code not in self.hidden]
            self._words[region.pk] = " › ".join([*names, region.name])
        return self._words[region.pk]

    def shown_key(self, key):
        return self._words.get(key) or self.shown(self.held(key))
