"""Tables in and out at provincial size: 50,000 social organisations of 20 columns, beside the barest way.

One line per figure: name, value, unit, floor, ratio, goal for the ratio (or the value), ok or short.
The floor of the import is what FLOORS §2 calls calamine + COPY + upsert: the same file parsed here, copied
into a table of texts, doubles looked for, upserted into one like the register's; no rights, no preview, no
history, nothing sealed. The floor of the export is openpyxl write-only from ``values_list().iterator()``; its
memory is compared with that of a tenth of the rows. django-import-export is compared where it is installed
(it is no dependency of the platform), by the time for one row: it takes too long for all of them.

``BENCH_ROWS`` (50000), ``BENCH_COMPARED`` (2000). Exit status 1 if a figure is short.
"""

import importlib.util
import io
import os
import resource
import sys
import tempfile
import time
import traceback
from contextlib import closing
from datetime import date

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linkage.settings")

import django
import psycopg2

django.setup()

from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.db import connections  # noqa: E402
from openpyxl import Workbook  # noqa: E402
from python_calamine import CalamineWorkbook  # noqa: E402
from stdnum.cn import uscc  # noqa: E402

from linkage.foundation import fields, jobs, outbox, tasks  # noqa: E402
from linkage.foundation.models import SheetImport  # noqa: E402
from linkage.foundation.spreadsheets import describing, exporting, files, services, writing  # noqa: E402
from organizations.models import SocialOrganization  # noqa: E402
from tests import factories  # noqa: E402

assert tasks
ROWS = int(os.environ.get("BENCH_ROWS", "50000"))
COMPARED = int(os.environ.get("BENCH_COMPARED", "2000"))
HEAD = [
    *("组织名称", "统一社会信用代码", "管理层级", "组织形式", "所属地区", "状态", "成立日期"),
    *("登记日期", "登记管理机关", "业务主管单位", "负责人", "负责人电话", "地址", "规模"),
    *("个人会员数", "单位会员数", "组织类型", "服务对象", "业务范围", "正式党员人数"),
]
PLACES = ("雁南街道 › 幸福里社区", "雁南街道 › 天庆嘉园社区", "酒泉路街道 › 畅家巷社区")
short = []


def say(name, value, unit, floor="", goal=""):
    """``goal`` is of the ratio where there is a floor, else of the value."""
    ratio = value / floor if floor else None
    met = True if goal == "" else (ratio if floor else value) <= goal
    if not met:
        short.append(name)
    told = [name, f"{value:.2f}", unit, f"{floor:.2f}" if floor else "-", f"{ratio:.2f}" if ratio else "-"]
    sys.stdout.write("  ".join([*told, str(goal) or "-", "ok" if met else "short"]) + "\n")
    sys.stdout.flush()


def timed(deed, *args):
    begun = time.monotonic()
    found = deed(*args)
    return time.monotonic() - begun, found


def rows(first=0, count=ROWS):
    for number in range(first, first + count):
        body = f"52620102{number:08d}0"
        yield [
            f"城关区第{number}社会工作服务中心",
            body + uscc.calc_check_digit(body),
            "登记",
            "社会服务机构",
            PLACES[number % 3],
            "正常",
            "2016-06-13",
            "2016.7.1",
            "城关区民政局",
            "城关区教育局",
            f"负责人{number}",
            f"139{number:08d}",
            f"雁南路{number}号",
            "规模一般",
            number % 90,
            number % 7,
            "社会工作服务机构",
            "老年人、儿童青少年",
            "为社区居民提供专业社会工作服务",
            number % 5,
        ]


def workbook(*which):
    file = io.BytesIO()
    book = writing.Book(file)
    with book.sheet("社会组织") as sheet:
        sheet.row(HEAD)
        for row in rows(*which):
            sheet.row(row)
    book.close()
    return file.getvalue()


def bare(content):
    """Seconds of the floor, into an empty table."""
    make_register()
    return timed(floor_of_import, content)[0]


def owner():
    """A connection that may make tables, which the site may not."""
    return psycopg2.connect(os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"])


def floor_of_import(content):
    """Parse, copy, look for doubles, upsert into a table like the register's: nothing else.

    No rights, no checks but those of the table, no preview, no history, nothing sealed.
    """
    read = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    text = io.StringIO()
    for row in read[1:]:
        text.write("\t".join([str(cell) for cell in row]) + "\n")
    text.seek(0)
    with closing(owner()) as connection, connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE incoming ({', '.join(f'c{n} text' for n in range(20))})")
        cursor.copy_expert("COPY incoming FROM STDIN", text)
        cursor.execute("SELECT c1 FROM incoming GROUP BY 1 HAVING count(*) > 1")
        cursor.execute(UPSERT)


UPSERT = """
    INSERT INTO bench_register (name, uscc, tier, legal_form, region_id, status, established_on,
        registered_on, registration_authority, supervisory_unit, leader_name, leader_phone, address, scale,
        individual_members, unit_members, subtypes, service_targets, business_scope, party_members,
        removed_reason, external_id, is_community_org, direct_registration, filing_number, membership,
        domains, leader_phone_hash, leader_recommended, charter_party_clause, is_charity, public_fundraising)
    SELECT c0, c1, 'registered', 'service_institution', 1, 'active', c6::date, replace(c7, '.', '-')::date,
        c8, c9, c10, c11, c12, 'regular',
        c14::float::int, c15::float::int, ARRAY[c16], string_to_array(c17, '、'), c18, c19::float::int,
        '', '', true, false, '', '', '{}', '', false, false, false, false
    FROM incoming ON CONFLICT (uscc) WHERE NOT uscc = '' AND removed_at IS NULL
    DO UPDATE SET name = EXCLUDED.name"""


def make_register():
    """A table like the register's, with its indexes and constraints: what no import can do without."""
    with closing(owner()) as connection, connection, connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_register")
        cursor.execute("CREATE TABLE bench_register (LIKE organizations_socialorganization INCLUDING ALL)")


def peak(deed):
    """Seconds and megabytes of a process of its own that does this."""
    connections.close_all()
    reading, writing_end = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            spent = timed(deed)[0]
            used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            os.write(writing_end, f"{spent} {used}".encode())
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)
    os.close(writing_end)
    if os.waitpid(child, 0)[1]:
        raise SystemExit("a worker failed")
    told = os.read(reading, 100).decode().split()
    return float(told[0]), float(told[1])


