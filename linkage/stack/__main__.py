"""python -m linkage.stack run | exec [--fresh] -- COMMAND… | assets"""

import argparse
import sys

from linkage.stack import assets
from linkage.stack.execute import execute
from linkage.stack.run import run
from linkage.stack.trouble import Trouble


def main(argv):
    parser = argparse.ArgumentParser(prog="python -m linkage.stack", description=__doc__)
    doors = parser.add_subparsers(dest="door", required=True)
    running = doors.add_parser("run", help="the whole platform until Ctrl-C")
    running.add_argument("--empty", action="store_true", help="load no data at the first start")
    beside = doors.add_parser("exec", help="a command beside database and queue")
    beside.add_argument("--fresh", action="store_true", help="empty, private, thrown away afterwards")
    beside.add_argument("--durable", action="store_true", help="with fsync, for measuring")
    beside.add_argument("--postgres", metavar="BIN", help="the bin folder of another PostgreSQL")
    beside.add_argument("command", nargs="+")
    doors.add_parser("assets", help="compile catalogues, collect static files")
    asked = parser.parse_args(argv)
    try:
        if asked.door == "run":
            return run(first_data=not asked.empty)
        if asked.door == "exec":
            return execute(asked.command, fresh=asked.fresh, durable=asked.durable, binaries=asked.postgres)
        return assets.make()
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
