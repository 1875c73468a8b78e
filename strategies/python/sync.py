"""The caller executes each task itself, one after the other: Python's baseline."""

from board import Board
from kernels import execute

board = Board()
for _ in board.windows():
    while ids := board.take():
        board.give(ids[0], execute(board.task(ids[0])))