def job_of(taken):
    taken.refresh_from_db()
    jobs.run(taken.job_id)
    taken = SheetImport.objects.get(pk=taken.pk)
    if taken.state not in ("checked", "applied"):
        raise SystemExit(f"{taken.state}: {taken.reason} {taken.job.error}")
    return taken


def imported(content, county):
    """Handed in, checked, imported; seconds of each and the memory of the worker."""
    file = SimpleUploadedFile("bench.xlsx", content)
    handed, taken = timed(lambda: services.hand_in("organizations.socialorganization", file, by=county))
    check, used = peak(lambda: job_of(taken))
    taken.refresh_from_db()
    told = {name: getattr(taken, name) for name in ("new", "changed", "same", "wrong")}
    apply = 0
    if taken.new + taken.changed:
        services.import_rows(taken, by=county)
        apply, more = peak(lambda: job_of(taken))
        used = max(used, more)
    return handed, check, apply, used, told


def exported(county, format, most=None):
    """What the job of an export does, without its queue."""
    sheet = describing.of(SocialOrganization)
    rows = exporting.listed(sheet, county, {})[:most]
    with tempfile.TemporaryFile() as scratch:
        table = files.TABLES[format](scratch, sheet, "")
        for some in files.rows_of(files.View(sheet, county), rows):
            for row in some:
                table.append(row)
        table.close()


def floor_of_export():
    """The same columns as they stand in the database, by bare openpyxl: nothing unsealed or in words."""
    sealed = {"leader_phone": "leader_phone_hash"}
    names = [sealed.get(one.attname, one.attname) for one in columns() if one.field] + ["pk"]
    with tempfile.TemporaryFile() as scratch:
        book = Workbook(write_only=True)
        sheet = book.create_sheet()
        for row in SocialOrganization.objects.values_list(*names).iterator(2000):
            sheet.append([cell_of(value) for value in row])
        book.save(scratch)


def cell_of(value):
    if value is None or value == "" or value == []:
        return None
    return value if isinstance(value, (int, float, date)) else str(value)


def sealing():
    """What the telephones alone cost: sealed, and hashed to be found by."""
    for number in range(ROWS):
        fields.seal(f"139{number:08d}", "organizations.socialorganization.leader_phone")
        fields.keyed_hash(f"phone:139{number:08d}")


def columns():
    return describing.of(SocialOrganization).columns


def compare(ours):
    """Rows further down by django-import-export, dry run and import; times for one row."""
    from tests.bench import importexport  # noqa: PLC0415 (installed for the comparison only)

    content = workbook(ROWS, COMPARED)
    dry, _used = peak(lambda: importexport.run(content, COMPARED, dry=True))
    real, used = peak(lambda: importexport.run(content, COMPARED, dry=False))
    say("import_export_dry", dry / COMPARED * 1e3, "ms/row")
    say("import_export_real", real / COMPARED * 1e3, "ms/row")
    say("import_export_memory", used, "MB")
    say("ours_to_import_export", ours * 1e3, "ms/row", (dry + real) / COMPARED * 1e3, 0.05)


def main():
    outbox.send = lambda task, *args: None
    world = factories.build()
    county = world.people["county"]
    content = workbook()
    say("file", len(content) / 1e6, "MB")
    before = bare(content)
    handed, check, apply, used, told = imported(content, county)
    floor = (before + bare(content)) / 2  # before and after: others may be at work on the machine
    say("hand_in", handed, "s", goal=10)
    say("check", check, "s")
    say("apply", apply, "s")
    ours = handed + check + apply
    say("import", ours, "s", floor, 5)
    say("of_that_sealing", timed(sealing)[0], "s")
    say("worker_memory", used, "MB", goal=200)
    say("rows_not_new", ROWS - told["new"], "rows", goal=0)
    handed, check, _none, _used, told = imported(content, county)
    say("same_file_again", handed + check, "s", floor)
    say("rows_not_same", ROWS - told["same"], "rows", goal=0)
    _spent, few = peak(lambda: exported(county, "xlsx", ROWS // 10))
    floor, _used = peak(floor_of_export)
    spent, used = peak(lambda: exported(county, "xlsx"))
    say("export_xlsx", spent, "s", floor, 1.3)
    say("export_memory", used, "MB", few, 1.2)
    spent, _used = peak(lambda: exported(county, "csv"))
    say("export_csv", spent, "s")
    if importlib.util.find_spec("import_export"):
        compare(ours / ROWS)
    else:
        sys.stdout.write("django-import-export is not installed: not compared\n")
    return 1 if short else 0


if __name__ == "__main__":
    raise SystemExit(main())
