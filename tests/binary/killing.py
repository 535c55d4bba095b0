"""Commands that are killed, for the tests of what is left then. TRIBUNE_KILLS: how often (24); TRIBUNE_SEED: when."""
import os
import random
import subprocess
import time

from server import environment
from tap import program

cycles = int(os.environ.get("TRIBUNE_KILLS", "24"))
chance = random.Random(int(os.environ.get("TRIBUNE_SEED", "4711")))


def run(data, *words, **more):
    return subprocess.run([program, *words, "--data", data], capture_output=True, text=True, timeout=120, env=environment, **more)


def start(data, *words):
    return subprocess.Popen([program, *words, "--data", data], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def kill_alone(case):
    """CASE: its copy() makes .data anew; .words is the command, .took how long it takes."""
    case.copy()
    process = start(case.data, *case.words)
    time.sleep(chance.uniform(0, case.took * 1.1))
    process.kill()
    process.communicate()


def kill_server(case):
    """The command is handed over to a server, and the server is killed."""
    case.copy()
    server = start(case.data, "serve", "--port", "0")
    server.stdout.readline()
    process = start(case.data, *case.words)
    time.sleep(chance.uniform(0, case.took * 1.1))
    server.kill()
    server.communicate()
    process.communicate(timeout=60)


WAYS = ((kill_alone, "killed"), (kill_server, "its server killed"))
