import Foundation
import Sagas

extension DemoProgram {
  /// Has sagas interrupted by a crash, and takes them up again.
  func recovery(_ options: RecoveryOptions) async throws -> ExitCode {
    guard DemoStore.isDurable else { throw DemoStoreError.notBuilt }
    let output = output
    // Not in the task of `main`, for the reason given at `stress`.
    return try await Task.detached {
      do {
        if let path = options.victimPath {
          try await Self.interrupted(options, path, output)
        } else {
          try await Self.recovered(options, output)
        }
        return ExitCode.success
      } catch let fault as StressFault {
        output.write("failed: \(printable(fault.description))\n")
        return .notReconciled
      }
    }.value
  }

  /// What the victim does: a line, once all are in the middle of their second step.
  private static func interrupted(_ options: RecoveryOptions, _ path: String, _ output: Terminal) async throws
  {
    let store = try DemoStore(.file(path))
    let run = try await RecoveryRun(options.inFlight, store: store.sagas)
    try await run.begin(finished: options.finished)
    await run.barrier.waitForAll()
    output.write("all are under way\n")
    // Until it is killed.
    while true { try await Task.sleep(for: .hours(1)) }
  }

  private static func recovered(_ options: RecoveryOptions, _ output: Terminal) async throws {
    guard let program = Victim.program else { return }
    func say(_ line: String) { output.write(line + "\n") }
    let first = try DemoStore(.temporary)
    let path = first.path ?? ""
    await first.release()
    let count = options.inFlight
    guard try Victim.run(program, options.victim(path: path), untilEnded: 1) else {
      throw StressFault("the process ended before it could be killed")
    }
    say(
      "\(count) sagas in the middle of their second step, \(options.finished) finished ones; their process was killed"
    )

    let (clock, meter) = (ContinuousClock(), MemoryMeter())
    let (before, residentBefore) = (meter.inUse(), MemoryMeter.resident())
    let opening = clock.now
    let store = try DemoStore(.file(path))
    let run = try await RecoveryRun(count, store: store.sagas)
    say("opened in \(seconds(clock.now - opening))")
    let claiming = clock.now
    let claimed = try await store.sagas.claim(for: 1).count
    say("the store hands over \(claimed) logs in \(seconds(clock.now - claiming))")
    let beginning = clock.now
    try await run.recover()
    let recovered = clock.now - beginning
    await run.barrier.waitForAll()
    let running = clock.now - beginning
    say(
      "recovered \(count) in \(seconds(recovered)), \(Int(Double(count) / (recovered / .seconds(1)))) per second"
    )
    say("all are in their second step again \(seconds(running)) after the recovery began")
    say("memory in use: \(megabytes(before)) before, \(megabytes(meter.inUse())) now")
    say("  (resident: \(megabytes(residentBefore)) before, \(megabytes(MemoryMeter.resident())) now)")
    let opened = clock.now
    run.barrier.open()
    try await run.drain()
    say("all have ended \(seconds(clock.now - opened)) after they were let on; each second step ran once")
    await store.close()
    await first.close()
  }
}
