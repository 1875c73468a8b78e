"""idle_backend.py HELPERS [blocks]: what the helper itself costs a task, with nothing to execute.

The values are computed before the window opens: of what is measured, all is taking a task from the
board and giving its account. `blocks`: as many at a time as there are.
"""

import sys
import time

sys.path.insert(0, sys.argv[1])
blocks = "blocks" in sys.argv[2:]
del sys.argv[1:]

import board
import kernels


class Prepared(board.Board):
    def _read_header(self):
        super()._read_header()
        self.values = [kernels.noop(self.task(number)) for number in range(self.count)]


def result(it, task):
    at = time.monotonic_ns() if task[7] else 0
    return board.OK, it.values[task[0]], at, at


def main():
    it = Prepared()
    for _ in it.windows():
        if blocks:
            while ids := it.take(sys.maxsize):
                it.give_block(ids, [result(it, task) for task in it.tasks(ids)])
        else:
            while ids := it.take():
                it.give(ids[0], result(it, it.task(ids[0])))


main()
