/// The order of undoing, as entries change it.
extension SagaMachine {
  /// Fixes what is undone: every effect that has an undo declared for it and a strategy that does not object.
  ///
  /// First the waves that were answered, then the rest, the last settled first, each by itself.
  mutating func beginUnwind() {
    phase = .unwinding
    let members = plan.all.prefix(rows.count).filter { isMember($0) }
      .sorted { self[$0].order > self[$1].order }
    var wave: UInt16 = 0
    var places: [Unwind.Place] = []
    for node in members.filter({ self[$0].wave > 0 }).sorted(by: { self[$0].wave < self[$1].wave }) {
      wave = max(wave, self[node].wave)
      places.append(Unwind.Place(node: node, wave: self[node].wave))
    }
    for node in members where self[node].wave == 0 {
      wave &+= 1
      places.append(Unwind.Place(node: node, wave: wave))
    }
    for place in places { update(place.node) { $0.undo = .queued } }
    unwind = unwind ?? Unwind()
    unwind?.order = places
  }

  /// Puts the undoes that failed back into their places, behind the others where they had none.
  mutating func resumeUnwind(at time: Timestamp) {
    phase = .unwinding
    unwind?.isExpired = false
    let due = plan.unwindTimeout.map { time.advanced(by: $0) }
    unwind?.due = due
    for node in plan.all.prefix(rows.count) where self[node].undo == .failed && self[node].undoAttempts < .max
    {
      update(node) { row in
        row.undo = .queued
        row.undoBase = row.undoAttempts
      }
      if unwind?.order.contains(where: { $0.node == node }) == false { queueBehind(node) }
    }
    let failed = rows.count { $0.undo == .failed }
    unwind?.failed = failed
    unwind?.cursor = 0
    advanceCursor()
  }

  /// What turns out to need its undo when the order is fixed already comes behind all the others.
  mutating func queueBehind(_ node: NodeID) {
    let last = unwind?.order.last?.wave ?? 0
    unwind?.order.append(Unwind.Place(node: node, wave: last &+ 1))
    update(node) { $0.undo = .queued }
  }

  /// An undo has begun: in its turn, or at once while the saga still closes.
  mutating func countUndo() {
    unwind = unwind ?? Unwind()
    unwind?.open += 1
    guard phase == .unwinding, let cursor = unwind?.cursor, let wave = unwind?.order[cursor].wave else {
      return
    }
    unwind?.wave = wave
    advanceCursor()
  }

  mutating func advanceCursor() {
    guard var cursor = unwind?.cursor, let order = unwind?.order else { return }
    while cursor < order.count, self[order[cursor].node].undo != .queued { cursor += 1 }
    unwind?.cursor = cursor
  }
}
