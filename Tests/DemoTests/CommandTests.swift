import Testing

@testable import DemoKit

/// What is understood on the command line, and what is said about the rest.
@Suite struct CommandTests {
  @Test func nothingMeansCheckoutOfTheBundledOrders() throws {
    #expect(try Command([]) == .checkout(CheckoutOptions()))
    #expect(try Command(["checkout"]) == .checkout(CheckoutOptions()))
  }

  @Test func aFileMayFollowOrStandAlone() throws {
    var options = CheckoutOptions()
    options.file = "my/orders.json"
    #expect(try Command(["checkout", "my/orders.json"]) == .checkout(options))
    #expect(try Command(["my/orders.json"]) == .checkout(options))
  }

  @Test(arguments: [
    ["--seed", "7", "--plain"], ["--plain", "--seed=7"], ["checkout", "--seed=7", "--plain"],
  ])
  func optionsComeInAnyOrder(_ arguments: [String]) throws {
    var options = CheckoutOptions()
    options.seed = 7
    options.isPlain = true
    #expect(try Command(arguments) == .checkout(options))
  }

  @Test(arguments: OperatorChoice.allCases)
  func theOperatorDoesWhatIsAskedFor(_ decision: OperatorChoice) throws {
    var options = CheckoutOptions()
    options.decision = decision
    #expect(try Command(["--operator", decision.rawValue]) == .checkout(options))
    #expect(try Command(["checkout", "--operator=\(decision.rawValue)"]) == .checkout(options))
  }

  @Test func theOperatorTriesAgainUnlessToldOtherwise() throws {
    #expect(CheckoutOptions().decision == .retry)
    #expect(Help.demo.text.contains(#""retry" (if not"#))
  }

  @Test(arguments: [["help"], ["--help"], ["-h"], ["checkout", "--help"], ["diagram", "-h"]])
  func helpIsGivenWhereverItIsAskedFor(_ arguments: [String]) throws {
    #expect(try Command(arguments) == .help(.demo))
  }

  @Test func eachCommandHasHelpOfItsOwn() throws {
    #expect(try Command(["crash", "--help"]) == .help(.crash))
    #expect(try Command(["inspect", "x.db", "-h"]) == .help(.inspect))
    for help in [Help.demo, .crash, .inspect] {
      #expect(help.text.contains("USAGE") && help.text.contains("EXIT CODES"))
      #expect(help.text.split(separator: "\n").allSatisfy { $0.count <= 92 })
    }
  }

  @Test func theStoreIsNamedOrNot() throws {
    var options = CheckoutOptions()
    options.store = .file("a b.db")
    #expect(try Command(["--store", "a b.db"]) == .checkout(options))
    #expect(try Command(["checkout", "--store=a b.db"]) == .checkout(options))
    options.store = .memory
    #expect(try Command(["--in-memory"]) == .checkout(options))
  }

  @Test func crashAndInspectAreCommands() throws {
    var crash = CrashOptions()
    #expect(crash.orders == 1_000)
    #expect(try Command(["crash"]) == .crash(crash))
    crash.orders = 60
    crash.seed = 3
    crash.path = "x.db"
    #expect(try Command(["crash", "--seed", "3", "--store", "x.db", "--orders", "60"]) == .crash(crash))
    crash.isVictim = true
    crash.path = "p"
    #expect(try CrashOptions(Array(crash.victim(path: "p").dropFirst())) == crash)
    #expect(try Command(["inspect", "x.db"]) == .inspect(InspectOptions(path: "x.db")))
    #expect(try Command(["inspect", "x.db", "A-1"]) == .inspect(InspectOptions(path: "x.db", id: "A-1")))
    #expect(
      try Command(["inspect", "--all", "x.db"]) == .inspect(InspectOptions(path: "x.db", showsAll: true)))
  }

  @Test func diagramIsACommand() throws {
    #expect(try Command(["diagram"]) == .diagram)
  }

  @Test(arguments: [
    (
      ["chekout"],
      "unknown command 'chekout': use checkout, approvals, crash, inspect, stress, diagram or help"
    ),
    (
      ["--colour"],
      "unknown option '--colour': "
        + "use --plain, --seed N, --operator DOES, --store PATH, --in-memory or --help"
    ),
    (
      ["checkout", "--sed", "1"],
      "unknown option '--sed': use --plain, --seed N, --operator DOES, --store PATH, --in-memory or --help"
    ),
    (["--seed"], "--seed needs a number: --seed 7"),
    (["--seed", "-1"], "--seed needs a whole number from 0 on, as in --seed 7, not '-1'"),
    (["--seed=x"], "--seed needs a whole number from 0 on, as in --seed 7, not 'x'"),
    (["--operator"], "--operator needs retry, skip or abandon: --operator skip"),
    (["--operator=x"], "--operator needs retry, skip or abandon, as in --operator skip, not 'x'"),
    (["checkout", "a.json", "b.json"], "more than one file: leave out 'a.json' or 'b.json'"),
    (["--store"], "--store needs a file: --store shop.db"),
    (["--store="], "--store needs a file: --store shop.db"),
    (["crash", "--orders", "1"], "--orders needs a number from 2 to 10000: --orders 1000"),
    (["crash", "--orders"], "--orders needs a number from 2 to 10000: --orders 1000"),
    (["crash", "--seed", "x"], "--seed needs a whole number from 0 on: --seed 7"),
    (["crash", "--in-memory"], "'crash' is about a file: leave out --in-memory"),
    (["crash", "x"], "unknown argument 'x': use --orders N, --seed N, --store PATH or --help"),
    (["inspect"], "inspect needs a file: inspect shop.db"),
    (["inspect", "a", "b", "c"], "more than one saga: leave out 'c'"),
    (["inspect", "a", "--al"], "unknown option '--al': use --all or --help"),
    (["diagram", "x"], "'diagram' takes no arguments: leave out 'x'"),
  ])
  func mistakesAreNamedWithTheRemedy(_ arguments: [String], _ message: String) {
    #expect(throws: UsageError(message)) { try Command(arguments) }
  }
}
