#!/usr/bin/env python3
"""What a suite may add to requests (headers, body, template, api, continue_flags, max_tokens_key), on a real server.

  scripts/check-requests.py --evalh .build/debug/evalh     llama.cpp with SmolLM2-135M, fetched by scripts/local-model

Each case runs a suite of two items at temperature 0 and looks at what came back. Exit code 0: all hold.
"""
import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
KEY = "a-key-for-this-test"
QUESTIONS = ["What is the capital of France?", "Name three colours."]
SUITE = """\
evalh: 1
name: requests
dataset: {{path: items.jsonl, fields: {{input: question, target: answer}}}}
prompt: {{system: "You answer briefly.", user: "{{{{ input }}}}"}}
models: {{main: {{base_url: "{url}", model: smollm2-135m, {model}}}}}
sampling: {{temperature: 0, max_tokens: 16}}
arms: [greedy]
grader: {{use: exact}}
"""


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for(url, process):
    while True:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            if process.poll() is not None:
                sys.exit(f"check-requests: the server ended with status {process.returncode}")
            time.sleep(0.1)


class Case:
    """Runs of a suite whose model has some more keys."""

    def __init__(self, evalh, folder, url):
        self.evalh, self.folder, self.url = evalh, folder, url
        with open(os.path.join(folder, "items.jsonl"), "w", encoding="utf-8") as file:
            for question in QUESTIONS:
                file.write(json.dumps({"question": question, "answer": "42"}) + "\n")

    def suite(self, model):
        path = os.path.join(self.folder, "suite.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(SUITE.format(url=self.url, model=model))
        return path

    def evalh_(self, *arguments):
        environment = dict(os.environ, LLAMA_AUTHORIZATION=f"Bearer {KEY}")
        return subprocess.run(
            [self.evalh, *arguments], cwd=self.folder, env=environment, text=True, capture_output=True)

    def run(self, model):
        """Exit code and sessions of a run."""
        done = self.evalh_("run", self.suite(model))
        with open(os.path.join(self.folder, "reports/requests/latest/samples.jsonl"), encoding="utf-8") as file:
            rows = [json.loads(line) for line in file]
        return done.returncode, rows, done.stderr

    def fingerprint(self):
        with open(os.path.join(self.folder, "reports/requests/latest/suite.lock.json"), encoding="utf-8") as file:
            return json.load(file)

    def secret_is_nowhere(self):
        for root, _, names in os.walk(os.path.join(self.folder, "reports")):
            for name in names:
                path = os.path.join(root, name)
                if not os.path.islink(path):
                    with open(path, "rb") as file:
                        if KEY.encode() in file.read():
                            return path
        return None


def answers(rows):
    return [row["answer"] for row in rows]


def prompt_tokens(rows):
    return [row["usage"]["prompt_tokens"] for row in rows]


def check(case):
    header = "headers: {Authorization: {env: LLAMA_AUTHORIZATION}}"
    chat = "provider: llama.cpp, " + header
    code, plain, errors = case.run(chat)
    yield "a header from the environment opens a server that asks for a key", code == 0, errors

    code, rows, errors = case.run("provider: llama.cpp")
    yield "without it the run says so: provider failure", code == 6 and "401" in errors, errors

    grammar = "body: {grammar: 'root ::= \"42\"'}"
    code, rows, errors = case.run(f"{chat}, {grammar}")
    yield "a grammar in `body` binds the answers", answers(rows) == ["42", "42"], answers(rows)
    yield "and the lock file says so", "root ::=" in json.dumps(case.fingerprint()), ""

    framed = f"{header}, template: chatml"
    code, rows, errors = case.run(f"provider: openai-completions, {framed}")
    same = prompt_tokens(rows) == prompt_tokens(plain) and answers(rows) == answers(plain)
    yield "text completions with the model's own template say what chat says", same, (answers(rows), answers(plain), errors)

    code, rows, errors = case.run(f"provider: llama.cpp, api: completion, {framed}")
    same = prompt_tokens(rows) == prompt_tokens(plain) and answers(rows) == answers(plain)
    yield "so does llama.cpp's own /completion", same, (answers(rows), answers(plain), errors)

    frames = ", ".join(
        f'{role}: {{before: "<|im_start|>{role}\\n", after: "<|im_end|>\\n"}}' for role in ("system", "user", "assistant"))
    code, rows, errors = case.run(f"provider: openai-completions, {header}, template: {{{frames}}}")
    yield "a template of one's own is the same as `chatml` where it is", answers(rows) == answers(plain), errors

    code, rows, errors = case.run(f"provider: openai, {header}, max_tokens_key: max_completion_tokens")
    limited = code == 0 and all(row["usage"]["completion_tokens"] <= 16 for row in rows)
    yield "`max_completion_tokens` limits answers", limited, (rows, errors)

    done = case.evalh_("models", "probe", case.suite(f"provider: openai, {header}, continue_flags: yes, extra_sampling: always"))
    told = done.stdout + done.stderr
    yield "a server takes the flags of a continuation, and goes on", done.returncode == 0 and "prefix" in told, told

    found = case.secret_is_nowhere()
    yield "the key stands in no file of the runs", found is None, found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--evalh", required=True, help="the program to try")
    options = parser.parse_args()
    port = free_port()
    server = subprocess.Popen(
        [os.path.join(HERE, "local-model"), "serve", "--port", str(port), "--slots", "1", "--api-key", KEY],
        stdin=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{port}/health", server)
        with tempfile.TemporaryDirectory() as folder:
            failed = 0
            for text, holds, told in check(Case(os.path.abspath(options.evalh), folder, f"http://127.0.0.1:{port}/v1")):
                print(("ok      " if holds else "FAILED  ") + text)
                if not holds:
                    failed += 1
                    print(f"        {told}")
        return 1 if failed else 0
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    sys.exit(main())
