"""What the fork server does before it forks leaves nothing behind but warm modules."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
SCRIPT = """
import os, sys, threading
before = set(os.listdir("/proc/self/fd"))
from bot_runtime.warm import warm
warm()
after = set(os.listdir("/proc/self/fd"))
assert threading.active_count() == 1, threading.enumerate()
assert len(os.listdir("/proc/self/task")) == 1
assert len(after) == len(before), (before, after)
try:
    __import__("asyncio").get_running_loop()
except RuntimeError:
    pass
else:
    raise AssertionError("a loop runs")
loaded = {name for name, module in sys.modules.items() if module is not None}
heavy = {"sqlalchemy", "apscheduler", "pydantic_ai", "openai", "xlsxwriter", "aiohttp", "factory_bot", "playground"}
assert not heavy & loaded, heavy & loaded
pid = os.fork()
if pid == 0:
    import bot_runtime.child
    new = {name for name, module in sys.modules.items() if module is not None} - loaded
    os._exit(1 if new else 0)
assert os.waitpid(pid, 0)[1] == 0, "a child imports more"
print("clean")
"""


def test_warming_leaves_no_thread_loop_descriptor_or_heavy_module() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.strip() == "clean", done.stderr
