#!/usr/bin/env python3
"""The Python that has what tests of services compare with: an MCP server and an implementation of BM25 from PyPI.

    scripts/service_packages.py FOLDER

Prints its path. Exit code 77 where PyPI cannot be reached.
"""
import fcntl
import os
import sys

from pypi_environment import prepare

PACKAGES = ["bm25s==0.3.16", "mcp-server-time==2026.10.19"]


def main():
    folder = sys.argv[1]
    os.makedirs(os.path.dirname(folder), exist_ok=True)
    # Several test programs may want it at once.
    with open(folder + ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        print(prepare(folder, *PACKAGES))


if __name__ == "__main__":
    main()
