extension SuiteKeys {
    static let model = ObjectSpec(
        "Model", "An endpoint: a server, or a program. Secrets are named, never written.",
        [
            KeySpec(
                "provider", .choice(ModelSpec.Provider.allCases.map(\.rawValue)),
                "`openai`: chat completions of any compatible server; `openai-completions`: its text completions; "
                    + "`llama-server`: evalh starts "
                    + "`command` and ends it; `llama.cpp`: a running llama.cpp server; `command`: a program that is "
                    + "run once a "
                    + "sample, see docs/subjects.md; `reference`: the embedded model; `pool`: recorded samples only, "
                    + "by `evalh replay`.",
                required: true),
            KeySpec("base_url", .text(.httpAddress), "For example `http://127.0.0.1:8080/v1`."),
            KeySpec("unix_socket", .text(), "Connect through this socket instead of TCP."),
            KeySpec(
                "model", .text(),
                "The model's name as the server knows it; of a `command`, its name in reports, by default the command "
                    + "itself.",
                default: "default"),
            KeySpec("api_key_env", .text(.environmentVariable), "The environment variable that holds the key."),
            KeySpec(
                "command", .list(.text(.any), count: 1...1000),
                "`llama-server` and `command` only: program and arguments, never read by a shell. A program with a "
                    + "slash is relative to "
                    + "`working_directory`. For `llama-server`, `{port}` becomes a free port; for `command`, `--budget "
                    + "B --seed S --instance I` "
                    + "is put behind them."),
            KeySpec(
                "environment", .map(.environmentVariable, .text(.any)),
                "Environment variables added for `command`. The provider `command` passes on `PATH`, `HOME`, `TMPDIR`, "
                    + "`LANG`, `LC_ALL` and "
                    + "`TZ` besides, nothing else."),
            KeySpec("working_directory", .text(), "Where `command` starts, relative to the suite.", default: "."),
            KeySpec(
                "startup_timeout", .duration(NumberRange(0, excluded: true, 86_400)),
                "How long `command` may take to get ready.",
                default: "2m"),
            KeySpec(
                "timeout", .duration(NumberRange(0, excluded: true, 86_400)),
                "`command` only: wall time of one run, after which it is ended.",
                default: "1m"),
            KeySpec(
                "memory", .text(.byteSize),
                "`command` only: address space of each process of a run, for example `512MB` or `2GiB`; absent: no "
                    + "limit."
            ),
            KeySpec(
                "unit", .text(),
                "`command` only: what costs are counted in, for example `force evaluations`. A program that prints "
                    + "another one fails."
            ),
            KeySpec(
                "cost_per_token", .number(.positive),
                "`command` only: the cost that counts as one token in budgets and reports. Costs are rounded to whole "
                    + "tokens.",
                default: "1"
            ),
            KeySpec(
                "connections", .integer(1...10_000),
                "Requests in flight at most; absent: found out while running. `command`: programs at once; absent: as "
                    + "many as there are cores."
            ),
            KeySpec("deadlines", .object(deadlines), "When a request is given up."),
            KeySpec("price", .object(price), "US dollars for a million tokens; absent: costs nothing."),
            KeySpec(
                "shape", .object(shape),
                "Its size and shape; with it, reports give equivalent floating-point operations (eFLOPs); known of "
                    + "the embedded model."),
            KeySpec("exit", .object(exit), "`reference` only: after which layer the model's predictions are taken."),
            KeySpec(
                "speculative", .object(speculative),
                "`reference` only: a small draft model proposes tokens, the model checks them."),
            KeySpec(
                "capabilities", .object(capabilities),
                "What the endpoint can do, where the probe should not be believed."),
            KeySpec(
                "reasoning", .either([.choice(["auto", "none"]), .object(reasoning)]),
                "How the model's thinking is told from its answer, which alone is graded and voted on. `auto`: by the "
                    + "marks that models are known to write, `<think>…</think>` and the like, opened by the text or by "
                    + "the chat template; `none`: all of its text is the answer. See docs/reasoning.md.",
                default: "auto"),
        ] + wire)

    static let reasoning = ObjectSpec(
        "Reasoning", "The marks around a model's thinking, and no others.",
        [
            KeySpec("open", .text(), "Begins a thought; absent: only the chat template begins one."),
            KeySpec("close", .text(), "Ends it.", required: true),
            KeySpec(
                "opened_by_template", .truth,
                "The model's text starts inside a thought, so that one without `close` is an unfinished thought and "
                    + "has no answer.", default: "no"),
        ])

