internal import Completions
internal import PluginHost

extension Grade: WireValue {
    /// As grader plugins give it: within [0, 1] and decided.
    init(from reader: inout WireReader) throws(WireFault) {
        self.init(
            score: try reader.get(), strictScore: try reader.get(), extracted: try reader.get(),
            stage: try reader.text(), explanation: try reader.get())
        guard (0...1).contains(score), (0...1).contains(strictScore) else { throw WireFault("a score out of range") }
    }

    func write(to writer: inout WireWriter) {
        writer.put(score)
        writer.put(strictScore)
        writer.put(extracted)
        writer.text(stage)
        writer.put(explanation)
    }
}

extension ModelWork: WireValue {
    init(from reader: inout WireReader) throws(WireFault) {
        self.init(
            tokens: try reader.get(), depth: try reader.get(), compute: try reader.get(), drafted: try reader.get(),
            accepted: try reader.get(), targetCalls: try reader.get())
    }

    func write(to writer: inout WireWriter) {
        writer.put(tokens)
        writer.put(depth)
        writer.put(compute)
        writer.put(drafted)
        writer.put(accepted)
        writer.put(targetCalls)
    }
}

/// What peers and metrics are shown of a session's cost.
extension SessionMeasure: WireValue {
    init(from reader: inout WireReader) throws(WireFault) {
        self.init(
            usage: try reader.get(), usd: try reader.get(), eflops: try reader.get(), toldEflops: try reader.get(),
            criticalPathSeconds: try reader.get(), firstTokenSeconds: try reader.get(), samples: try reader.get(),
            cutOffSamples: try reader.get(), failedSamples: try reader.get(), serviceCalls: try reader.get())
        usage.work = try reader.get()
        for _ in 0..<(try reader.count()) { numbers[try reader.text()] = try reader.get(Double.self) }
    }

    func write(to writer: inout WireWriter) {
        writer.put(usage)
        writer.put(usd)
        writer.put(eflops)
        writer.put(toldEflops)
        writer.put(criticalPathSeconds)
        writer.put(firstTokenSeconds)
        writer.put(samples)
        writer.put(cutOffSamples)
        writer.put(failedSamples)
        writer.put(serviceCalls)
        writer.put(usage.work)
        writer.number(UInt32(clamping: numbers.count))
        for (name, value) in numbers.sorted(by: { $0.key < $1.key }) {
            writer.text(name)
            writer.put(value)
        }
    }
}

extension PeerResult: WireValue {
    init(from reader: inout WireReader) throws(WireFault) {
        self.init(
            item: try reader.get(), arm: try reader.text(), isError: try reader.get(), errorKind: try reader.get(),
            score: try reader.get(), confidence: try reader.get(), measure: try reader.get())
    }

    func write(to writer: inout WireWriter) {
        writer.put(item)
        writer.text(arm)
        writer.put(isError)
        writer.put(errorKind)
        writer.put(score)
        writer.put(confidence)
        writer.put(measure)
    }
}

extension MetricRow: WireValue {
    init(from reader: inout WireReader) throws(WireFault) {
        self.init(
            item: try reader.get(), arm: try reader.text(), levelJSON: try reader.text(), levelIndex: try reader.get(),
            repeatIndex: try reader.get(), score: try reader.get(), confidence: try reader.get(),
            finish: try reader.get(), measure: try reader.get(), answer: try reader.text(),
            stopReason: try reader.text(), fieldsJSON: try reader.text())
    }

    func write(to writer: inout WireWriter) {
        writer.put(item)
        writer.text(arm)
        writer.text(levelJSON)
        writer.put(levelIndex)
        writer.put(repeatIndex)
        writer.put(score)
        writer.put(confidence)
        writer.put(finish)
        writer.put(measure)
        writer.text(answer)
        writer.text(stopReason)
        writer.text(fieldsJSON)
    }
}

extension MetricValue: WireValue {
    init(from reader: inout WireReader) throws(WireFault) {
        self.init(
            name: try reader.text(), arm: try reader.text(), levelIndex: try reader.get(), value: try reader.get(),
            ciLow: try reader.get(), ciHigh: try reader.get(), standardError: try reader.get(), n: try reader.get(),
            method: try reader.text(), detailJSON: try reader.text())
        guard (levelIndex ?? 0) >= 0, (n ?? 0) >= 0 else { throw WireFault("a metric's value out of range") }
    }

    func write(to writer: inout WireWriter) {
        writer.text(name)
        writer.text(arm)
        writer.put(levelIndex)
        writer.put(value)
        writer.put(ciLow)
        writer.put(ciHigh)
        writer.put(standardError)
        writer.put(n)
        writer.text(method)
        writer.text(detailJSON)
    }
}

extension AllocationSetup.Row: WireValue {
    init(from reader: inout WireReader) throws(WireFault) {
        self.init(arm: try reader.text(), levelJSON: try reader.text(), levelIndex: try reader.get())
    }

    func write(to writer: inout WireWriter) {
        writer.text(arm)
        writer.text(levelJSON)
        writer.put(levelIndex)
    }
}

extension AllocationRound: WireValue {
    init(from reader: inout WireReader) throws(WireFault) {
        let count = try reader.count()
        var wishes: [Wish] = []
        wishes.reserveCapacity(min(count, 1 << 16))
        for _ in 0..<count {
            let (item, row, more) = (
                try reader.get(UInt32.self), try reader.get(UInt32.self), try reader.get(UInt16.self)
            )
            wishes.append(Wish(item: Int(item), row: Int(row), more: Int(more)))
        }
        self.init(wishes: wishes, reason: try reader.text())
    }

    func write(to writer: inout WireWriter) {
        writer.number(UInt32(clamping: wishes.count))
        for wish in wishes {
            writer.number(UInt32(clamping: wish.item))
            writer.number(UInt32(clamping: wish.row))
            writer.number(UInt16(clamping: wish.more))
        }
        writer.text(reason)
    }
}

extension StrategyEstimate: WireValue {
    init(from reader: inout WireReader) throws(WireFault) {
        self.init(
            completionsMin: try reader.get(), completionsMax: try reader.get(), promptPasses: try reader.get())
        guard completionsMin >= 0, completionsMax >= completionsMin, promptPasses >= 0, promptPasses.isFinite else {
            throw WireFault("an estimate out of range")
        }
    }

    func write(to writer: inout WireWriter) {
        writer.put(completionsMin)
        writer.put(completionsMax)
        writer.put(promptPasses)
    }
}
