#!/usr/bin/env bash
# Is a pinned MCP server pinned? Its version alone does not keep it running: the SDK below it is open.
#
# Seen with mcp-server-time 2025.9.25 (PyPI), on Python 3.11, 2026-11-29: `pip install mcp-server-time==2025.9.25` brings
# mcp 2.3.0, whose mcp.shared.exceptions has no McpError any more, and the server ends with an ImportError before it reads a
# byte. With `mcp<2` beside it, it answers. A suite or a test that starts such a server pins both.
#
# Needs python3 with venv, and PyPI. Fails if this changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder"
pip() { "$folder/bin/pip" -q --disable-pip-version-check "$@"; }
hello='{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"finding","version":"1"}}}'

pip install mcp-server-time==2025.9.25 mcp==2.3.0
if answer=$("$folder/bin/mcp-server-time" <<< "$hello" 2> "$folder/errors"); then
  echo "it answered: $answer" >&2
  exit 1
fi
tail -n 1 "$folder/errors" | cut -c1-90
grep -q "ImportError: cannot import name 'McpError'" "$folder/errors"

pip install mcp==1.28.0
"$folder/bin/mcp-server-time" <<< "$hello" 2> /dev/null | tee "$folder/answer" | cut -c1-90
grep -q '"protocolVersion":"2025-06-18"' "$folder/answer"
