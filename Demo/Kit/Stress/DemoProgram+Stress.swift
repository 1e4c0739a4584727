import Foundation
import Sagas

extension DemoProgram {
  /// Parks sagas, measures them, and wakes them up.
  func stress(_ options: StressOptions) async throws -> ExitCode {
    let (output, isScreen) = (output, isScreen)
    // Not in the task of `main`: each call of something that belongs to another actor would cost more from there.
    return try await Task.detached {
      do {
        try await Self.stress(options, output, isScreen)
        return ExitCode.success
      } catch let fault as StressFault {
        output.write("failed: \(printable(fault.description))\n")
        return .notReconciled
      }
    }.value
  }

  private static func stress(_ options: StressOptions, _ output: Terminal, _ isScreen: Bool) async throws {
    let count = options.waiting
    let workers = ProcessInfo.processInfo.activeProcessorCount
    func say(_ line: String) { output.write(line + "\n") }
    say("\(count) sagas: two steps each, then a wait on a key of its own; ids and keys of 16 characters")

    let meter = MemoryMeter()
    // What is allocated once, at the first saga, belongs to none of those that are measured.
    let first = try await StressRun(count: 2_000, workers: workers)
    _ = try await first.park { _ in }
    _ = try await first.drain { _ in }
    let run = try await StressRun(count: count, workers: workers)

    let (before, residentBefore) = (meter.inUse(), MemoryMeter.resident())
    let parking = StressProgress(output, isScreen: isScreen, verb: "parked", count: count)
    let parked = try await run.park(parking.show)
    parking.end()
    say("parked \(count) in \(seconds(parked.duration)), \(parked.rate) per second")

    let (after, residentAfter) = (meter.inUse(), MemoryMeter.resident())
    let state = StateBoxes.bytesEach(count, by: meter)
    let all = max(after - before, 0) / count
    say("memory in use: \(megabytes(before)) before, \(megabytes(after)) now, by \(meter.source)")
    say("  (resident: \(megabytes(residentBefore)) before, \(megabytes(residentAfter)) now)")
    say(
      "  \(all) bytes for each, less \(state) for its State with results, as \(count) boxes of it alone take")
    say("\(all - state) bytes per waiting saga")

    let draining = StressProgress(output, isScreen: isScreen, verb: "drained", count: count)
    let drained = try await run.drain(draining.show)
    draining.end()
    say("drained \(count) in \(seconds(drained.duration)), \(drained.rate) per second")
    try run.verify()
    say("verified: each saga got one event, went on once, and completed; none is left")
    if let fault = options.objection(to: all - state) { throw fault }
  }

  static func megabytes(_ bytes: Int) -> String {
    let tenths = bytes / 104_858
    return "\(tenths / 10).\(tenths % 10) MiB"
  }
}
