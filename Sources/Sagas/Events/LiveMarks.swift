/// How many live sagas there are by the number of the last event before each: which events somebody may still want.
///
/// Sagas come with ever higher marks, except those that were brought back, and the lowest is asked for: O(log n) to
/// come and to go, O(1) to ask.
struct LiveMarks {
  private var marks = AscendingQueue<(mark: UInt64, count: Int)>()

  /// The mark of the oldest; `nil` where nobody is.
  var lowest: UInt64? { marks.first?.mark }

  mutating func enter(_ mark: UInt64) {
    let place = marks.place(of: mark, \.mark)
    if place < marks.endIndex, marks[place].mark == mark {
      marks[place].count += 1
    } else {
      marks.insert((mark, 1), at: place)
    }
  }

  /// Expects a mark that was entered.
  mutating func leave(_ mark: UInt64) {
    let place = marks.place(of: mark, \.mark)
    guard place < marks.endIndex, marks[place].mark == mark else { return }
    marks[place].count -= 1
    // Others in the middle go when they have become the first.
    while let first = marks.first, first.count == 0 { marks.removeFirst() }
  }
}
