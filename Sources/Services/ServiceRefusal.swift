/// Why a service cannot be had, with what to do about it: said before anything is paid.
package struct ServiceRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    package var description: String

    package init(_ description: String) { self.description = description }
}
