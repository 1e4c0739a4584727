import Testing

@testable import DemoKit

/// What `approvals` and `stress` understand on the command line.
@Suite struct ApprovalsCommandTests {
  @Test func allOptionsAreUnderstood() throws {
    var options = ApprovalsOptions()
    #expect(try Command(["approvals"]) == .approvals(options))
    options.reports = "r.json"
    options.decisions = "d.json"
    options.isInteractive = true
    options.speed = 2.5
    options.isPlain = true
    options.store = .file("a.db")
    let arguments = [
      "--reports", "r.json", "--decisions=d.json", "--interactive", "--speed", "2.5", "--plain",
    ]
    #expect(try Command(["approvals"] + arguments + ["--store", "a.db"]) == .approvals(options))
    #expect(try Command(["approvals"] + arguments + ["--store=a.db"]) == .approvals(options))
    options.store = .memory
    #expect(try Command(["approvals", "--in-memory"] + arguments) == .approvals(options))
  }

  @Test func aPersonGetsMoreTimeThanAFile() throws {
    #expect(try ApprovalsOptions([]).effectiveSpeed == 20)
    #expect(try ApprovalsOptions(["--interactive"]).effectiveSpeed == 0.5)
    #expect(try ApprovalsOptions(["--interactive", "--speed=7"]).effectiveSpeed == 7)
  }

  @Test func stressTakesANumber() throws {
    #expect(try Command(["stress", "--waiting", "1000000"]) == .stress(StressOptions(waiting: 1_000_000)))
    #expect(try Command(["stress", "--waiting=7"]) == .stress(StressOptions(waiting: 7)))
    #expect(
      try Command(["stress", "--waiting", "7", "--at-most=500"])
        == .stress(StressOptions(waiting: 7, atMost: 500)))
  }

  @Test func stressRecoversANumber() throws {
    var options = RecoveryOptions(inFlight: 7)
    #expect(try Command(["stress", "--recover", "7"]) == .recovery(options))
    options.finished = 3
    #expect(try Command(["stress", "--recover=7", "--finished", "3"]) == .recovery(options))
    options.victimPath = "a.db"
    #expect(try Command(options.victim(path: "a.db")) == .recovery(options))
  }

  @Test func eachHasItsOwnHelp() throws {
    #expect(try Command(["approvals", "--help"]) == .help(.approvals))
    #expect(try Command(["stress", "-h"]) == .help(.stress))
    for help in [Help.demo, .approvals, .stress] {
      #expect(help.text.split(separator: "\n").allSatisfy { $0.count <= 88 })
      #expect(help.text.contains("EXIT CODES"))
    }
  }

  @Test(arguments: [
    (["approvals", "--speed", "0"], "--speed is in virtual hours per second, from 0.01 to 200, not '0'"),
    (["approvals", "--speed=fast"], "--speed is in virtual hours per second, from 0.01 to 200, not 'fast'"),
    (["approvals", "--reports"], "--reports needs a value: --reports reports.json"),
    (
      ["approvals", "r.json"],
      "unknown option 'r.json': use --reports FILE, --decisions FILE, --interactive, --speed N, --plain, "
        + "--store PATH, --in-memory or --help"
    ),
    (["stress"], "stress needs to know how many sagas: --waiting 1000000"),
    (["stress", "--waiting", "0"], "--waiting is a whole number from 1 to 10000000, not '0'"),
    (["stress", "--waiting", "1e6"], "--waiting is a whole number from 1 to 10000000, not '1e6'"),
    (["stress", "--recover", "0"], "--recover is a whole number from 1 to 1000000, not '0'"),
    (["stress", "--recover=1", "--finished=x"], "--finished is a whole number from 0 to 1000000, not 'x'"),
    (["stress", "--recover=1", "x"], "unknown option 'x': use --recover N, --finished N"),
    (["stress", "10"], "unknown option '10': use --waiting N, or --at-most BYTES"),
  ])
  func mistakesAreNamedWithTheRemedy(_ arguments: [String], _ message: String) {
    #expect(throws: UsageError(message)) { try Command(arguments) }
  }
}
