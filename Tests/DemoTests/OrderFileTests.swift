import Foundation
import Testing

@testable import DemoKit

/// What a file of orders must look like, and what is said when it does not.
@Suite struct OrderFileTests {
  private static let order = #"{"id": "A-1", "customer": "Ada", "city": "London", "items": [ITEM]BEHAVES}"#
  private static let item = #"{"product": "teapot", "quantity": 2, "price": 1250}"#

  private static func text(_ orders: String...) -> String { "[" + orders.joined(separator: ",\n") + "]" }

  private static func order(item: String = item, behaves: String? = nil) -> String {
    order.replacingOccurrences(of: "ITEM", with: item)
      .replacingOccurrences(of: "BEHAVES", with: behaves.map { ", \"behaves\": \($0)" } ?? "")
  }

  @Test func bundledOrdersAreFoundAndGood() throws {
    let orders = try OrderFile.bundled()
    #expect(orders.count >= 24)
    #expect(orders.contains { $0.behaviour == Behaviour() })
  }

  @Test func anOrderIsReadWithItsBehaviour() throws {
    let behaves =
      #"{"payment": "flaky:2", "refund": "flaky:1", "stock": "out", "orders": "fail", "mail": "fail"}"#
    let orders = try OrderFile.parse(Array(Self.text(Self.order(behaves: behaves)).utf8), file: "o.json")
    let order = try #require(orders.first)
    #expect(order.id == "A-1")
    #expect(order.customer.name == "Ada")
    #expect(order.cart.total == Money(cents: 2_500))
    #expect(
      order.behaviour
        == Behaviour(
          payment: .flaky(2), failingRefunds: 1, isOutOfStock: true, failsToCreate: true, failsToMail: true))
  }

  @Test(arguments: [
    ("declined", PaymentBehaviour.declined), ("flaky:9", .flaky(9)), ("timeout-charged", .timeoutCharged),
    ("timeout-not-charged", .timeoutNotCharged), ("answers-late", .answersLate),
  ])
  func everyWordForAPaymentIsKnown(_ word: String, _ expected: PaymentBehaviour) {
    #expect(PaymentBehaviour(word: word) == expected)
  }

  @Test(arguments: ["", "flaky", "flaky:", "flaky:0", "flaky:10", "flaky:x", "Declined"])
  func otherWordsAreNot(_ word: String) {
    #expect(PaymentBehaviour(word: word) == nil)
  }

  static let mistakes: [(String, String)] = [
    ("[\n  {\"id\": \"A-1\"\n   \"items\": []}]", #"line 3, column 4: expected ',' or '}', found '"'"#),
    ("{}", "expected a list"),
    ("[]", "has 0 orders, must have from 1 to 10000"),
    (text(order(), #"{"customer": "Bo"}"#), "order 2, id: is missing"),
    (
      text(order(item: #"{"product": "x", "quantity": 1, "price": "9"}"#)),
      "order 1, items[0].price: expected a whole number"
    ),
    (
      text(order(item: #"{"product": "x", "quantity": 0, "price": 9}"#)),
      "order 1, items[0].quantity: is 0, must be from 1 to 1000"
    ),
    (
      text(order(item: #"{"product": "x", "quantity": 1, "price": -9}"#)),
      "order 1, items[0].price: is -9, must be from 1 to 10000000"
    ),
    (
      text(order(item: item + #", {"product": " ", "quantity": 1, "price": 9}"#)),
      "order 1, items[1].product: is empty"
    ),
    (text(order(item: "")), "order 1, items: has 0 items, must have from 1 to 100"),
    (text(order(), order()), #"order 2, id: "A-1" is the id of order 1 already"#),
    (
      text(order(behaves: #"{"paymnt": "declined"}"#)),
      "order 1, behaves.paymnt: there is no such field; "
        + "known are customer, payment, refund, stock, orders, mail"
    ),
    (
      text(order(behaves: #"{"payment": "flaky:0"}"#)),
      "order 1, behaves.payment: expected \(PaymentBehaviour.words), found \"flaky:0\""
    ),
    (text(order(behaves: #"{"stock": "gone"}"#)), #"order 1, behaves.stock: expected "out", found "gone""#),
    (text(order(behaves: "7")), "order 1, behaves: expected an object"),
    (
      text(order().replacingOccurrences(of: "A-1", with: "A/1")), #"order 1, id: "/" is not allowed in an id"#
    ),
    (
      text(order().replacingOccurrences(of: "Ada", with: #"\u001b[2J"#)),
      "order 1, customer: holds a character that cannot be printed on one line"
    ),
  ]

  @Test(arguments: mistakes)
  func mistakesAreNamedWithTheirPlace(_ text: String, _ problem: String) {
    #expect(throws: InputFileError(file: "o.json", problem: problem)) {
      try OrderFile.parse(Array(text.utf8), file: "o.json")
    }
  }

  @Test func missingFilesAndFoldersAreSaid() {
    #expect(throws: InputFileError(file: "no/such.json", problem: "there is no such file")) {
      try OrderFile.load("no/such.json")
    }
    let folder = FileManager.default.temporaryDirectory.path
    #expect(throws: InputFileError(file: folder, problem: "is a folder, not a file of orders")) {
      try OrderFile.load(folder)
    }
  }
}
