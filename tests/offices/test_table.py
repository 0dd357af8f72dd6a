"""A county enters the accounts of its streets and communities by a table (分级管理)."""

import io

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from communities.offices import services
from communities.offices.models import Office, Post, Seat, User
from linkage.foundation import jobs
from linkage.foundation.models import AuditEvent, Job
from tests.spreadsheets.makers import book, counts, handed_in, imported, problems

pytestmark = pytest.mark.django_db
REGISTER = "offices.seat"
HEAD = ["所属地区", "姓名", "账号", "岗位", "科室", "台账分工", "联系电话"]


@pytest.fixture
def county(world):
    return world.people["county_admin"]


def table(*rows):
    return book([HEAD, *rows], name="账号表.xlsx", title="账号")


def entered(*rows, by):
    return imported(handed_in(REGISTER, table(*rows), by=by), by=by)


def read(answer):
    return load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets[0]


ZHANG = ["雁南街道", "张伟", "yn-zhangwei", "审核", "社区服务股", "", "13893100001"]
LI = ["雁南街道 › 天庆嘉园社区", "李娜", "tq-lina", "经办", "", "", ""]


def test_new_accounts_open_to_nobody_before_they_are_given_a_first_password(world, client, county):
    taken = entered(ZHANG, LI, by=county)
    assert counts(taken) == {"new": 2}
    zhang = User.objects.get(username="yn-zhangwei")
    assert (zhang.name, zhang.phone, zhang.has_usable_password()) == ("张伟", "13893100001", False)
    post = zhang.posts.get()
    assert (post.office, post.role, post.section) == (world.offices["620102020"], "reviewer", "社区服务股")
    made = AuditEvent.objects.filter(kind="account_created", by=county)
    assert made.count() == 2

    client.force_login(county)
    page = client.get(reverse("offices:first_passwords")).content.decode()
    assert "yn-zhangwei" in page and "tq-lina" in page
    answer = client.post(reverse("offices:first_passwords"))
    assert "no-store" in answer["Cache-Control"]
    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    given = {row[4]: row[5] for row in rows[4:]}
    assert set(given) == {"yn-zhangwei", "tq-lina"}
    assert client.post(reverse("offices:first_passwords")).status_code == 302  # once: nobody waits any more
    for event in AuditEvent.objects.all():
        assert not any(password in str(event.facts) for password in given.values())

    client.logout()
    answer = client.post("/login/", {"username": "tq-lina", "password": given["tq-lina"]})
    assert answer.status_code == 302
    assert client.get(reverse("desk:home")).url == reverse("offices:password")
    client.post(
        reverse("offices:password"),
        {
            "old_password": given["tq-lina"],
            "new_password1": "清水长流之间2016",
            "new_password2": "清水长流之间2016",
        },
    )
    assert client.get(reverse("desk:home")).status_code == 200


def test_a_lost_list_is_made_anew_for_those_who_have_not_signed_in(world, client, county):
    entered(ZHANG, LI, by=county)
    first = {user.username: password for user, password in services.give_first_passwords(by=county)}
    client.post("/login/", {"username": "tq-lina", "password": first["tq-lina"]})
    second = {
        user.username: password for user, password in services.give_first_passwords(by=county, anew=True)
    }
    assert set(second) == {"yn-zhangwei"}
    assert services.sign_in("yn-zhangwei", first["yn-zhangwei"]) is None
    assert services.sign_in("yn-zhangwei", second["yn-zhangwei"]) is not None


def test_the_hash_of_a_first_password_is_made_as_slow_as_any_by_the_first_sign_in(world, county, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    entered(LI, by=county)
    ((account, password),) = services.give_first_passwords(by=county)
    assert "$50000$" in User.objects.get(pk=account.pk).password
    assert services.sign_in("tq-lina", password)
    assert f"${PBKDF2PasswordHasher.iterations}$" in User.objects.get(pk=account.pk).password


def test_the_same_table_twice_and_an_export_again_change_nothing(world, client, county):
    entered(ZHANG, LI, by=county)
    events = AuditEvent.objects.count()
    again = handed_in(REGISTER, table(ZHANG, LI), by=county)
    assert counts(again) == {"same": 2}, problems(again)

    client.force_login(county)
    client.post(reverse("desk:table_export", args=[REGISTER]), {"format": "xlsx"})
    job = Job.objects.latest("pk")
    jobs.run(job.pk)
    answer = client.get(reverse("desk:table_export_file", args=[job.pk]))
    content = b"".join(answer.streaming_content)
    rows = list(load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))
    assert any("138****0001" in row for row in rows)
    again = handed_in(REGISTER, SimpleUploadedFile("导出.xlsx", content), by=county)
    assert set(counts(again)) == {"same"}, problems(again)
    assert again.same == Seat.objects.kept_by(county).count()
    assert AuditEvent.objects.filter(kind__in=["appointed", "account_changed", "post_changed"]).count() == 2
    assert events