    static let exit = ObjectSpec(
        "Exit", "After which layer of the embedded model a token's prediction is taken.",
        [
            KeySpec(
                "policy", .choice(["none", "fixed", "confidence", "lambda-q", "lambda-sample"]),
                "`fixed`: after `layer`; `confidence`: after the first whose likeliest token has a probability of at "
                    + "least `threshold`; "
                    + "`lambda-q`: after the first with an exit probability, summed up so far, above `threshold` "
                    + "(Q-exit); `lambda-sample`: drawn "
                    + "by each layer's exit probability (PonderNet).", required: true),
            KeySpec(
                "threshold", .number(NumberRange(0, 1)),
                "Of `confidence`, by default 0.9, and of `lambda-q`, by default 0.5."),
            KeySpec("layer", .integer(1...1000), "Of `fixed`."),
        ])

    static let speculative = ObjectSpec(
        "Speculative", "Speculative decoding: what comes out is distributed as without it.",
        [
            KeySpec(
                "policy", .choice(["none", "fixed", "adaptive"]),
                "`fixed`: the draft always proposes `length` tokens; `adaptive`: until one of them is rejected with a "
                    + "probability above "
                    + "`threshold`, by the acceptance head (SpecDec++).", required: true),
            KeySpec(
                "length", .integer(1...32), "Tokens proposed at once; of `adaptive`, at most. By default 4 and 20."),
            KeySpec("threshold", .number(NumberRange(0, 1)), "Of `adaptive`; by default 0.3."),
        ])

    static let deadlines = ObjectSpec(
        "Deadlines", "Four separate limits of a request.",
        [
            KeySpec("connect", .duration(), "Until the connection stands.", default: "10s"),
            KeySpec(
                "first_byte", .duration(),
                "Until the first byte of the answer, waiting in the server's queue included.", default: "5m"),
            KeySpec("idle", .duration(), "Between two pieces of a stream.", default: "90s"),
            KeySpec("total", .duration(), "For the whole answer.", default: "30m"),
        ])

    static let price = ObjectSpec(
        "Price", "US dollars for a million tokens.",
        [
            KeySpec("prompt", .number(NumberRange(0, 1e6)), "Of the prompt.", required: true),
            KeySpec("completion", .number(NumberRange(0, 1e6)), "Of the completion.", required: true),
            KeySpec(
                "cached_prompt", .number(NumberRange(0, 1e6)),
                "Of the prompt's part in the server's cache; as `prompt` if absent."),
        ])

    static let shape = ObjectSpec(
        "Shape", "A transformer's size and shape, as its configuration file has them.",
        [
            KeySpec(
                "parameters", .number(NumberRange(1, 1e15)), "Parameters that take part in a token, such as 8.19e9.",
                required: true),
            KeySpec("layers", .integer(1...100_000), "Layers.", required: true),
            KeySpec("heads", .integer(1...100_000), "Query heads a layer.", required: true),
            KeySpec("kv_heads", .integer(1...100_000), "Key and value heads a layer; as `heads` if absent."),
            KeySpec("head_size", .integer(1...1_000_000), "Elements of a head.", required: true),
            KeySpec(
                "bytes", .number(NumberRange(0, excluded: true, 64)),
                "Bytes of an element in the "
                    + "cache.", default: "2"),
            KeySpec(
                "intensity", .number(NumberRange(0, 1e9)),
                "Operations a device does while it reads a byte; 562.5 on a B200.",
                default: "562.5"),
        ])

    static let capabilities = ObjectSpec(
        "Capabilities", "Declared instead of probed.",
        [
            KeySpec("stream", .truth, "Streams."),
            KeySpec("top_logprobs", .integer(0...1000), "Most alternatives a token that it reports."),
            KeySpec("logprobs", .truth, "`no`: reports no log-probabilities at all."),
            KeySpec("prefix", .truth, "Continues a given assistant text."),
            KeySpec("n", .truth, "Returns n choices for `n`."),
            KeySpec("seed", .truth, "Same seed, same text."),
            KeySpec("cancel", .truth, "Closing a stream frees the generation."),
            KeySpec(
                "reasoning_apart", .truth,
                "Sends thinking apart from the text (`reasoning_content`), which then cannot be continued."),
        ])
}
