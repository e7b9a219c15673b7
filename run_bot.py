"""Start the factory: `python run_bot.py`.  `--help` lists what it can do."""

import sys

from factory_bot.cli import main

if __name__ == "__main__":
    sys.exit(main())
