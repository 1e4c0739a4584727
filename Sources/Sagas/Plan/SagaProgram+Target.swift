extension SagaProgram {
  /// The part of that name. Throws ``SagaError`` `invalidArgument` where there is none.
  func target(named name: String, saga: String) throws -> NodeID {
    guard let node = plan.node(named: name) else { throw SagaError.noPart(saga, named: name) }
    return node
  }

  /// The one step that writes this slot.
  ///
  /// Throws ``SagaError``: `ambiguousStepName` where there are several, `invalidArgument` where there is none.
  func target(writing slot: AnyKeyPath, saga: String) throws -> NodeID {
    let writers = plan.all.filter { self[$0].slot?.keyPath == slot }
    guard writers.count < 2 else {
      throw SagaError.severalWriters(saga, of: slot, writers.map { plan.name(of: $0) })
    }
    guard let writer = writers.first else { throw SagaError.noWriter(saga, of: slot) }
    return writer
  }
}
