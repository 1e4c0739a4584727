@testable import Sagas

/// So that expected entries can name a node by its number.
extension NodeID: ExpressibleByIntegerLiteral {
  /// The node of that number.
  public init(integerLiteral value: Int) { self.init(value) }
}
