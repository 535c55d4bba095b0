"""What the tests of the real program share: lines of TAP, and a folder that goes with the test."""
import atexit
import os
import shutil
import sys
import tempfile

program = os.path.abspath(sys.argv[1])
folder = tempfile.mkdtemp(prefix="tribune-test.")
atexit.register(shutil.rmtree, folder, ignore_errors=True)
count = failed = 0


def ok(good, what, *details):
    """One line; DETAILS are for the reader when it does not hold."""
    global count, failed
    count += 1
    print(f"{'' if good else 'not '}ok {count} - {what}", flush=True)
    if not good:
        failed += 1
        for d in details:
            print("#  ", str(d)[:3000].replace("\n", "\n#   "))
    return good


def skip(what, why):
    global count
    count += 1
    print(f"ok {count} - {what} # SKIP {why}", flush=True)


def end():
    print(f"1..{count}")
    sys.exit(failed != 0)
