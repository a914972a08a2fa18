#!/usr/bin/env python3
"""check-reference-server.py [--server .build/debug/evalh-reference-server] [--environment DIR]

Asks the embedded model's server with OpenAI's own Python package: chat, streams, several choices, log-probabilities, a given beginning, scoring of a
given text, exits, and mistakes. The package is installed from PyPI into a virtual environment outside the repository.

Exit codes: 0 all as it should be, 1 something is not, 77 the package cannot be had.
"""
import argparse
import os
import subprocess
import sys

from pypi_environment import prepare

PACKAGE = "openai==3.54.0"
QUESTION = [{"role": "user", "content": "Rosa has 13 figs and buys 24 more. How many figs does she have?"}]


def checks(address):
    import openai
    client = openai.OpenAI(base_url=address + "/v1", api_key="none", max_retries=0)
    model = client.models.list().data[0].id

    def ask(**more):
        return client.chat.completions.create(model=model, messages=QUESTION, temperature=0, **more)

    def refused(kind, parameter, **more):
        try:
            ask(**more)
        except kind as error:
            assert error.param == parameter, (error.param, parameter)
            return
        raise AssertionError(f"{more} was not refused")

    whole = ask(logprobs=True, top_logprobs=3)
    text = whole.choices[0].message.content
    assert "####" in text and whole.choices[0].finish_reason == "stop", text
    assert whole.usage.total_tokens == whole.usage.prompt_tokens + whole.usage.completion_tokens
    tokens = whole.choices[0].logprobs.content
    assert len(tokens) == whole.usage.completion_tokens and all(len(t.top_logprobs) == 3 and t.logprob <= 0 for t in tokens)
    assert b"".join(bytes(t.bytes) for t in tokens).decode() == text

    pieces = list(ask(stream=True, stream_options={"include_usage": True}))
    assert "".join(p.choices[0].delta.content or "" for p in pieces if p.choices) == text
    assert pieces[-1].usage.completion_tokens == whole.usage.completion_tokens

    several = client.chat.completions.create(model=model, messages=QUESTION, temperature=4, n=6, seed=3, max_tokens=20)
    again = client.chat.completions.create(model=model, messages=QUESTION, temperature=4, n=6, seed=3, max_tokens=20)
    assert [c.message.content for c in several.choices] == [c.message.content for c in again.choices]
    assert len({c.message.content for c in several.choices}) > 1

    begun = client.chat.completions.create(model=model, messages=QUESTION + [{"role": "assistant", "content": "13 + 24 = 37 ####"}], temperature=0)
    assert begun.choices[0].message.content == " 37", begun.choices[0].message.content
    assert ask(stop=" =").choices[0].message.content == text.partition(" =")[0]
    assert ask(max_tokens=2).choices[0].finish_reason == "length"

    scored = client.completions.create(model=model, prompt="<|user|>What is 2 + 3?<|assistant|>2 + 3 = 5", max_tokens=0, echo=True, logprobs=1)
    assert scored.choices[0].logprobs.tokens[-1] == " 5" and scored.choices[0].logprobs.token_logprobs[0] is None

    early = ask(extra_body={"evalh": {"exit": {"policy": "fixed", "layer": 6}}}).choices[0].model_extra["evalh"]
    assert set(early["layers"]) == {6} and early["depth"] == 0.75 and early["compute"] < 1
    drafted = ask(extra_body={"evalh": {"speculative": {"policy": "fixed", "length": 4}}}).choices[0]
    # At temperature 0 speculation changes nothing but the work.
    assert drafted.message.content == text and drafted.model_extra["evalh"]["speculative"]["drafted"] > 0
    told = ask(extra_body={"evalh": {"predictions": True}}).choices[0].model_extra["evalh"]["predictions"]
    assert all(0 <= p <= 1 for p in told["correct"]) and len(told["remaining"]) == whole.usage.completion_tokens

    refused(openai.BadRequestError, "top_p", top_p=0)
    refused(openai.BadRequestError, "tools", tools=[{"type": "function", "function": {"name": "f"}}])
    refused(openai.BadRequestError, "evalh.exit.policy", extra_body={"evalh": {"exit": {"policy": "soon"}}})
    try:
        client.chat.completions.create(model="gpt-4", messages=QUESTION)
        raise AssertionError("an unknown model was not refused")
    except openai.NotFoundError as error:
        assert error.code == "model_not_found"
    print(f"openai {openai.__version__} is content")


def main():
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", default=".build/debug/evalh-reference-server")
    parser.add_argument("--environment", default=os.path.join(cache, "evalh", "openai-checks"))
    parser.add_argument("--address", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.address:
        return checks(arguments.address)
    python = prepare(arguments.environment, PACKAGE)
    server = subprocess.Popen([arguments.server, "--port", "0"], stdout=subprocess.PIPE, text=True)
    try:
        word, address = server.stdout.readline().split()
        assert word == "READY", word
        return subprocess.run([python, os.path.abspath(__file__), "--address", address]).returncode
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    sys.exit(main())
