#!/usr/bin/env python3
"""Clients that dawdle: 2,000 that send their head a byte at a time, thousands that send nothing, some that do
not read what they asked for. A normal request must not notice. slow.py PROGRAM; speaks TAP."""
import os
import re
import resource
import signal
import socket
import subprocess
import threading
import time

from tap import end, folder, ok, program

SLOW, IDLE, ASKED = 2000, 9000, 300
data = os.path.join(folder, "data")
environment = dict(os.environ, LC_ALL="C.UTF-8", TRIBUNE_DATA=data)
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
idle_n = max(0, min(IDLE, hard - SLOW - 500))

subprocess.run([program, "init"], env=environment, check=True, capture_output=True, timeout=60)
server = subprocess.Popen([program, "serve", "--port", "0"], env=environment, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
port = int(re.search(r":(\d+)/", server.stdout.readline())[1])


def memory():
    with open(f"/proc/{server.pid}/status") as f:
        return int(re.search(r"VmRSS:\s*(\d+)", f.read())[1])


def connect():
    return socket.create_connection(("127.0.0.1", port), timeout=30)


def ask():
    """One page on a connection of its own: seconds."""
    began = time.monotonic()
    with connect() as s:
        s.sendall(b"GET /en HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        n = 0
        first = b""
        while True:
            got = s.recv(65536)
            if not got:
                break
            first = first or got
            n += len(got)
    return time.monotonic() - began, first.startswith(b"HTTP/1.1 200") or first.startswith(b"HTTP/1.1 30"), n


def asked(what):
    """p99 of many requests, in milliseconds."""
    took = sorted(ask() for _ in range(ASKED))
    good = sum(1 for t in took if t[1])
    p99 = took[int(ASKED * 0.99)][0] * 1000
    print(f"# {what}: median {took[ASKED // 2][0] * 1000:.1f} ms, p99 {p99:.1f} ms, longest {took[-1][0] * 1000:.1f} ms")
    ok(good == ASKED, f"{what}: {good} of {ASKED} answered")
    ok(p99 < 100, f"{what}: p99 under 100 ms", p99)


asked("alone")
before = memory()
idle = [connect() for _ in range(idle_n)]
time.sleep(0.5)
grown = (memory() - before) / max(1, idle_n)
print(f"# {idle_n} idle connections: {grown:.2f} kB each")
ok(grown < 4, "an idle connection takes less than 4 kB", grown)
asked(f"beside {idle_n} idle connections")

slow = [connect() for _ in range(SLOW)]
head = b"GET /en HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: " + b"x" * 1000
stop = threading.Event()
gone = [0]


def dawdle():
    """A byte to each, over and over, as slowly as a second a round allows."""
    i = 0
    while not stop.is_set() and i < len(head):
        began = time.monotonic()
        for s in slow:
            try:
                s.send(head[i:i + 1])
            except OSError:
                gone[0] += 1
        i += 1
        stop.wait(max(0.05, 0.5 - (time.monotonic() - began)))


thread = threading.Thread(target=dawdle)
thread.start()
time.sleep(1)
asked(f"beside {SLOW} that send a byte at a time")
deaf = [connect() for _ in range(100)]
for s in deaf:
    s.sendall(b"GET /en HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 20)
asked("beside 100 that do not read")
began = time.monotonic()
while gone[0] < SLOW and time.monotonic() - began < 40:
    time.sleep(0.5)
ok(gone[0] >= SLOW, "who takes longer than 20 seconds for a head is let go", gone[0])
stop.set()
thread.join()
asked("afterwards")
for s in idle + slow + deaf:
    s.close()
server.send_signal(signal.SIGTERM)
ok(server.wait(timeout=60) == 0, "it stops as ever")
end()
