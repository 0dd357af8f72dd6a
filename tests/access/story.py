"""What the access tests walk through: people of every kind, rows near and far, a canary in every text.

A canary is ``CNR-<region code>-<kind>``: *open* stands in what the site itself shows to everybody, *kept*
in what the offices of the place may read, *draft* in what only its writers may read, *person* in names
of accounts, *secret* in what no page shows without a logged reveal.
"""

import hashlib
import re
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import connection
from django.db.models import Q
from django.utils import timezone
from psycopg2.extras import Json
from rest_framework.authtoken.models import Token

from communities.consultation.models import (
    Announcement,
    Assembly,
    AssemblyRule,
    Hearing,
    Objection,
    ObjectionFile,
    PublicNotice,
)
from communities.models import CommunityProfile, Region
from communities.needs.models import NeedItem
from communities.offices.models import ApiToken, Deputy, Post, User
from communities.offices.services import MARK
from linkage.attainment.models import Benchmark, CoverageTerm, Supervision, SupervisionItem, Target
from linkage.attainment.services import exporting, groups, rebuilding
from linkage.foundation.models import Job, Notice, SheetImport, StagedRow
from linkage.foundation.spreadsheets import exporting as sheet_exports
from linkage.policy.models import PolicyDocument
from linkage.reports import codes
from linkage.reports.models import Collection, Return
from organizations.models import ClassificationScheme
from projects.models import (
    Batch,
    BudgetLine,
    Copy,
    Phrase,
    PilotArea,
    PilotCommunity,
    PilotPlan,
    Programme,
    Project,
    Quota,
    QuotaRaise,
    Selection,
)
from projects.models.report import periods
from projects.services import chain, filing
from tests import factories
from tests.database import as_owner

CANARY = re.compile(r"CNR-([0-9]+)-(open|kept|draft|person|secret)", re.IGNORECASE)
NEVER = 999_999  # no row has this id

# Kinds of person beside those of the story world: username: (region code, role).
MORE = {
    "charity": ("620102", Post.Role.CLERK),  # these two keep one part of the registers
    "organization": ("620102", Post.Role.CLERK),
    "neighbour": ("620102020002", Post.Role.CLERK),
    "staff": ("620102", Post.Role.OBSERVER),  # may open every screen of the admin
    "ended": ("620102", Post.Role.REVIEWER),  # whose post ended this morning
    "closed": ("620102", Post.Role.REVIEWER),  # whose account is closed, the browser still signed in
    "first": ("620102", Post.Role.REVIEWER),  # who has not yet changed the first password
    "postless": (None, None),
    "root": (None, None),  # a superuser without a post
}
PEOPLE = (
    *("nobody", "token", "narrow", "closed", "first", "ended", "postless", "root", "staff"),
    *("community", "neighbour", "street_clerk", "street", "county", "county_admin", "city", "observer"),
    *("province", "stranger", "stranger_community"),
)
KEEPERS = ("charity", "organization")  # walk through the registers only
# Who comes by REST with a token instead of a browser; the second with one that is limited to a street.
TOKENS = {"token": "county", "narrow": "county"}
NARROW_PLACE = "620102020"
SECRET = f"{MARK}walks-through-the-table"


def canary(region, kind):
    return f"CNR-{region.code}-{kind}"


