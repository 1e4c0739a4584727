/// The same State as the sagas have, in boxes like those of the library, and nothing else.
struct StateBoxes {
  private final class Box {
    let state: Parked.State

    init(_ state: Parked.State) { self.state = state }
  }

  /// How many bytes a State with its results takes, box and strings included.
  ///
  /// Measured over boxes that are alive at the same time.
  static func bytesEach(_ count: Int, by meter: MemoryMeter) -> Int {
    var boxes = [Box?](repeating: nil, count: count)
    let before = meter.inUse()
    for number in 0..<count {
      var state = Parked.State(number: number)
      state.first = number &+ 1
      state.second = (number &+ 1) &* 2
      boxes[number] = Box(state)
    }
    let after = meter.inUse()
    return withExtendedLifetime(boxes) { max(after - before, 0) / count }
  }
}
