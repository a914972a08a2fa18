#!/usr/bin/env bash
# Which version does an MCP server say it is? With servers on the Python SDK 1.x: the SDK's, not its own.
#
# Seen with mcp-server-time 2025.9.25 (PyPI), on Python 3.11, 2026-11-29:
#   the same server on mcp 1.26.0 answers `initialize` with serverInfo.version "1.26.0", on mcp 1.28.0 with "1.28.0";
#   mcp-server-time 2026.10.19 on mcp 2.3.0 answers with "2026.10.19".
# So serverInfo names one program by two versions, and two programs by one: it is no key for results of its tools.
# Also seen here: a tool that the server does not have is a result with isError on mcp 1.x, and the protocol's error
# -32602 on mcp 2.3.0. A client that takes only one of them for a failed call misses the other.
#
# Needs python3 with venv, and PyPI. Fails if any of this changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

cat > "$folder/ask.py" <<'PY'
import json, subprocess, sys

server = subprocess.Popen([sys.argv[1], "--local-timezone", "UTC"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True)


def tell(message):
    server.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
    server.stdin.flush()


def ask(number, method, params):
    tell({"id": number, "method": method, "params": params})
    while True:
        answer = json.loads(server.stdout.readline())
        if answer.get("id") == number:
            return answer


hello = ask(1, "initialize", {"protocolVersion": "2025-06-18", "capabilities": {},
                              "clientInfo": {"name": "finding", "version": "1"}})
tell({"method": "notifications/initialized"})
unknown = ask(2, "tools/call", {"name": "no_such_tool", "arguments": {}})
kind = f"error {unknown['error']['code']}" if "error" in unknown else f"isError {unknown['result'].get('isError')}"
print(hello["result"]["serverInfo"]["version"], "/", kind)
server.stdin.close()
server.wait()
PY

seen() { # server version, SDK version
  python3 -m venv "$folder/$1-$2"
  "$folder/$1-$2/bin/pip" -q --disable-pip-version-check install "mcp-server-time==$1" "mcp==$2"
  python3 "$folder/ask.py" "$folder/$1-$2/bin/mcp-server-time"
}

expect() { # what was seen, what is expected
  echo "$1"
  [ "$1" = "$2" ] || { echo "this has changed; it was: $2" >&2; exit 1; }
}

expect "$(seen 2025.9.25 1.26.0)" "1.26.0 / isError True"
expect "$(seen 2025.9.25 1.28.0)" "1.28.0 / isError True"
expect "$(seen 2026.10.19 2.3.0)" "2026.10.19 / error -32602"
