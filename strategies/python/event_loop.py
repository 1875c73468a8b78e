"""An event loop in front: one coroutine for each task, which awaits its result."""

import asyncio
import ctypes
import multiprocessing
import os
import time
from concurrent.futures.process import BrokenProcessPool

from board import CRASHED, Board
from kernels import execute


class Alarm:
    """Wakes an event loop at an instant. Its own timeouts are rounded up to a millisecond, which
    the arrival of a request would not be: so it is the kernel's timer, and wakes the loop as a
    socket does."""

    def __init__(self, ring):
        self.libc = ctypes.CDLL(None)
        self.fd = self.libc.timerfd_create(time.CLOCK_MONOTONIC, os.O_NONBLOCK | os.O_CLOEXEC)
        self.ring, self.at = ring, 0
        asyncio.get_running_loop().add_reader(self.fd, self._rung)

    def set(self, when_ns):
        if self.at <= when_ns and self.at > time.monotonic_ns():
            return  # it rings before that, and then it is asked again
        self.at = when_ns
        at = (ctypes.c_long * 4)(0, 0, *divmod(when_ns, 1_000_000_000))
        self.libc.timerfd_settime(self.fd, 1, at, None)  # 1: at that instant, not after that time

    def _rung(self):
        try:
            os.read(self.fd, 8)
        except BlockingIOError:
            return  # set anew between its ringing and now: it will ring again
        self.at = 0
        self.ring()


class LoopBoard(Board):
    """A board whose front end is a coroutine; results are given on the loop's thread."""

    waiter = None

    def __init__(self):
        super().__init__()
        self.wake_at = 0  # each end asks the waiter

    async def take_async(self, alarm):
        """The id of the task that is due, in a range; sleeps until there is one, empty at the end.
        The loop goes on meanwhile."""
        while not ((ids := self.poll()) or self.over()):
            self.waiter = asyncio.get_running_loop().create_future()
            alarm.set(self.ask_again_ns())
            await self.waiter
            self.waiter = None
        return ids

    def tell_front_end(self):
        if self.waiter is not None and not self.waiter.done():
            self.waiter.set_result(None)


async def serve(board, handle):
    """Accepts tasks as they are due; handle(number) is the coroutine of one."""
    alarm = Alarm(board.tell_front_end)
    for _ in board.windows():
        handled = []
        while ids := await board.take_async(alarm):
            handled.append(asyncio.create_task(handle(ids[0])))
            await asyncio.sleep(0)  # it begins, and others may go on
        await asyncio.gather(*handled)


def main(make_executor):
    """The same over an executor of concurrent.futures."""
    board, waiting = LoopBoard(), set()

    def end_with_the_pool():
        """Ends what the pool forgot: CPython 3.11 does not keep submit() out of the moment in which
        it ends all calls, and one that comes in then is never heard of again."""
        executor.shutdown()
        for worker in multiprocessing.active_children():
            worker.terminate()  # that moment may also end the thread that would have done it
        for call in waiting:
            if not call.done():
                call.set_exception(BrokenProcessPool())
        waiting.clear()

    async def handle(number):
        try:
            # As loop.run_in_executor, which keeps the call to itself.
            call = executor.submit(execute, board.task(number))
            waiting.add(call)
            result = await asyncio.wrap_future(call)
            waiting.discard(call)
        except BrokenProcessPool:  # the death of one worker is the end of all
            end_with_the_pool()
            result = CRASHED, 0, 0, 0
        board.give(number, result)

    with make_executor(board.workers) as executor:
        asyncio.run(serve(board, handle))