def test_somebody_who_changes_the_post_is_moved_and_not_doubled(world, county):
    entered(ZHANG, by=county)
    moved = [*ZHANG]
    moved[0], moved[1], moved[6] = "雁南街道 › 天庆嘉园社区", "张炜", "13893100002"
    taken = entered(moved, by=county)
    assert counts(taken) == {"changed": 1}, problems(taken)
    zhang = User.objects.get(username="yn-zhangwei")
    assert (zhang.name, zhang.phone) == ("张炜", "13893100002")
    assert [post.office.region.name for post in Post.objects.current().filter(user=zhang)] == ["天庆嘉园社区"]
    assert zhang.posts.count() == 2
    shown = taken.staged.get()
    assert set(shown.was.values()) >= {"雁南街道", "张伟", "138****0001"}
    kinds = set(AuditEvent.objects.filter(target_id=str(zhang.pk)).values_list("kind", flat=True))
    assert {"account_created", "appointed", "dismissed", "account_changed"} <= kinds


def test_another_section_leaves_the_post_as_it_is(world, county):
    entered(ZHANG, by=county)
    other = [*ZHANG]
    other[4], other[5] = "综合股", "社会组织"
    assert counts(entered(other, by=county)) == {"changed": 1}
    post = Post.objects.get(user__username="yn-zhangwei")
    assert (post.section, post.duty) == ("综合股", "organization")


def test_an_office_is_opened_where_there_is_none(world, county):
    region = world.tianqing
    Post.objects.filter(office__region=region).delete()
    Office.objects.filter(region=region).delete()
    assert counts(entered(LI, by=county)) == {"new": 1}
    office = Office.objects.get(region=region)
    assert office.name == services.usual_office_name(region)
    assert AuditEvent.objects.filter(kind="office_opened", by=county).exists()


def test_wrong_lines_are_told_all_at_once(world, county):
    stranger = world.people["stranger"].username
    taken = handed_in(
        REGISTER,
        table(
            ["富康社区", "王五", "fk-wang", "经办", "", "", ""],  # elsewhere
            ["雁南街道", "王五", "yn wang", "经办", "", "", ""],  # no account name
            ["雁南街道", "王五", stranger, "经办", "", "", ""],  # somebody else's
            ["城关区", "王五", "cg-wang", "管理员", "", "", ""],  # of one's own level
            ["雁南街道", "", "yn-x", "皇帝", "", "", "123"],
            ["雁南街道", "王五", "yn-wang", "经办", "", "", ""],
            ["雁南街道", "王五", "YN-WANG", "审核", "", "", ""],  # twice
        ),
        by=county,
    )
    told = problems(taken)
    assert counts(taken) == {"new": 1, "wrong": 6}, told
    assert len(told[6]) == 2
    assert "7" in told[8][0]
    assert world.people["stranger"].name not in str(told)


def test_a_second_account_of_one_person_in_one_office_is_asked_about(world, county):
    entered(LI, by=county)
    taken = handed_in(REGISTER, table(["天庆嘉园社区", "李娜", "lina2", "经办", "", "", ""]), by=county)
    assert "tq-lina" in problems(taken)[2][0]


def test_nobody_but_administrators_opens_the_table(world, client):
    for name in ("county", "street", "province"):
        client.force_login(world.people[name])
        assert client.get(reverse("desk:table", args=[REGISTER])).status_code == 403
        assert client.post(reverse("offices:first_passwords")).status_code == 403
    client.force_login(world.people["county_admin"])
    assert client.get(reverse("desk:table", args=[REGISTER])).status_code == 200
    template = client.get(reverse("desk:table_template", args=[REGISTER]))
    assert "所在地区" in [cell.value for cell in read(template)[3]]
    assert client.get(reverse("desk:table_export", args=[REGISTER]), {"q": "x"}).status_code == 400


def test_rights_lost_since_the_check_stop_the_import(world, county):
    taken = handed_in(REGISTER, table(LI), by=county)
    county.posts.update(role="clerk")
    taken = imported(taken, by=county)
    assert taken.state == "refused"
    assert not User.objects.filter(username="tq-lina").exists()
