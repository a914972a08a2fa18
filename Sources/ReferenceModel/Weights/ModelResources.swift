internal import Foundation

enum ModelResources {
    static var path: String? { Bundle.module.path(forResource: "reference-1", ofType: "weights") }
}
