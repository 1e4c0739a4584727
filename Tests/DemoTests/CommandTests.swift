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

  @Test(arguments: [["help"], ["--help"], ["-h"], ["checkout", "--help"], ["diagram", "-h"]])
  func helpIsGivenWhereverItIsAskedFor(_ arguments: [String]) throws {
    #expect(try Command(arguments) == .help(.demo))
  }

  @Test func diagramIsACommand() throws {
    #expect(try Command(["diagram"]) == .diagram)
  }

  @Test(arguments: [
    (["chekout"], "unknown command 'chekout': use checkout, approvals, stress, diagram or help"),
    (["--colour"], "unknown option '--colour': use --plain, --seed N or --help"),
    (["checkout", "--sed", "1"], "unknown option '--sed': use --plain, --seed N or --help"),
    (["--seed"], "--seed needs a number: --seed 7"),
    (["--seed", "-1"], "--seed needs a whole number from 0 on, as in --seed 7, not '-1'"),
    (["--seed=x"], "--seed needs a whole number from 0 on, as in --seed 7, not 'x'"),
    (["checkout", "a.json", "b.json"], "more than one file: leave out 'a.json' or 'b.json'"),
    (["diagram", "x"], "'diagram' takes no arguments: leave out 'x'"),
  ])
  func mistakesAreNamedWithTheRemedy(_ arguments: [String], _ message: String) {
    #expect(throws: UsageError(message)) { try Command(arguments) }
  }
}
