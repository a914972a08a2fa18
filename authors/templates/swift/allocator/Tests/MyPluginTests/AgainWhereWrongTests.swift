import EvalhPluginKit
import Testing

@testable import MyPlugin

@Suite struct AgainWhereWrongTests {
    @Test func `asks again where it was wrong until the repeats are used up`() {
        let rows = [Allocation.Row(arm: "a"), Allocation.Row(arm: "b")]
        let allocation = Allocation(itemCount: 2, rows: rows, repeats: 3)
        var allocator = AgainWhereWrong(parameters: NoParameters(), allocation: allocation, seed: 1)
        #expect(allocator.next().wishes.count == 4)
        allocator.add(SessionRow(item: 0, arm: "a", score: 1))
        allocator.add(SessionRow(item: 0, arm: "b", score: 0))
        allocator.add(SessionRow(item: 1, arm: "a", score: 1))
        allocator.add(SessionRow(item: 1, arm: "b", score: nil))
        #expect(
            allocator.next().wishes == [AllocationRound.Wish(item: 0, row: 1), AllocationRound.Wish(item: 1, row: 1)])
        allocator.add(SessionRow(item: 0, arm: "b", score: 1))
        allocator.add(SessionRow(item: 1, arm: "b", score: 0))
        #expect(allocator.next().wishes.count == 1)
        allocator.add(SessionRow(item: 1, arm: "b", score: 0))
        #expect(allocator.next().wishes.isEmpty)
    }
}
