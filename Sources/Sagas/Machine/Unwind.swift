/// The part of a machine that only an unwinding saga needs.
struct Unwind: Hashable, Sendable {
  struct Place: Hashable, Sendable {
    let node: NodeID
    /// Undoes of one wave run together; a wave begins when the one before it has settled.
    let wave: UInt16
  }

  /// What is undone, in the order in which it is undone.
  var order: [Place] = []
  /// The first in `order` that has not begun.
  var cursor = 0
  /// The wave that began last.
  var wave: UInt16 = 0
  /// Undoes that have begun and not settled.
  var open = 0
  /// Undoes that have failed for good.
  var failed = 0
  /// When its time limit passes.
  var due: Timestamp?
  /// Its time limit has passed: nothing more begins.
  var isExpired = false
}
