"""asyncio and loop.run_in_executor over a ThreadPoolExecutor: one interpreter lock for all."""

from concurrent.futures import ThreadPoolExecutor

from event_loop import main

main(ThreadPoolExecutor)
