"""Starts boxed.py where generated programs can do no harm: own network, mount, process and IPC namespaces."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time

BOXED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "boxed.py")
# What else a worker must not exceed is in boxed.py; this ends it as a whole.
WORKER_SECONDS = 900


class NoSandbox(Exception):
    """Why generated programs are not run on this machine."""


def command(scratch):
    if not sys.platform.startswith("linux"):
        raise NoSandbox("namespaces exist on Linux only")
    unshare = shutil.which("unshare")
    if not unshare:
        raise NoSandbox("there is no `unshare` (util-linux)")
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    spaces = ["--net", "--mount", "--pid", "--ipc", "--uts", "--fork", "--kill-child"]
    return [unshare, *user, *spaces, sys.executable, "-I", "-S", BOXED, scratch]


def run(jobs, workers):
    """What boxed.py answers for each job, in any order. Throws NoSandbox before anything was run."""
    with tempfile.TemporaryDirectory(prefix="evalh-sandbox-") as scratch:
        check(scratch)
        shares = [jobs[place::workers] for place in range(workers)]
        answers, errors, lock = [], [], threading.Lock()

        def serve(share):
            found, error = ask(scratch, share)
            with lock:
                answers.extend(found)
                if error:
                    errors.append(error)

        threads = [threading.Thread(target=serve, args=(share,)) for share in shares if share]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if errors:
            raise NoSandbox(errors[0])
        return answers


def ask(scratch, jobs):
    process = subprocess.Popen(
        command(scratch), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={"LANG": "C.UTF-8"}, cwd="/")
    timer = threading.Timer(WORKER_SECONDS, process.kill)
    timer.start()
    try:
        out, error = process.communicate("".join(json.dumps(job) + "\n" for job in jobs).encode())
    finally:
        timer.cancel()
    if process.returncode:
        text = error.decode(errors="replace").strip().splitlines()
        return [], f"a worker ended with status {process.returncode}: {text[-1] if text else 'no message'}"
    return [json.loads(line) for line in out.splitlines()], None


def check(scratch):
    """Tries the sandbox out: a program that reaches something outside makes it unusable."""
    port = listener()
    try:
        target = os.path.join(os.path.dirname(BOXED), f"evalh-escape-{os.getpid()}-{int(time.time())}")
        attempts = {
            "writes outside its folder": f"open({target!r}, 'w').write('x')",
            "writes to /usr": "open('/usr/evalh-escape', 'w')",
            "sees the user's files": f"import os\nassert os.path.exists({os.path.abspath(__file__)!r})",
            "reaches the network": f"import socket\nsocket.create_connection(('127.0.0.1', {port.getsockname()[1]}), 0.05)",
            "starts processes": "import os\npid = os.fork()\npid or os._exit(0)",
            "becomes root": "import os\nos.setuid(0)\nos.chroot('/tmp')",
            "fills memory": "import mmap\nmmap.mmap(-1, 4 << 30)",
            "fills the disk": "f = open('/tmp/fill', 'wb')\nfor _ in range(64): f.write(bytes(1 << 20)); f.flush()",
        }
        attempts["works"] = "assert 1 + 1 == 2"
        same = {"prompt": "", "programs": [""], "tests": "", "count": 0, "limit": 0.5}
        jobs = [{"id": name, "check": text, **same} for name, text in attempts.items()]
        answers, error = ask(scratch, jobs)
        if error:
            raise NoSandbox(error)
        passed = {answer["id"]: answer["programs"][0]["passed"] for answer in answers}
        if os.path.exists(target):
            os.remove(target)
            raise NoSandbox("a trial program could write outside its folder")
        if not passed.pop("works", False):
            raise NoSandbox("a harmless trial program failed")
        broken = [name for name, escaped in passed.items() if escaped]
        if broken:
            raise NoSandbox("a trial program " + ", ".join(broken))
    finally:
        port.close()


def listener():
    import socket
    port = socket.socket()
    port.bind(("127.0.0.1", 0))
    port.listen()
    return port
