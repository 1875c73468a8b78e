"""The board of docs/backends.md for Python: which tasks are due, and what became of each.

    for _ in board.windows():             # says what has to be said, and sleeps in between
        while ids := board.take():        # sleeps until something is due
            board.give(ids[0], kernels.execute(board.task(ids[0])))

A front end takes on one thread; it may give on any, one at a time. Only the standard library is
used.
"""

import array
import bisect
import json
import mmap
import platform
import socket
import struct
import sys
import threading
import time

VERSION = 1
OK, ERROR, CRASHED, TIMED_OUT, CANCELLED = range(5)
SCHEDULED, CLOSED, PRODUCER = range(3)

HEADER = struct.Struct("<8sIIQQQQqQqqII40s")
TASK = struct.Struct("<q4qQ4I")
ACCOUNT = struct.Struct("<3qQI")  # behind `accepted`: started, finished, completed, value, outcome
STOP_AT = 12
# From 3.12 on the built-in sum compensates for what each addition loses; the C++ code does not.
SUMS = "other" if sys.version_info >= (3, 12) and len(sys.argv) == 1 else "left_to_right"
NAP_NS = 20_000_000  # how late a waiting front end hears of a stop


class Board:
    """One backend's view of the board: descriptor 3 is the memory, 4 the control stream."""

    def __init__(self):
        self.memory = mmap.mmap(3, 0)
        view = memoryview(self.memory)
        self.longs, self.words = view.cast("q"), view.cast("I")
        self.control = socket.socket(fileno=4)
        self.lines = self.control.makefile("r")
        if HEADER.unpack_from(self.memory)[:2] != (b"strboard", VERSION):
            self.say("cannot", why="this backend knows version %d of the board" % VERSION)
        self.say("hello", protocol=VERSION, sums=SUMS,
                 language="Python " + platform.python_version())
        self.workers = self.hear("start")["workers"]
        self.freed = threading.Event()
        self.wake_at = sys.maxsize  # so many ends wake the front end

    # The conversation

    def say(self, what, **more):
        line = json.dumps({"say": what, "now_ns": time.monotonic_ns(), **more})
        self.control.sendall(line.encode() + b"\n")

    def hear(self, *expected):
        line = self.lines.readline()
        said = json.loads(line) if line else {"say": "stop"}
        if said["say"] not in expected:
            sys.exit(0)  # told to stop, or nobody is there any more
        return said

    def windows(self):
        """Yields once for each window, between its opening and its end."""
        self.say("ready")
        while self.hear("window", "stop")["say"] == "window":
            self._read_header()
            self.say("ready")
            self.hear("run")
            self.opened = HEADER.unpack_from(self.memory)[7]
            yield
            self.say("drained")

    def _read_header(self):
        (_, _, _, self.count, self.tasks_at, self.payload_at, accounts, _, self.at_once, self.every,
         self.until, self.arrivals, _, _) = HEADER.unpack_from(self.memory)
        self.accounts_at, self.first_long, self.first_word = accounts, accounts // 8, accounts // 4
        self.due = self.longs[self.tasks_at // 8:accounts // 8:8]
        self.accepted = self.ended = self.freed_in_time = 0
        self.put = self.ready = 0  # of a producer: jobs in its queue so far, when the next is ready
        self.waiting = False

    # Which tasks are due

    def stopped(self):
        return self.memory[STOP_AT] != 0

    def cancelled(self):
        """Whether what was accepted and has not begun is given up as well."""
        return self.memory[STOP_AT] == 2

    def over(self):
        """Whether no task will be due any more."""
        if self.stopped() or self.accepted == self.count:
            return True
        return (self.arrivals == CLOSED and self._due_count(0, self.count) == self.accepted
                and time.monotonic_ns() - self.opened >= self.until)

    def _due_count(self, now, most):
        """How many tasks have become due, of the first `most`; `now` counts from the opening."""
        if self.arrivals == SCHEDULED:
            if most - self.accepted == 1:
                return most if self.due[self.accepted] <= now else self.accepted
            return bisect.bisect_right(self.due, now, self.accepted, most)
        if self.arrivals == CLOSED:
            return min(most, self.at_once + self.freed_in_time)
        while self.put < self.count:
            at, place = self.ready, self.put - self.at_once
            if place >= 0:
                if place >= self.accepted:
                    break  # its queue is full
                at = max(at, self.longs[self.first_long + 8 * place] - self.opened)
            if at > now:
                break
            self.put, self.ready = self.put + 1, at + self.every
        return min(most, self.put)

    def ask_again_ns(self):
        """When to ask again where nothing was due, if no task ends before."""
        latest = time.monotonic_ns() + NAP_NS
        if self.arrivals == CLOSED:
            return latest
        due = self.due[self.accepted] if self.arrivals == SCHEDULED else self.ready
        return min(latest, self.opened + due)

    def poll(self, most=1):
        """Accepts what is due, `most` tasks at a time: their ids."""
        now = time.monotonic_ns()
        first = self.accepted
        last = first + most if first + most < self.count else self.count
        last = self._due_count(now - self.opened, last)
        if last == first or self.memory[STOP_AT]:
            self.waiting = True
            return range(0)
        at = self.first_long + 8 * first
        if last == first + 1:
            self.longs[at] = now
        else:
            count = last - first
            self.longs[at:at + 8 * count:8] = array.array("q", [now]) * count
        if self.waiting:
            self.words[self.first_word + 16 * first + 11] = 1
            self.waiting = False
        self.accepted = last
        return range(first, last)

    def take(self, most=1):
        """Sleeps until a task is due; the ids of those that are, none at the end."""
        while True:
            ended = self.ended
            if (ids := self.poll(most)) or self.over():
                return ids
            left = (self.ask_again_ns() - time.monotonic_ns()) / 1e9
            if self.arrivals == CLOSED:
                self._sleep(ended + 1, max(left, 0))
            elif left > 0:
                time.sleep(left)

    def drain(self):
        """Sleeps until every task that was accepted has ended."""
        while self.ended < self.accepted:  # a wake-up may be for a sleep that is over
            self._sleep(self.accepted)

    def _sleep(self, until_ended, seconds=None):
        self.freed.clear()
        self.wake_at = until_ended
        if self.ended < until_ended:
            self.freed.wait(seconds)
        self.wake_at = sys.maxsize

    # Tasks, and what became of them

    def task(self, number):
        """A task as kernels.execute takes it."""
        return self._task(number, TASK.unpack_from(self.memory, self.tasks_at + 64 * number))

    def tasks(self, ids):
        begin = self.tasks_at + 64 * ids.start
        fields = TASK.iter_unpack(self.memory[begin:begin + 64 * len(ids)])
        return list(map(self._task, ids, fields))

    def _task(self, number, fields):
        _, a, b, c, d, seed, at, length, wait_us, stamped = fields
        begin = self.payload_at + 64 * at
        payload = self.memory[begin:begin + length] if length else b""
        return number, a, b, c, d, seed, wait_us, stamped, payload

    def give(self, number, result):
        """The end of a task: (outcome, value, started, finished), as kernels.execute returns it."""
        outcome, value, started, finished = result
        now = time.monotonic_ns()
        ACCOUNT.pack_into(self.memory, self.accounts_at + 64 * number + 8,
                          started, finished, now, value, outcome)
        self.words[self.first_word + 16 * number + 15] += 1
        self._free(1, now)

    def give_block(self, ids, results):
        """The ends of tasks that are all back at the same moment."""
        now = time.monotonic_ns()
        at = self.accounts_at + 64 * ids.start + 8
        for outcome, value, started, finished in results:
            ACCOUNT.pack_into(self.memory, at, started, finished, now, value, outcome)
            at += 64
        word = self.first_word + 16 * ids.start + 15
        self.words[word:word + 16 * len(ids):16] = array.array("I", [1]) * len(ids)
        self._free(len(ids), now)

    def _free(self, count, now):
        if self.arrivals == CLOSED and now - self.opened < self.until:
            self.freed_in_time += count
        self.ended += count
        if self.ended >= self.wake_at:
            self.tell_front_end()

    def tell_front_end(self):
        """That a task has ended: one may be due that was not."""
        self.freed.set()
