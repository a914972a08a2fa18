import Testing

@testable import Reporting

@Suite("Scales and labels of plots")
struct PlotLayoutTests {
    @Test("labels cover neither each other nor leave the plot")
    func labels() {
        var layout = PlotLabels(area: .init(left: 0, top: 0, right: 700, bottom: 300))
        var boxes: [PlotLabels.Box] = []
        for index in 0..<40 {
            let text = "strategy samples=\(index)"
            guard let place = layout.place(text, at: 300 + Double(index % 7) * 5, 150 + Double(index / 7)) else {
                continue
            }
            let width = Double(text.count) * 7.1
            let left = place.anchor == "start" ? place.x : place.anchor == "end" ? place.x - width : place.x - width / 2
            let box = PlotLabels.Box(left: left, top: place.y - 10, right: left + width, bottom: place.y + 3)
            #expect(box.left >= 0 && box.right <= 700.001 && box.top >= 0 && box.bottom <= 300)
            for other in boxes { #expect(box.overlap(other) <= 0.081 * box.area) }
            boxes.append(box)
        }
        #expect(boxes.count > 5)
    }

    @Test(
        "costs are logarithmic from ten to one, else from 0",
        arguments: [
            ([100.0, 900], false), ([100.0, 1000], true), ([0.0, 1000], false), ([0.0, 0], false), ([1e-6, 1], true),
        ])
    func costs(values: [Double], isLog: Bool) {
        let scale = PlotScale(costs: values.map { .init(value: $0, low: nil, high: nil) }, from: 0, to: 100)
        #expect(scale.isLog == isLog)
        #expect(scale.ticks.count >= 2 && scale.ticks.count <= 11)
        for value in values + scale.ticks { #expect((0...100).contains(scale(value))) }
        #expect(scale(values[0]) <= scale(values[1]))
        if isLog {
            #expect(scale.ticks.allSatisfy { $0 >= scale.low && $0 <= scale.high })
        } else {
            #expect(scale.low == 0)
        }
    }

    @Test(
        "accuracies have at least 20 points of room within 0 and 1",
        arguments: [[0.5], [0.0], [1.0], [0.98, 0.99], [0.0, 1.0], [0.33, 0.41]])
    func shares(values: [Double]) {
        let scale = PlotScale(shares: values.map { .init(value: $0, low: nil, high: nil) }, from: 100, to: 0)
        #expect(scale.low >= 0 && scale.high <= 1 && scale.high - scale.low > 0.199)
        #expect(scale.ticks.count >= 3)
        for value in values { #expect(scale.low <= value && value <= scale.high) }
    }

    @Test(
        "ticks and small sums are short",
        arguments: [
            (0.0, "0"), (0.05, "0.05"), (0.15, "0.15"), (2, "2"), (500, "500"), (5000, "5000"), (20_000, "20k"),
            (1_500_000, "1.5M"),
        ])
    func ticks(value: Double, text: String) { #expect(Numbers.short(value) == text) }

    @Test func `what a session costs keeps three digits`() {
        #expect(
            [0.0, 12.5, 0.5, 0.0123, 0.000012].map(Numbers.smallUSD) == [
                "$0.00", "$12.50", "$0.500", "$0.0123", "$0.0000120",
            ])
    }
}
