"""The table of accounts (分级管理): a county enters the people of its streets and communities at once.

A line is a person in a post. Accounts are known by their name for signing in: one that is known and works
elsewhere now moves there. The lines are written by the verbs of the accounts page, so that what may be
done is the same; a new account opens to nobody before it is given its first password.
"""

from django.core.exceptions import BadRequest, ValidationError
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communities.models import Region
from communities.offices import rules, services
from communities.offices.models import Office, Post, Seat, User
from linkage.foundation.errors import NotNow
from linkage.foundation.fields import seal, unseal
from linkage.foundation.models import StagedRow
from linkage.foundation.spreadsheets import applying, describing, kinds, rows
from linkage.foundation.spreadsheets.describing import Column, Sheet, digest
from linkage.foundation.standards import mask_phone

OF_THE_PERSON = ("name", "username", "phone")
OF_THE_POST = ("section", "duty")
PHONE = "offices.user.phone"  # the column a telephone is sealed for


@describing.register
class SeatSheet(Sheet):
    model = Seat
    on_desk, nav = False, "admin"
    order = ("place", "office", "name", "username", "role", "section", "duty", "phone")
    related = ("user",)
    aliases = {"role": ("角色", "职务", "岗位角色"), "section": ("科室", "股室", "部门"), "duty": ("分工",)}
    synonyms = {
        "role": {"经办人": "clerk", "审核人": "reviewer", "领导": "leader", "系统管理员": "administrator"}
    }
    examples = {"role": "经办", "section": "社区服务股"}
    about = gettext_lazy(
        "Known by the account. Somebody who has another post now is moved: the old post ends today."
    )

    def first_columns(self):
        field = User._meta.get_field
        return [
            Column(
                "place",
                _("Place of the office"),
                kinds.Place(kept=True),
                required=True,
                help=_("The street, township or community whose office the person works in."),
                example="雁南街道 › 幸福里社区",
                aliases=("所属地区", "单位所在地", "街道社区", "街道（乡镇）、社区", "所属街道社区"),
                attname="office_id",
            ),
            Column(
                "office",
                _("Name of the office"),
                kinds.Text(Office._meta.get_field("name").max_length),
                help=_("Only where the office is still to be opened and its name is not the usual one."),
                aliases=("所在单位", "工作单位"),
            ),
            Column(
                "name",
                _("Name"),
                kinds.Text(field("name").max_length),
                required=True,
                example="张三",
                aliases=("人员姓名",),
            ),
            Column(
                "username",
                _("Account"),
                kinds.Text(50),
                required=True,
                help=_("Letters, digits and @ . + - _; used to sign in."),
                example="xfl-zhangsan",
                aliases=("登录账号", "用户名", "登录名", "帐号"),
            ),
            Column(
                "phone",
                str(field("phone").verbose_name),
                kinds.Sealed(None, mask_phone),
                aliases=("手机", "手机号", "手机号码", "电话", "联系方式"),
            ),
            *(
                self.column(one, self.kind_of(one))  # a proxy has no fields of its own
                for one in map(Post._meta.get_field, ("role", *OF_THE_POST))
            ),
        ]

    # Whose it is

    def keepers(self, user):
        return [post for post in user.current_posts if post.administers] if user.is_authenticated else []

    readers = keepers

    def listed(self, user, query):
        if query:
            raise BadRequest
        return Seat.objects.kept_by(user).order_by("office__region__path", "user__name", "pk")

    def list_url(self, query=None):
        return reverse("offices:accounts")

    def after_import(self, sheet_import):
        waiting = services.without_password(sheet_import.owner).count()
        if not waiting:
            return []
        return [
            (_("Give %(count)s accounts their first passwords") % {"count": waiting}, _first_passwords_url())
        ]

    # The check

    def find_more(self, check, lines):
        """The account of each line, and which of its posts is meant."""
        names = {line.given["username"].lower() for line in lines if isinstance(_said(line, "username"), str)}
        accounts = User.objects.annotate(lowered=Lower("username")).filter(lowered__in=names)
        known = {user.username.lower(): user for user in accounts.prefetch_related("posts__office__region")}
        regions = {at for line in lines if isinstance(at := line.given.get("place"), int)}
        check.offices = {
            office.region_id: office
            for office in Office.objects.filter(region__in=regions, closed_on__isnull=True)
        }
        check.sitting = {}
        for office, name, username in Seat.objects.filter(office__region__in=regions).values_list(
            "office__region", "user__name", "user__username"
        ):
            check.sitting.setdefault((office, name), username)
        for line in lines:
            line.account = line.old.user if line.old else None
            username = _said(line, "username")
            if line.old is not None:
                if username and username.lower() != line.account.username.lower():
                    line.refuse("username", ValidationError(_("The account of a person does not change.")))
            elif username:
                line.account = known.get(username.lower())
                if line.account is None:
                    line.key = digest("account", username.lower())
                else:
                    self._which_post(check, line)

    def _which_post(self, check, line):
        by, account = check.user, line.account
        running = [post for post in account.posts.all() if post.is_current()]
        mine = [post for post in running if rules.administers_region(by, post.office.region)]
        before = any(rules.administers_region(by, post.office.region) for post in account.posts.all())
        if (running and not mine) or (not running and not before):
            line.refuse("username", ValidationError(_("This account name is taken.")))
            return
        if not account.is_active:
            line.refuse("username", ValidationError(_("This account is closed. Open it again first.")))
            return
        at, role = line.given.get("place"), line.given.get("role")
        fitting = [
            post
            for post in mine
            if (not isinstance(at, int) or post.office.region_id == at) and role in (None, post.role)
        ]
        meant = fitting if fitting else mine
        if len(meant) > 1:
            line.refuse(
                "username", ValidationError(_("This account holds several posts. Change them on its page."))
            )
        elif meant:
            line.old = check.standing().filter(pk=meant[0].pk).first()
            line.account = line.old.user if line.old else account

    def put(self, check, line, name, value):
        if name == "place":
            line.new.named_place = value
        elif name == "office":
            line.office_name = value or ""
        elif name in OF_THE_PERSON:
            vars(line.new).setdefault("of_person", {})[name] = value or ""
        else:
            super().put(check, line, name, value)

    def settle(self, check, line):
        """The office of the place, open or to be opened, and what changes of the person."""
        new, account = line.new, line.account
        office = check.offices.get(new.place.pk) if "named_place" in vars(new) else new.office
        named = getattr(line, "office_name", "")
        if office is not None and named and named != office.name:
            raise ValidationError(
                {
                    "office": _("The office here is called “%(name)s”; rename it on its own page.")
                    % {"name": office.name}
                }
            )
        if office is None:
            new.office_id = None
            new._state.fields_cache.pop("office", None)
            vars(new)["opens"] = named or services.usual_office_name(new.place)
        else:
            new.office = office
        told = vars(new).setdefault("of_person", {})
        if account is not None:
            new.user = account
            facts = {
                name: told[name]
                for name in ("name", "phone")
                if name in told and told[name] != getattr(account, name)
            }
        else:
            facts = {name: told.get(name, "") for name in OF_THE_PERSON}
        if facts.get("phone"):
            facts["phone"] = seal(facts["phone"], PHONE)
        if line.old is None:
            line.beside = {"account": {**facts, "known": account.pk if account else None}}
        elif facts:
            line.beside = facts
        if office is None and line.beside is not None:
            line.beside["opens"] = named

    def judge(self, check, line):
        by, new, old, account = check.user, line.new, line.old, line.account
        wrong = {}
        changed = old is None or check.changed(line) or line.beside
        if not changed:
            return {}
        place = new.place
        if new.role == Post.Role.ADMINISTRATOR and not rules.administers_above(by, place):
            wrong["role"] = _("The administrator of a level is appointed from above it.")
        if account is not None and not rules.may_keep_account(by, account):
            wrong["username"] = _("This account is kept by the office above, or works elsewhere as well.")
        if account is None:
            told = vars(new)["of_person"]
            for validator in User._meta.get_field("username").validators:
                try:
                    validator(told["username"])
                except ValidationError as error:
                    wrong["username"] = error.messages[0]
            same = check.sitting.get((place.pk, told["name"]))
            if same and "username" not in wrong:
                wrong["name"] = _(
                    "%(name)s has the account “%(username)s” in this office. If it is the same person, give"
                    " that account; if another one, add a word to the name."
                ) % {"name": told["name"], "username": same}
        return wrong

    def value_of(self, row, column):
        told = vars(row).get("of_person", {})
        if column.name == "place":
            return row.place
        if column.name == "office":
            return vars(row).get("opens") or row.office.name
        if column.name in OF_THE_PERSON:
            if column.name in told or row.user_id is None:
                return told.get(column.name)
            return getattr(row.user, column.name)
        return super().value_of(row, column)

    # The import

    def write(self, cursor, sheet_import, by):
        """Each line by the verbs of the accounts page; what cannot be any more has the table checked anew."""
        good = StagedRow.objects.filter(sheet_import=sheet_import, outcome__in=["new", "changed"])
        counts = {"new": 0, "changed": 0}
        places = Region.objects.in_bulk(set(good.order_by().values_list("place", flat=True)))
        try:
            for row in good.order_by("number"):
                beside = row.beside or {}
                if name := beside.pop("opens", ""):
                    services.open_office(places[row.place], by=by, name=name)
                if row.outcome == "new":
                    _enter(rows.whole(Seat, row.values), places[row.place], beside["account"], by)
                else:
                    _change(row, places[row.place], beside, by)
                counts[row.outcome] += 1
        except NotNow as error:
            raise applying.Moved(str(error)) from error
        return counts


