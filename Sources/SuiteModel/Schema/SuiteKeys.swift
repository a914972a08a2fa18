internal import Completions

/// The table of a suite's keys: the one source of checks, JSON Schema and reference page.
enum SuiteKeys {
    private static let count = 1...Int.max

    static let suite = ObjectSpec(
        "Suite", "The file as a whole. Keys that begin with `x-` are ignored: a place for YAML anchors.",
        extensions: true,
        [
            KeySpec("evalh", .integer(1...1), "Version of the suite format.", required: true),
            KeySpec("name", .text(.identifier), "Name in reports; the file's name without its ending if absent."),
            KeySpec("description", .text(), "For people."),
            KeySpec("dataset", .object(dataset), "Where the items come from.", required: true),
            KeySpec(
                "prompt", .object(prompt), "How an item becomes the messages that are sent. Absent: the input as it is."
            ),
            KeySpec(
                "models", .map(.identifier, .either([.text(.httpAddress), .object(model)])),
                "Models by role. The role `main`, or else the first, answers where an arm names no other. A bare "
                    + "address means "
                    + "`{provider: openai, base_url: …}`. May come from `--model ROLE=SPEC` or `EVALH_MODEL_<ROLE>` "
                    + "instead.",
                required: true),
            KeySpec(
                "services", .map(.identifier, .object(service)),
                "What strategies may call beside models, by name: see docs/services.md."),
            KeySpec(
                "sampling", .object(sampling), "How completions are sampled. Every value is sent with every request."),
            KeySpec(
                "arms", .list(.either([.text(.plugin), .object(arm)]), count: 1...1000),
                "What is compared. A bare name is a strategy with its defaults.", required: true),
            KeySpec(
                "repeats", .integer(1...1000), "How often each arm answers each item, with new samples.", default: "1"),
            KeySpec("seed", .integer(0...Int.max), "All randomness of the run is derived from it.", default: "0"),
            KeySpec(
                "grader", .either([.text(), .object(use("Grader", "grader"))]), "How answers become scores.",
                required: true),
            KeySpec(
                "metrics", .list(.either([.text(), .object(metric)]), count: 0...100),
                "What is computed from scores and costs.",
                default: "[accuracy]"),
            KeySpec(
                "allocator", .either([.text(), .object(use("Allocator", "allocator"))]),
                "Decides in rounds which sessions run and when results suffice. Absent: every arm answers every item "
                    + "`repeats` times."
            ),
            KeySpec(
                "budget", .object(budget),
                "Ceilings that are never passed: the worst case is reserved before a request is sent."),
            KeySpec(
                "gates", .list(.text(), count: 0...100),
                "Conditions that decide the exit code, for example `accuracy(sc8) >= accuracy(greedy) - 0.02`, "
                    + "`errors(sc8) == 0` or `served(sc8) == 1`."),
            KeySpec("report", .object(report), "What reports show beside the arms as a whole."),
            KeySpec("log", .object(log), "What is kept of sessions."),
            KeySpec("plugins", .list(.text(), count: 0...100), "Plugin files or folders, relative to the suite."),
            isolation(
                "How far plugins are kept from the run: in its own process (`none`), in one of theirs (`process`), or "
                    + "in one without network that writes no files and starts no programs (`sandbox`). Absent: `none`, "
                    + "and `process` for others' plugins where `CI=true` is set."),
        ])

    private static func isolation(_ meaning: String) -> KeySpec {
        KeySpec("isolation", .choice(Isolation.allCases.map(\.rawValue)), meaning)
    }

    static let report = ObjectSpec(
        "Report", "What reports show beside the arms as a whole.",
        [
            KeySpec(
                "by", .either([.text(), .list(.text(), count: 0...10)]),
                "Fields of the rows by whose values results are shown, too, such as `[subject, level]`; dots lead into "
                    + "nested fields. `evalh report --by` asks for it afterwards.")
        ])

    static let dataset = ObjectSpec(
        "Dataset",
        "Items as JSON Lines, JSON (a list, or an object that holds one) or CSV with a header row, as they are or "
            + "packed by gzip. Or the questions of a pool. Exactly one of `path`, `url` and `pool`.",
        [
            KeySpec("path", .text(), "File, relative to the suite."),
            KeySpec("url", .text(.httpAddress), "Address, fetched once into the cache; needs `sha256`."),
            KeySpec(
                "pool", .text(),
                "A pool's file, relative to the suite: its questions are the items, see `evalh replay`."),
            KeySpec("sha256", .text(.sha256), "Of the file's bytes; checked before any item is used."),
            KeySpec("format", .choice(["jsonl", "json", "csv"]), "By the file's ending if absent."),
            KeySpec("list", .text(), "The key under which a JSON object holds the list, dots between levels."),
            KeySpec("name", .text(.identifier), "Name in reports; the file's name without its ending if absent."),
            KeySpec("fields", .object(fields), "Which fields of a row mean what."),
            KeySpec(
                "skip", .integer(0...Int.max), "Leave out that many items at the beginning, after shuffling.",
                default: "0"
            ),
            KeySpec("limit", .integer(count), "Use that many items at most, after shuffling."),
            KeySpec("shuffle", .integer(0...Int.max), "Seed of a shuffle; absent: the file's order."),
        ])

