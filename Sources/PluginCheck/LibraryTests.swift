internal import CPluginCheck
internal import Foundation
internal import JSON
internal import PluginHost

/// Tests of the library as a whole: what it says of itself, and to whom.
enum LibraryTests {
    static let all = [
        CheckTest(
            "library.loading", nil,
            "a library that cannot be loaded, or whose constructors print, start threads or take their time",
            mayPrint: true, run: loading),
        CheckTest(
            "library.symbols", nil, "exported symbols beside the entry function, and imports that rule 5 forbids",
            run: symbols),
        CheckTest(
            "library.entry", nil, "an entry function that gives another table when it is called again", run: entry),
        CheckTest(
            "library.negotiation", nil,
            "a library that crashes at hosts that say more or less of themselves, or gives newer ones something else",
            run: negotiation),
        CheckTest(
            "library.manifest", nil,
            "texts that are not UTF-8, versions that are not semantic, ids that are not reverse-DNS, missing texts",
            run: manifest),
        CheckTest(
            "library.schemas", nil,
            "parameter schemas with words that hosts do not know, or defaults that break their own schema",
            run: schemas),
    ]

    private static func loading(_ context: CheckContext) throws {
        context.at("loading the library")
        let before = evalh_check_threads()
        let start = ContinuousClock.now
        do { _ = try LibraryInspection(loading: context.file) } catch {
            context.fail("cannot be loaded: \(error.message)")
            return
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let threads = evalh_check_threads() - before
        if threads > 0 {
            context.warn(
                "loading it started \(threads) thread\(threads == 1 ? "" : "s")",
                "start nothing in constructors: listing plugins loads the library")
        }
        if seconds > 1 {
            context.warn(
                "loading it took \(String(format: "%.1f", seconds)) s", "do no work in constructors or static objects")
        }
        context.measure("loading", String(format: "%.1f ms", seconds * 1000))
    }

    /// Functions that a pure function of its events has no use for.
    private static let impure: Set<String> = [
        "time", "clock", "gettimeofday", "clock_gettime", "rand", "random", "srand", "srandom", "drand48", "lrand48",
        "getrandom", "getentropy", "arc4random", "pthread_create", "thrd_create", "fork", "vfork", "execve", "execvp",
        "system", "popen", "socket", "connect", "exit", "_exit", "quick_exit", "signal", "sigaction", "longjmp",
        "siglongjmp", "__longjmp_chk", "fopen", "fopen64", "open", "open64", "chdir", "setenv", "putenv",
    ]
    /// Begin names of languages' runtimes, which import anything.
    private static let runtimes = ["swift_", "$s", "_ZN", "_ZS", "__rust", "rust_", "_Unwind_", "Go"]

    private static func symbols(_ context: CheckContext) throws {
        guard let symbols = ElfSymbols(file: context.file) else {
            context.skip("the file has no section table to read its symbols from")
            return
        }
        let linker: Set<String> = ["_init", "_fini", "_edata", "_end", "__bss_start", "__start_SDATA"]
        let others = symbols.exported.filter { name in
            !name.hasPrefix("evalh_plugin_v") && !linker.contains(name)
        }.sorted()
        if !others.isEmpty {
            let shown = others.prefix(3).joined(separator: ", ")
            context.warn(
                "exports \(others.count) symbol\(others.count == 1 ? "" : "s") beside the entry function: \(shown)"
                    + (others.count > 3 ? ", …" : ""),
                "build with -fvisibility=hidden and mark the entry function with EVALH_EXPORT, or link with a version "
                    + "script")
        }
        let hasRuntime = symbols.imported.union(symbols.exported).contains { name in
            runtimes.contains { name.hasPrefix($0) }
        }
        guard !hasRuntime else { return }
        let forbidden = symbols.imported.intersection(impure).sorted()
        if !forbidden.isEmpty {
            context.warn(
                "imports \(forbidden.joined(separator: ", "))",
                "a plugin has no clock, random numbers, threads, files or network of its own (rule 5 of the header): "
                    + "time comes with events, random numbers from host->rand")
        }
    }

    private static func entry(_ context: CheckContext) throws {
        let library = try LibraryInspection(loading: context.file)
        context.at("the entry function, called for the first time")
        let first = library.offer(to: .current)
        for call in 2...5 {
            context.at("the entry function, call \(call)")
            let again = library.offer(to: .current)
            if again != first {
                context.fail(
                    "the entry function gave another table in its call \(call)",
                    "return the same constant table always; plugins are looked up more than once")
                return
            }
        }
        // What it says must be what hosts take.
        context.at("reading the table")
        do { _ = try PluginLibrary(opening: context.file) } catch { context.fail(error.message) }
    }

    private static func negotiation(_ context: CheckContext) throws {
        let library = try LibraryInspection(loading: context.file)
        context.at("the entry function, asked by this host")
        let current = library.offer(to: .current)
        for host in LibraryInspection.Host.allCases where host != .current {
            context.at("the entry function, asked by \(host.rawValue)")
            let offer = library.offer(to: host)
            switch (host, offer) {
            case (.newer, _) where offer != current, (.larger, _) where offer != current:
                context.fail(
                    "gives \(host.rawValue) something else than this host",
                    "look at abi_major, and at what you need; a host that has more serves you as well")
            case (_, .tooSmall(let size)):
                context.fail("gives \(host.rawValue) a table with struct_size \(size), too small")
            default: break
            }
        }
        context.at("the entry function, asked by this host after all others")
        if library.offer(to: .current) != current {
            context.fail(
                "gives this host something else after others have asked", "the entry function must keep nothing")
        }
    }

    private static func manifest(_ context: CheckContext) throws {
        context.at("reading the manifest")
        let library = try LibraryInspection(loading: context.file)
        guard library.offer(to: .current) != .nothing else {
            context.fail("offers nothing to this host: its entry function returned NULL")
            return
        }
        for text in library.texts() {
            let name = "\(text.owner): \(text.member)"
            guard text.isUTF8 else {
                context.fail("\(name) is not UTF-8", "save the source as UTF-8, and give the length in bytes")
                continue
            }
            if text.bytes.contains(0) {
                context.fail("\(name) holds a NUL byte", "give the length without the NUL at the end")
            }
            if text.bytes.isEmpty, ["title", "description", "name", "source"].contains(text.member) {
                context.warn("\(name) is empty", "it is what `evalh plugin info` and reports show")
            }
            let shown = String(decoding: text.bytes, as: UTF8.self)
            if text.member == "version", !isVersion(shown) {
                context.fail("\(name) is \"\(shown)\"", "write a semantic version such as 1.0.0")
            }
            if text.member == "id", text.plugin != nil { id(shown, name, context) }
        }
        for info in try infos(context) where info.kind == .metric || info.kind == .allocator {
            if Set(info.outputs).count != info.outputs.count {
                context.fail("\(info.kind.rawValue) \(info.id): names an output twice")
            }
        }
    }

    private static func id(_ id: String, _ name: String, _ context: CheckContext) {
        let isShipped = context.file.hasSuffix("/" + PluginLocation.shippedLibrary)
        guard !isShipped, !id.contains(".") else { return }
        context.warn(
            "\(name) \"\(id)\" is not reverse-DNS",
            "ids without a dot are those of plugins that come with evalh; write org.example.\(id)")
    }

    /// SemVer 2.0.0 without its rules for identifiers.
    static func isVersion(_ version: String) -> Bool {
        let core = version.prefix { $0 != "-" && $0 != "+" }.split(separator: ".", omittingEmptySubsequences: false)
        return core.count == 3 && core.allSatisfy { !$0.isEmpty && $0.allSatisfy(\.isASCIIDigit) }
    }

    private static func infos(_ context: CheckContext) throws -> [PluginInfo] {
        do { return try PluginLibrary(opening: context.file).plugins } catch {
            context.fail(error.message)
            return []
        }
    }

    /// The words of JSON Schema that hosts understand, see `evalh_descriptor.parameters_schema`.
    private static let words: Set<String> = [
        "type", "properties", "required", "default", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
        "enum", "items", "description", "minItems", "maxItems", "minLength", "maxLength", "additionalProperties",
        "title", "$schema", "format",
    ]

    private static func schemas(_ context: CheckContext) throws {
        context.at("reading the schemas")
        for info in try infos(context) {
            guard let text = info.parametersSchema, let schema = try? JSONValue(parsing: text) else { continue }
            let owner = "\(info.kind.rawValue) \(info.id)"
            words(in: schema, owner, context)
            for property in schema["properties"]?.members ?? [] {
                let name = "\(owner): the parameter `\(property.key)`"
                if let value = property.value["default"],
                    let mistake = ParameterFuzz.mistake(in: value, property.value)
                {
                    context.fail("\(name) has a default that \(mistake)", "hosts fill defaults in unchecked")
                }
                if property.value["type"] == nil, property.value["enum"] == nil {
                    context.warn("\(name) has no type", "give it one, so that mistakes in suites are told")
                }
                if (property.value["description"]?.string ?? "").isEmpty {
                    context.warn("\(name) has no description", "`evalh plugin info` shows what it means")
                }
            }
            let known = Set((schema["properties"]?.members ?? []).map(\.key))
            for name in schema["required"]?.elements?.compactMap(\.string) ?? [] where !known.contains(name) {
                context.fail("\(owner): requires `\(name)`, which it does not describe")
            }
        }
    }

    /// Formats that hosts act on.
    private static let formats: Set<String> = ["evalh-role", "evalh-service", "evalh-file"]

    private static func words(in schema: JSONValue, _ owner: String, _ context: CheckContext) {
        for member in schema.members ?? [] where !words.contains(member.key) {
            context.warn(
                "\(owner): its schema has `\(member.key)`, which hosts do not look at",
                "what it forbids comes through; check it in the plugin")
        }
        for type in schema["type"]?.string.map({ [$0] }) ?? schema["type"]?.elements?.compactMap(\.string) ?? [] {
            let legal = ["integer", "number", "string", "boolean", "null", "array", "object"]
            if !legal.contains(type) { context.fail("\(owner): its schema has the type \"\(type)\", which is none") }
        }
        if let format = schema["format"]?.string, !formats.contains(format) {
            context.warn(
                "\(owner): its schema has the format \"\(format)\", which hosts do not look at",
                "the formats are \(formats.sorted().joined(separator: ", "))")
        }
        for property in schema["properties"]?.members ?? [] { words(in: property.value, owner, context) }
        if let items = schema["items"] { words(in: items, owner, context) }
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}
