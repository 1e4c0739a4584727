extension SagaData {
  /// What only a saga has that has branches, failures, or results without a slot.
  struct Rare: Sendable {
    /// The State of an open branch, from its first write on.
    var branches: [NodeID: AnyStateBox] = [:]
    /// Results of direct children of an open group, until the join.
    var held: [NodeID: any Sendable] = [:]
    /// Results without a slot, and those of steps that failed although an attempt of theirs returned.
    var loose: [NodeID: any Sendable] = [:]
    /// What a write found in its slot, where it was not empty.
    var displaced: [NodeID: any Sendable] = [:]
    /// What the saga yields, once it has completed.
    var output: Shared<any Sendable>?
    /// What the last failed attempt of a node failed with.
    var errors: [NodeID: any Error] = [:]
    var undoErrors: [NodeID: any Error] = [:]
    /// The latest attempt of an undo that was asked to stop.
    var stopped: [NodeID: Attempt] = [:]
    /// Undoing had to end before it was through: what stops is not to blame for that.
    var isUnwindOver = false
    /// The error the saga fails with.
    var failure: (any Error)?
    /// Mistakes of the user's closures that were ignored.
    var warnings: [String] = []
    /// What attempts have set in the scratch, and an outcome of theirs was recorded with.
    var scratch: [String: ScratchValue] = [:]
    /// Undone steps, in the order in which their undoes settled.
    var undone: [NodeID] = []

    static let none = Rare()
  }
}

extension SagaData {
  var branches: [NodeID: AnyStateBox] {
    get { rare.branches }
    _modify { yield &rare.branches }
  }

  var held: [NodeID: any Sendable] {
    get { rare.held }
    _modify { yield &rare.held }
  }

  var loose: [NodeID: any Sendable] {
    get { rare.loose }
    _modify { yield &rare.loose }
  }

  var displaced: [NodeID: any Sendable] {
    get { rare.displaced }
    _modify { yield &rare.displaced }
  }

  var errors: [NodeID: any Error] {
    get { rare.errors }
    _modify { yield &rare.errors }
  }

  var undoErrors: [NodeID: any Error] {
    get { rare.undoErrors }
    _modify { yield &rare.undoErrors }
  }

  var failure: (any Error)? {
    get { rare.failure }
    _modify { yield &rare.failure }
  }

  var warnings: [String] {
    get { rare.warnings }
    _modify { yield &rare.warnings }
  }

  var scratch: [String: ScratchValue] {
    get { rare.scratch }
    _modify { yield &rare.scratch }
  }

  var undone: [NodeID] {
    get { rare.undone }
    _modify { yield &rare.undone }
  }
}