    static let fields = ObjectSpec(
        "Fields", "Names of a row's fields, dots between levels: `answer.value`, `choices.0`.",
        [
            KeySpec("input", .text(), "The question.", default: "input"),
            KeySpec("target", .text(), "The expected answer; of a list any one is right.", default: "target"),
            KeySpec("id", .text(), "A label for reports. Items are told apart by their content in any case."),
        ])

    static let prompt = ObjectSpec(
        "Prompt",
        "Mustache templates, rendered as plain text: nothing is escaped. Variables are `input` and the fields of the "
            + "row.",
        [
            KeySpec("system", .text(.any), "Template of the system message; absent or empty: none."),
            KeySpec("user", .text(), "Template of the user message.", default: "{{ input }}"),
            KeySpec(
                "few_shot", .either([.list(.row, count: 0...1000), .object(fewShot)]),
                "Examples before the question, each a user and an assistant message: rows written here, or the first "
                    + "rows of a file."
            ),
            KeySpec("few_shot_template", .text(), "Template of an example's user message, if it is not `user`."),
            KeySpec(
                "assistant", .text(), "Template of an example's answer; may use `target`.", default: "{{ target }}"),
        ])

    static let fewShot = ObjectSpec(
        "FewShot", "Examples from a file of the same kinds as a data set.",
        [
            KeySpec("path", .text(), "File, relative to the suite.", required: true),
            KeySpec("count", .integer(1...1000), "How many.", required: true),
            KeySpec("format", .choice(["jsonl", "json", "csv"]), "By the file's ending if absent."),
            KeySpec("sha256", .text(.sha256), "Of the file's bytes."),
            KeySpec("shuffle", .integer(0...Int.max), "Seed of a shuffle; absent: the file's order."),
        ])

    static let sampling = ObjectSpec(
        "Sampling", "Servers' own defaults differ, so all of these are always sent.",
        [
            KeySpec("temperature", .number(NumberRange(0, 10)), "0 is greedy decoding.", default: "1"),
            KeySpec(
                "top_p", .number(NumberRange(0, excluded: true, 1)), "Nucleus mass; 1 switches it off.", default: "1"),
            KeySpec(
                "top_k", .integer(0...1_000_000), "Number of likeliest tokens kept; 0 switches it off.", default: "0"),
            KeySpec(
                "min_p", .number(.fraction),
                "Smallest probability relative to the likeliest token's; 0 switches it off.", default: "0"),
            KeySpec("max_tokens", .integer(1...10_000_000), "The most tokens a completion has.", default: "512"),
            KeySpec(
                "stop", .either([.text(), .list(.text(), count: 0...16)]),
                "Texts that end a completion and are not part of it."),
            KeySpec(
                "top_logprobs", .integer(0...100),
                "Alternatives a token whose log-probabilities are asked for; 0: of the sampled token only; absent: "
                    + "none, unless a strategy asks."
            ),
        ])

    static let arm = ObjectSpec(
        "Arm", "A strategy with its parameters on a model: one row of the report.",
        [
            KeySpec("id", .text(.identifier), "Name in reports, gates and `--arms`; the strategy's name if absent."),
            KeySpec(
                "strategy", .text(.plugin),
                "A strategy plugin; `evalh plugin list` shows them. `id@version` where several versions are there; "
                    + "`id@1` is the newest 1.x.y.", required: true),
            KeySpec("with", .parameters, "The strategy's parameters; `evalh plugin info NAME` documents them."),
            KeySpec(
                "levels", .levels,
                "Compute settings to walk through: a parameter and its values, for example `{samples: [1, 2, 4]}`. "
                    + "Several parameters walk together."
            ),
            KeySpec("model", .text(.identifier), "Role of the model that answers."),
            KeySpec("sampling", .object(sampling), "Replaces single values of the suite's `sampling` for this arm."),
            isolation("How far this arm's strategy is kept from the run; the suite's `isolation` if absent."),
        ])

    static func use(_ title: String, _ kind: String) -> ObjectSpec {
        ObjectSpec(
            title, "A \(kind) with parameters. A bare name means `{use: name}`.",
            [
                KeySpec(
                    "use", .text(.plugin), "The \(kind), or `id@version`; `evalh plugin list` shows them.",
                    required: true),
                KeySpec("with", .parameters, "Its parameters."),
                isolation("How far it is kept from the run; the suite's `isolation` if absent."),
            ])
    }

    static let metric: ObjectSpec = {
        var spec = use("Metric", "metric")
        spec.keys.append(KeySpec("over", .text(.identifier), "The arm it is about; absent: all."))
        spec.keys.append(
            KeySpec(
                "name", .text(.identifier),
                "The name of its number in reports and gates; of several numbers, what stands before each: "
                    + "`name.number`. The metric's own names if absent. Settings of one metric need one each."))
        return spec
    }()

    private static let ceilings = [
        KeySpec("tokens", .integer(count), "Prompt and completion tokens."),
        KeySpec("usd", .number(.positive), "US dollars; models then need a `price`."),
        KeySpec("wall", .duration(), "Wall time."),
    ]

    static let budget = ObjectSpec(
        "Budget", "Ceilings for the run; absent: none.",
        ceilings + [KeySpec("session", .object(sessionBudget), "Ceilings for each session.")])

    static let sessionBudget = ObjectSpec("SessionBudget", "Ceilings for one arm on one item, one repeat.", ceilings)
}
