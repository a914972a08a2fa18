import EvalhStatistics
import SuiteModel
import Testing

@testable import ReferenceModel

/// What suites take for the embedded model's shape is that of the shipped weights.
struct EmbeddedShapeTests {
    @Test func `the shape that operations are counted by is the weight file's`() {
        let file = Shipped.model.shape
        let shape = ModelShape.embedded
        #expect(shape.layers == file.layers && shape.heads == file.heads && shape.kvHeads == file.heads)
        #expect(shape.headSize == file.width / file.heads)
        // Multiply-adds of a token at full depth: attention's four matrices, the two of the hidden layer, the last
        // head.
        let layer = 4 * file.width * file.width + 2 * file.width * file.hidden
        #expect(shape.parameters == Double(file.layers * layer + file.vocabulary * file.width))
    }
}
