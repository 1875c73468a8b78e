"""hostile_backend.py HELPERS MISDEED: a backend that executes noop tasks and does one thing wrong.

Its first window, the warm-up, it serves well, where the misdeed is one of a window.
"""

import os
import signal
import sys
import time

sys.path.insert(0, sys.argv[1])
del sys.argv[1]
misdeed = sys.argv.pop(1)

import board
import kernels


class Hostile(board.Board):
    def say(self, what, **more):
        if what == "hello" and misdeed == "exits_at_once":
            sys.exit(3)
        if what == "hello" and misdeed == "is_old":
            more["protocol"] = 0
        if what == "hello" and misdeed in ("adds_otherwise", "adds_otherwise_and_wrong"):
            more["sums"] = "other"
        if what == "hello" and misdeed == "adds_in_a_strange_way":
            more["sums"] = "somehow"
        if what == "ready" and misdeed == "cannot":
            what, more = "cannot", {"why": "it is too dark"}
        if what == "hello" and misdeed in REPLIES:
            self.control.sendall(REPLIES[misdeed])
            time.sleep(1000)
        super().say(what, **more)


REPLIES = {
    "talks_nonsense": b"{[nonsense\n",
    "has_no_clock": b'{"say":"hello","protocol":1}\n',
    "has_another_clock": b'{"say":"hello","protocol":1,"now_ns":%d}\n' % time.time_ns(),
    "says_a_long_line": b"x" * 5000,
}


def misbehave(it):
    account = it.accounts_at + 64 * 3
    if misdeed == "exits":
        os._exit(3)
    elif misdeed == "dies":
        os.kill(os.getpid(), signal.SIGKILL)
    elif misdeed == "closes_its_control":
        os.closerange(3, 256)
        time.sleep(1000)
    elif misdeed == "never_ends":
        time.sleep(1000)
    elif misdeed == "says_the_wrong_thing":
        it.say("lunch")
        time.sleep(1000)
    elif misdeed == "ends_a_task_twice":
        it.words[it.first_word + 16 * 3 + 15] += 1
    elif misdeed in ("has_a_wrong_value", "adds_otherwise", "adds_otherwise_in_secret"):
        it.memory[account + 32] ^= 1
    elif misdeed == "adds_otherwise_and_wrong":
        it.memory[account + 36] ^= 1
    elif misdeed == "ends_what_it_never_accepted":
        it.longs[it.first_long + 8 * 9] = 0
    elif misdeed == "lives_in_the_future":
        it.longs[it.first_long + 8 * 3 + 3] += 10 ** 15
    elif misdeed == "has_no_stamps":
        it.longs[it.first_long + 8 * 3 + 1] = 0
    elif misdeed == "loses_a_task":
        it.words[it.first_word + 16 * 3 + 15] = 0
    elif misdeed == "floods_its_output":
        for _ in range(256):
            os.write(1, (b"flood " * 170 + b"\n") * 96)
    elif misdeed == "forks_away" and os.fork() == 0:
        os.setsid()
        time.sleep(1000)


def main():
    it = Hostile()
    for _ in it.windows():
        while ids := it.take():
            it.give(ids[0], kernels.execute(it.task(ids[0])))
        if it.arrivals == board.SCHEDULED:
            misbehave(it)
    if misdeed == "stays":
        time.sleep(1000)


main()
