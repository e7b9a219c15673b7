"""A process with a whole supervisor in it, to be killed: says on stdout what runs, then waits."""

import asyncio
import json
import os
import sys
from pathlib import Path

from factory_bot.model.agents import AgentId
from tests.integration.supervised import town


async def main(folder: str, api_url: str, launcher: str) -> None:
    async with town(Path(folder), api_url, launcher=launcher) as here:
        agents = [AgentId("echo"), AgentId("stubborn")]
        await here.add("echo", "4711:AAsecret_secret_secret_secret_secret")
        await here.add("stubborn", "4712:AAsecret_secret_secret_secret_secret", "ignores", "escapes")
        states = [await here.supervisor.start(agent) for agent in agents]
        pids = [here.supervisor.pid(agent) for agent in agents]
        others = [here.egress.pid, getattr(here.supervisor.launcher, "pid", os.getpid())]
        run = str(here.egress.socket_path(agents[0]).parent)
        sys.stdout.write(json.dumps({"states": states, "bots": pids, "others": others, "run": run}) + "\n")
        sys.stdout.flush()
        await asyncio.sleep(600)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
