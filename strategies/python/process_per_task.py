"""multiprocessing.Process for each task, as many at once as workers, each with a pipe.

The caller starts a process when one has ended; one that ends without a result is a crash.
"""

import multiprocessing
from multiprocessing.connection import wait
import time

from board import CRASHED, Board
from kernels import execute

context = multiprocessing.get_context("fork")


def child(task, pipe):
    pipe.send(execute(task))


def start(board, number):
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=child, args=(board.task(number), theirs))
    process.start()
    theirs.close()
    return ours, (number, process)


def main():
    board = Board()
    for _ in board.windows():
        living = {}
        while living or not board.over():
            accept = board.poll if living else board.take
            if len(living) < board.workers and (ids := accept()):
                living.update([start(board, ids[0])])
                continue
            patience = None
            if len(living) < board.workers and not board.over():
                patience = max(0, board.ask_again_ns() - time.monotonic_ns()) / 1e9
            for pipe in wait(list(living), patience) if living else ():
                number, process = living.pop(pipe)
                try:
                    result = pipe.recv()
                except EOFError:
                    result = CRASHED, 0, 0, 0
                pipe.close()
                process.join()
                board.give(number, result)


main()
