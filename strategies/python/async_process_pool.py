"""asyncio and loop.run_in_executor over a ProcessPoolExecutor.

When a worker dies, the whole pool is broken: every task that is pending or comes later fails.
"""

import functools
import multiprocessing
from concurrent.futures import ProcessPoolExecutor

from event_loop import main

main(functools.partial(ProcessPoolExecutor, mp_context=multiprocessing.get_context("fork")))
