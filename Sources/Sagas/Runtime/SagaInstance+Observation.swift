extension SagaInstance: StepRunHost {
  nonisolated func report(_ progress: StepProgress) {
    if bulletin.post(progress) { engine.ready.submit(Job(saga: self, work: .publish)) }
  }
}

extension SagaInstance {
  /// Shows the present state to whoever watches.
  func publish() {
    let progress = bulletin.takeProgress()
    guard watchers != nil || engine.watchers.isWatched, unwritten.isEmpty else { return }
    let update = image.update(progress)
    watchers?.push(update)
    engine.watchers.push(update)
  }

  /// Adds a reader and shows it the present state.
  func watch(_ mailbox: UpdateMailbox) {
    let watchers = watchers ?? UpdateHub()
    self.watchers = watchers
    watchers.add(mailbox)
    if unwritten.isEmpty { mailbox.push(image.update(bulletin.progress)) }
    if machine.phase.isTerminal && unwritten.isEmpty || retirement != nil { mailbox.finish() }
  }
}

extension SagaInstance: SagaImageSource {
  nonisolated var writer: UInt64 { engine.writer }

  func handOver() async -> SagaImage? {
    // One that is about to be created is not there yet, and stays with its creator.
    guard retirement == nil || retirement?.code == .shutDown, machine.phase != .new,
      !machine.phase.isTerminal
    else { return nil }
    var image = image
    image.parked = nil
    if retirement == nil { retire(.takenOver(info.id)) } else { retirement = .takenOver(info.id) }
    return image
  }
}
