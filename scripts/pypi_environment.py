"""Pinned packages from PyPI in a virtual environment outside the repository, for the checks that need them."""
import os
import subprocess
import sys
import venv


def prepare(folder, *packages):
    """The Python of an environment in `folder` that has `packages`; exit code 77 where they cannot be had."""
    python, ready = os.path.join(folder, "bin", "python"), os.path.join(folder, "installed")
    wanted = " ".join(packages)
    if not (os.path.exists(ready) and open(ready).read() == wanted):
        print(f"installing {wanted} into {folder}", flush=True)
        pip = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--retries", "2"]
        try:
            venv.create(folder, with_pip=True, clear=True)
            subprocess.run([*pip, *packages], check=True)
        except (OSError, subprocess.CalledProcessError) as problem:
            print(f"{wanted} cannot be had: {problem}")
            sys.exit(77)
        with open(ready, "w") as file:
            file.write(wanted)
    return python