def _said(line, name):
    """What a line says in a column; None where nothing that counts."""
    value = line.given.get(name)
    return value if isinstance(value, str) and value else None


def _enter(values, place, facts, by):
    """A new account, or a post for one that has none now."""
    post = {"role": values["role"], **{name: values[name] for name in OF_THE_POST}}
    if facts["known"] is None:
        services.create_account(
            by=by,
            region=place,
            username=facts["username"],
            name=facts["name"],
            phone=_opened(facts["phone"]),
            silent=True,
            **post,
        )
        return
    account = User.objects.get(pk=facts["known"])
    _tell(account, facts, by)
    services.appoint(account, services.open_office(place, by=by), by=by, **post)


def _change(row, place, facts, by):
    post = Post.objects.select_related("office", "user").get(pk=row.target)
    _tell(post.user, facts, by)
    values = {"role": post.role, **{name: getattr(post, name) for name in OF_THE_POST}}
    values |= {name: row.values[name] for name in values if name in row.values}
    if place.pk == post.office.region_id and values["role"] == post.role:
        if any(name in row.values for name in OF_THE_POST):
            services.change_post(post, by=by, **{name: values[name] for name in OF_THE_POST})
        return
    services.dismiss(post, by=by)
    services.appoint(post.user, services.open_office(place, by=by), by=by, **values)


def _tell(account, facts, by):
    told = {name: facts[name] for name in ("name", "phone") if name in facts}
    if told:
        if told.get("phone"):
            told["phone"] = _opened(told["phone"])
        services.change_account(account, by=by, **told)


def _opened(sealed):
    return unseal(sealed, PHONE) if sealed else ""


def _first_passwords_url():
    return reverse("offices:first_passwords")
