/// Orders by the thousand, of which some go wrong in each way.
enum CrashOrders {
  private static let goods: [(name: String, price: Int)] = [
    ("teapot", 2_490), ("lamp", 5_900), ("notebook", 450), ("umbrella", 1_999),
  ]

  static func make(_ count: Int) -> [OrderRequest] {
    (1...count).map { number in
      let digits = String(number)
      let id = "C-" + String(repeating: "0", count: max(4 - digits.count, 0)) + digits
      let product = goods[number % goods.count]
      return OrderRequest(
        id: id, customer: Customer(id: "customer-\(id)", name: "Customer \(number)", address: "London"),
        items: [
          CartItem(
            product: product.name, quantity: 1 + number % 3,
            price: Money(cents: product.price + number % 100))
        ],
        behaviour: behaviour(number))
    }
  }

  private static func behaviour(_ number: Int) -> Behaviour {
    var behaviour = Behaviour()
    switch number % 10 {
    case 1: behaviour.payment = .declined
    case 3: behaviour.isOutOfStock = true
    case 5: behaviour.payment = .timeoutCharged
    case 6: behaviour.failsToMail = true
    case 7: behaviour.failsToCreate = true
    case 9: behaviour.payment = .flaky(2)
    default: break
    }
    return behaviour
  }
}