class Story:
    """The rows, by the names the table uses."""

    def __init__(self, world):
        self.world = world
        self._people()
        self._projects()
        self._elsewhere()
        self._machines()
        self._canaries()
        self._files()

    def _people(self):
        world = self.world
        for username, (code, role) in MORE.items():
            user = User.objects.create(username=username, name=username, password="!")
            world.people[username] = user
            if code:
                Post.objects.create(
                    user=user,
                    office=world.offices[code],
                    role=role,
                    duty=username if username in KEEPERS else "",
                    valid_from=date(2015, 1, 1),
                )
        Post.objects.filter(user__username="ended").update(ended_at=timezone.now())
        User.objects.filter(username="closed").update(is_active=False)
        User.objects.filter(username="first").update(must_change_password=True)
        User.objects.filter(username="root").update(is_superuser=True, is_staff=True)
        staff = world.people["staff"]
        staff.is_staff = True
        staff.save()
        self.deputies = {
            label: self._deputy(*people)
            for label, people in (("near", ("county", "county_leader")), ("far", ("stranger", "stranger")))
        }
        staff.user_permissions.set(Permission.objects.exclude(Q(content_type__app_label="auth")))

    def _deputy(self, holder, who):
        """Somebody who will stand in next month: without a right today."""
        day = timezone.localdate() + timedelta(days=30)
        people = self.world.people
        return Deputy.objects.create(
            post=people[holder].posts.get(),
            user=people[who],
            reason=Deputy.Reason.LEAVE,
            starts_on=day,
            ends_on=day,
            named_by=people[holder],
        )

    def _projects(self):
        world = self.world
        near = factories.submitted(world, title="near")
        draft = factories.draft(world, title="draft")
        sent_back = factories.submitted(world, title="returned")
        marks = [{"field": "needs_analysis", "note": "x"}]
        chain.decide(sent_back, "return", by=world.people["street"], opinion="x", marks=marks)
        typed = filing.start(world.programme, world.tianqing, by=world.people["street_clerk"], title="typed")
        typed.needs.add(self._need(world.tianqing, world.people["street_clerk"]))
        typed.notice = PublicNotice.objects.create(
            region=world.tianqing,
            title="draft notice",
            body="x",
            place="x",
            contact_name="x",
            contact_phone="0931-5550127",
            supervise_phone="0931-5550100",
            drafted_by=world.people["street_clerk"],
        )
        typed.save()
        far = factories.submitted(world, world.fukang, title="far")
        far_draft = factories.draft(world, world.fukang, title="far draft")
        approved = factories.approved(world, world.hekou, title="approved")
        self.projects = {
            "near": near,
            "draft": draft,
            "returned": sent_back,
            "typed": typed,
            "far": far,
            "far_draft": far_draft,
            "approved": approved,
        }
        self.projects = {key: Project.objects.get(pk=row.pk) for key, row in self.projects.items()}
        self.message = Notice.objects.create(
            user=world.people["street"], kind="x", key="x", matter="x", title="x", to_act=False
        )
        today = timezone.localdate()
        self.hanging = PublicNotice.objects.create(
            region=world.xingfuli,
            title="hanging",
            body="x",
            place="x",
            contact_name="x",
            contact_phone="0931-5550127",
            supervise_phone="0931-5550100",
            drafted_by=world.people["community"],
            published_by=world.people["community"],
            published_at=timezone.now(),
            starts_on=today,
            ends_on=today + timedelta(days=6),
        )
        for number, key in enumerate(("near", "draft", "returned", "typed", "far", "far_draft", "approved")):
            notice = self.projects[key].notice
            objection = Objection.objects.create(
                notice=notice, channel="page", text="x", reply_by="none", query_code=f"CODE000{number}"
            )
            objection.files.create(
                name="x.pdf", stored=f"x{number}", content_type="application/pdf", size=1, sha256="0" * 64
            )

            self.projects[key].announcements.add(self._meeting(self.projects[key]))

    @staticmethod
    def _meeting(project):
        shown = canary(project.region, "open")
        return Announcement.objects.create(
            region=project.region,
            kind="hearing",
            title=shown,
            held_on=timezone.localdate() + timedelta(days=3),
            starts_at="09:30",
            place=shown,
            agenda=shown,
            attend=shown,
            contact_name=shown,
            contact_phone="0931-5550127",
            announced_by=project.created_by,
        )

    @staticmethod
    def _need(region, by):
        return NeedItem.objects.create(
            region=region,
            title="x",
            group="children",
            field="daily_care",
            method="visit",
            people=1,
            collected_on=timezone.localdate(),
            created_by=by,
        )

    def _elsewhere(self):
        """Another province with a programme of its own: nobody here has anything to do with it."""
        region = Region.objects.create(code="64", name="宁夏回族自治区", level=1, path="64/")
        document = PolicyDocument.objects.create(
            code="NX-2099", title="NX", region=region, year=2099, issuers=["NX"], linkage_model=3, text="…"
        )
        self.elsewhere = Programme.objects.create(
            document=document, code="NX-2099", title="NX", form_title="NX", region=region
        )

        self.rules = {
            label: AssemblyRule.objects.create(
                body="residents", region=place, valid_from=date(2020, 1, 1), quorum="2/3", majority="1/2",
                source="x", version=9,
            )
            for label, place in (("near", None), ("far", region))
        }  # fmt: skip
        self.scheme = ClassificationScheme.objects.create(code="test", name="test", source="test")

        world = self.world
        self.raises = {
            label: QuotaRaise.objects.create(
                quota=quota, before=1, limit=2, doc_no="x", reason="x", by=world.people["province"]
            )
            for label, quota in (
                ("near", world.programme.quotas.get(key="projects")),
                (
                    "far",
                    Quota.objects.create(
                        programme=self.elsewhere, key="projects", name="x", limit=2, first_limit=2
                    ),
                ),
            )
        }

        for programme in (self.world.programme, self.elsewhere):
            document, code = programme.document, programme.code
            about = {"clause": "一", "quote": "x", "metric": "community_orgs"}
            Target.objects.create(document=document, code=f"{code}-T", unit="community", rule="AVG", **about)
            Benchmark.objects.create(document=document, code=f"{code}-B", value="1", **about)
            CoverageTerm.objects.create(
                document=document, term="基本覆盖", value="1/2", valid_from=date(2020, 1, 1), basis="x"
            )

        self._selection()
        self.plans = {
            "near": self._plan(self.world.region("620102")),
            "far": self._plan(self.world.region("620902")),
        }
        self.supervisions = {
            "near": self._supervision("6201", "620102020001", "city"),
            "far": self._supervision("620902", "620902001001", "stranger"),
        }
        self.returns = {
            "near": self._return("620102", "620102020001", "county"),
            "far": self._return("620902", "620902001001", "stranger"),
        }

    def _return(self, opened_at, code, who):
        """A return being filled in by a community, for a period its county has opened."""
        region, unit = self.world.region(opened_at), self.world.region(code)
        form = codes.templates()["governance-quarter"]
        row = Collection.objects.create(
            template=form.key,
            said=form.said(),
            year=2016,
            number=2,
            as_of=date(2016, 6, 30),
            due_on=date(2016, 7, 20),
            region=region,
            office=self.world.offices[opened_at],
            lowest=5,
            opened_by=self.world.people[who],
        )
        text = canary(unit, "kept")
        return Return.objects.create(
            collection=row,
            region=unit,
            above=unit.parent,
            name=unit.name,
            level=5,
            is_leaf=True,
            register={"volunteers": 1},
            own={"volunteers": 1},
            notes={"volunteers": text},
            reason=text,
        )

    def _plan(self, region):
        """A local plan that was handed in, its file a canary of the place."""
        key = f"{int(region.code):032x}"
        name = f"{key[:2]}/{key[2:4]}/{key}.pdf"
        path = Path(settings.FILES) / "uploads" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(f"%PDF-1.4 {canary(region, 'kept')}".encode())
        return PilotPlan.objects.create(
            area=PilotArea.objects.get(region=region),
            round=1,
            name=f"{canary(region, 'kept')}.pdf",
            stored=name,
            content_type="application/pdf",
            size=1,
            sha256="0" * 64,
            handed_in_by=self.world.officer(self.world.offices[region.code]),
        )

    def _selection(self):
        """A batch of the province that is being shown to the public, with an objection to it."""
        world, today, by = self.world, timezone.localdate(), self.world.people["province"]
        place = world.region("62")
        notice = PublicNotice.objects.create(
            region=place,
            title=canary(place, "open"),
            body=canary(place, "open"),
            place="x",
            contact_name="x",
            contact_phone="0931-5550127",
            supervise_phone="0931-5550100",
            drafted_by=by,
            published_by=by,
            published_at=timezone.now(),
            starts_on=today,
            ends_on=today + timedelta(days=6),
        )
        self.batch = Selection.objects.create(
            programme=world.programme, number=1, state="notice", notice=notice, opened_by=by, changed_by=by
        )
        self.batch.items.create(project=self.projects["approved"], choice="chosen", granted_amount=1, round=1)
        self.sheets = {}
        by_law = self.elsewhere.selections.create(number=1, opened_by=by, changed_by=by)
        for label, batch in (("near", by_law), ("far", self.batch)):
            batch.criteria.create(number=1, name="x", points=100)
            expert = batch.experts.create(user=world.people["stranger"], named_by=by)
            self.sheets[label] = expert.sheets.create(project=self.projects["far"])
        self.objected = Objection.objects.create(
            notice=notice, channel="page", text=canary(place, "kept"), reply_by="none", query_code="CODE0099"
        )

    def _supervision(self, office, unit, by):
        """What this office asks of one community."""
        world, today = self.world, timezone.localdate()
        place, region = world.region(office), world.region(unit)
        text = canary(region, "kept")
        row = Supervision.objects.create(
            target=self._demands("near").targets.get(),
            region=place,
            office=world.offices[office],
            origin="failing",
            demand=text,
            value=text,
            gap=text,
            note=text,
            due_on=today + timedelta(days=30),
            issued_by=world.people[by],
        )
        SupervisionItem.objects.create(
            supervision=row, unit_kind="place", unit_id=region.pk, name=text, region=region,
            office=world.offices[unit], needed=1,
        )  # fmt: skip
        return row

    def _machines(self):
        """Tokens for programs, exports that wait, and a published table of special groups."""
        world, self.tokens, self.jobs = self.world, {}, {}
        self.tables, self.table_jobs = {}, {}
        for label, who, code in (("near", "province", "62"), ("far", "stranger", "620902")):
            self.tokens[label] = self._token(world.people[who], world.region(code), f"secret {label}")
            self.jobs[label] = Job.objects.create(
                kind=exporting.KIND,
                owner=world.people[who],
                title=canary(world.region(code), "kept"),
                arguments={"what": "totals", "place": world.region(code).pk, "format": "csv"},
            )
            self._table(label, world.people[who], world.region(code))
        self.failures = {
            label: Job.objects.create(
                kind=rebuilding.KIND,
                owner=world.people[who],
                title=canary(world.region(code), "kept"),
                state="failed",
                cause="program",
                finished_at=timezone.now(),
            )
            for label, who, code in (("near", "county", "620102"), ("far", "stranger", "620902"))
        }
        self._token(world.people[TOKENS["narrow"]], world.region(NARROW_PLACE), SECRET)
        groups.publish_due()
        self.copies = {
            label: Copy.objects.create(
                project=self.projects[label],
                office=world.offices[code],
                by=world.people["province"],
                by_name="x",
                office_name="x",
                note=canary(self.projects[label].region, "kept"),
            )
            for label, code in (("near", "620102020"), ("far", "620902"))
        }
        self.phrases = {
            label: Phrase.objects.create(
                office=world.offices[code], verdict="approve", text=canary(world.region(code), "kept")
            )
            for label, code in (("near", "620102"), ("far", "620902"))
        }
        self.batches = {
            label: self._batch(who, canary(world.region(code), "kept"))
            for label, who, code in (("near", "county", "620102"), ("far", "stranger", "620902"))
        }

    def _table(self, label, owner, region):
        """A table somebody has handed in, with one wrong row, and an export of theirs."""
        told = canary(region, "kept")
        self.tables[label] = taken = SheetImport.objects.create(
            register="organizations.socialorganization",
            owner=owner,
            name=told,
            sheets=[[0, told, True]],
            head={"first": 2, "headings": [told], "scales": [1], "unknown": [0], "doubled": []},
            mapping=[""],
            state="checked",
            rows=1,
            wrong=1,
        )
        StagedRow.objects.create(
            sheet_import=taken, number=2, outcome="wrong", shown=[told], problems=[[None, told]]
        )
        self.table_jobs[label] = Job.objects.create(
            kind=sheet_exports.KIND,
            owner=owner,
            title=told,
            arguments={
                "register": "organizations.socialorganization",
                "query": {},
                "format": "xlsx",
                "places": [region.path],
            },
        )

    @staticmethod
    def _token(user, region, secret):
        later = timezone.now() + timedelta(days=9)
        return ApiToken.objects.create(
            user=user,
            region=region,
            name=canary(region, "person"),
            digest=hashlib.sha256(secret.encode()).hexdigest(),
            expires_at=later,
            last_used_at=later,  # so that reading with it writes nothing down
        )

    def _batch(self, who, opinion):
        return Batch.objects.create(
            by=self.world.people[who], verdict="approve", opinion=opinion, total=0, amount=0
        )

    def _demands(self, label):
        return {"near": self.world.programme, "far": self.elsewhere}[label].document

    def _canaries(self):
        """Write a canary into every text a person typed; services would trim or check some of them."""
        for row in self.projects.values():
            place = row.region
            hidden = row.status == "draft"
            kept = canary(place, "draft" if hidden else "kept")
            shown = kept if hidden and not row.notice.published_at else canary(place, "open")
            Project.objects.filter(pk=row.pk).update(
                title=shown,
                service_targets=shown,
                service_plan=shown,
                community_profile=kept,
                needs_analysis=kept,
                expected_outcome=kept,
                confirmed_by=kept,
            )
            row.needs.update(title=kept, description=kept, source=kept)
            BudgetLine.objects.filter(project=row).update(purpose=kept, basis=kept)
            Hearing.objects.filter(project=row).update(
                place=kept, host=kept, attendees=kept, minutes=kept, opinions=kept, result=kept
            )
            Assembly.objects.filter(project=row).update(place=kept, resolution=kept)
            PublicNotice.objects.filter(project=row).update(
                title=shown, body=shown, place=shown, contact_name=shown, supervisor=shown
            )
            secret = canary(place, "secret")
            for objection in Objection.objects.filter(notice__project=row):
                objection.text, objection.name, objection.phone = kept, secret, secret
                objection.save()
                objection.files.update(name=f"{kept}.pdf")
            row.attachments.update(name=f"{kept}.pdf")
            for submission in row.submissions.all():
                self._written_over(submission, place)
        for place in Region.objects.filter(level=5):
            CommunityProfile.objects.filter(region=place).update(source=canary(place, "kept"))
        self._names()

    @staticmethod
    def _names():
        for user in User.objects.all():
            post = user.posts.select_related("office__region").first()
            if post:
                User.objects.filter(pk=user.pk).update(name=canary(post.office.region, "person"))
                Post.objects.filter(pk=post.pk).update(section=canary(post.office.region, "person"))

    @staticmethod
    def _written_over(submission, place):
        """Snapshots are sealed for the site; a test changes them as the owner of the table."""
        shown, kept = canary(place, "open"), canary(place, "kept")
        text = dict(submission.snapshot)
        for name in ("title", "service_targets", "service_plan"):
            text[name] = shown
        for name in ("community_profile", "needs_analysis", "expected_outcome"):
            text[name] = kept
        with as_owner(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE projects_submission SET snapshot = %s WHERE id = %s", [Json(text), submission.pk]
            )

    def _files(self):
        folder = Path(settings.FILES) / "uploads"
        for row in self.projects.values():
            sent = ObjectionFile.objects.filter(objection__notice__project=row)
            for number, file in enumerate([*row.attachments.all(), *sent]):
                key = f"{row.pk:016x}{number:016x}"
                file.stored = f"{key[:2]}/{key[2:4]}/{key}.pdf"
                file.save(update_fields=["stored"])
                path = folder / file.stored
                path.parent.mkdir(parents=True, exist_ok=True)
                kind = "draft" if row.status == "draft" else "kept"
                path.write_bytes(f"%PDF-1.4 {canary(row.region, kind)}".encode())

    # Addresses

    def values(self, route, label):
        """What stands in the address of a route for the row of this name. ``a+b``: the part b of a row a."""
        outer, _, inner = label.partition("+")
        inner = inner or outer
        names = re.findall(r"<(\w+)>", route)
        found = {"slot": "other", "step": "submission", "key": "projects"}
        if "/meetings/" in route:
            found["step"] = "hearing"
        if route.startswith("admin/"):
            label = label or "near"
            found["object_id"] = found["content_type_id"] = (
                self._in_admin(route, label) if "<object_id>" in route else NEVER
            )
            found |= {"app_label": "communities", "url": "nothing/"}
        elif route.startswith("accounts/"):
            user = self.world.people.get(outer)
            found["pk"] = user.pk if user else NEVER
            owner = self.world.people.get(inner)
            post = owner and owner.posts.first()
            found["post"] = post.pk if post else NEVER
        elif route.startswith("copies/"):
            found["pk"] = self.copies[label].pk if label in self.copies else NEVER
        elif route.startswith("phrases/"):
            found["pk"] = self.phrases[label].pk if label in self.phrases else NEVER
        elif "batches/" in route:
            found["pk"] = self.batches[label].pk if label in self.batches else NEVER
        elif route.startswith("deputies/"):
            found["pk"] = self.deputies[label].pk if label in self.deputies else NEVER
        elif "/extend/" in route:
            found |= {"code": {"gansu": "GS-2016"}.get(label, "NX-2099"), "key": "file"}
        elif route.startswith("targets/supervision/"):
            row, other = self.supervisions.get(outer), self.supervisions.get(inner)
            found["pk"] = row.pk if row else NEVER
            found["item"] = other.items.get().pk if other else NEVER
        elif route.startswith("targets/"):
            found["code"] = {"gansu": "GS-2016-T", "elsewhere": "NX-2099-T"}.get(label, "XX-1999-T")
        elif route.startswith("measures/"):
            place = {"near": self.world.xingfuli, "far": self.world.fukang}.get(label)
            found |= {"key": "residents", "unit": place.pk if place else NEVER}
        elif route.startswith("returns/"):
            row = self.returns.get(label)
            found["pk"] = NEVER if row is None else row.pk if "sheets/" in route else row.collection_id
        elif route.startswith("summary/"):
            code = {"near": "620102020001", "far": "620902001001"}.get(label, "99999")
            found |= {"key": "approved_projects", "place": code}
        elif route.startswith("scoring/"):
            found["pk"] = self.sheets[label].pk if label in self.sheets else NEVER
        elif route.startswith("plans/"):
            found["pk"] = self.plans[label].pk if label in self.plans else NEVER
        elif "programmes/" in route or "policies/" in route:
            found["code"] = {"gansu": "GS-2016", "elsewhere": "NX-2099"}.get(label, "XX-1999")
            found |= {"area": "620102", "period": str(periods(self.world.programme)[0].starts_on)}
            found |= {"form": "table", "number": 1, "paper": "list.xlsx", "pk": NEVER}
            found["objection_pk"] = self.objected.pk
        elif "regions/" in route or route.startswith("communities/"):
            found["code"] = {"near": "620102020001", "far": "620902001001"}.get(label, "99999")
        elif route.startswith("tables/"):
            rows = self.table_jobs if "exports/" in route else self.tables
            found["pk"] = rows[label].pk if label in rows else NEVER
            found["register"] = "organizations.socialorganization" if label == "near" else "nothing.here"
        elif "exports/" in route or "tokens/" in route:
            rows = self.jobs if "exports/" in route else self.tokens
            found["pk"] = rows[label].pk if label in rows else NEVER
        elif route.startswith("public/meetings/"):
            row = self.projects.get(label)
            found["pk"] = row.announcements.get().pk if row else NEVER
        elif route.startswith("messages/"):
            found["pk"] = self.message.pk if label == "near" else NEVER
        elif "notices/" in route:
            found["pk"] = self.hanging.pk if label == "hanging" else self._notice(label)
        elif route.startswith("objections/files/"):
            file = ObjectionFile.objects.filter(objection__notice__project=self.projects.get(label)).first()
            found["pk"] = file.pk if file else NEVER
        elif route.startswith("attachments/"):
            file = self.projects[label].attachments.first() if label in self.projects else None
            found["pk"] = file.pk if file else NEVER
        else:
            project, other = self.projects.get(outer), self.projects.get(inner)
            found["pk"] = project.pk if project else NEVER
            found["need_pk"] = other.needs.first().pk if other else NEVER
            found["meeting_pk"] = other.announcements.get().pk if other else NEVER
            found["objection_pk"] = other.notice.objections.first().pk if other else NEVER
            if label.endswith("scan"):
                found["pk"], found["slot"] = self.projects[outer.removesuffix(" scan")].pk, "stamped_opinion"
        return {name: found[name] for name in names}

    def _notice(self, label):
        return self.projects[label].notice_id if label in self.projects else NEVER

    def _in_admin(self, route, label):
        if label == "missing" or "<content_type_id>" in route:
            return NEVER
        place = {"near": self.world.xingfuli, "far": self.world.fukang}[label]
        model = route.split("/")[2]
        return {
            "region": lambda: place.pk,
            "classificationscheme": lambda: self.scheme.pk,
            "calendaryear": lambda: {"near": 2026, "far": 2016}[label],
            "policydocument": lambda: (
                {"near": self.world.programme, "far": self.elsewhere}[label].document_id
            ),
            "target": lambda: self._demands(label).targets.get().pk,
            "benchmark": lambda: self._demands(label).benchmarks.get().pk,
            "coverageterm": lambda: self._demands(label).coverage_terms.get().pk,
            "assemblyrule": lambda: self.rules[label].pk,
            "programme": lambda: {"near": self.world.programme, "far": self.elsewhere}[label].pk,
            "pilotarea": lambda: PilotCommunity.objects.get(region=place).area_id,
            "pilotcommunity": lambda: PilotCommunity.objects.get(region=place).pk,
            "office": lambda: self.world.offices[place.code].pk,
            "deputy": lambda: self.deputies[label].pk,
            "post": lambda: self.world.offices[place.code].posts.first().pk,
            "user": lambda: self.world.offices[place.code].posts.first().user_id,
            "project": lambda: self.projects[label].pk,
            "quotaraise": lambda: self.raises[label].pk,
            "job": lambda: self.failures[label].pk,
        }[model]()

    def address(self, route, label):
        values = self.values(route, label)
        return "/" + re.sub(r"<(\w+)>", lambda found: str(values[found[1]]), route)

    # People

    def sign_in(self, client, who):
        """Let the client act as this person; answers the headers each of their requests carries."""
        if who == "narrow":
            return {"Authorization": f"Token {SECRET}"}
        if who in TOKENS:
            token, _made = Token.objects.get_or_create(user=self.world.people[TOKENS[who]])
            return {"Authorization": f"Token {token.key}"}
        if who != "nobody":
            user = self.world.people[who]
            active = User.objects.filter(pk=user.pk, is_active=False).update(is_active=True)
            client.force_login(User.objects.get(pk=user.pk))
            if active:
                User.objects.filter(pk=user.pk).update(is_active=False)
        return {}
