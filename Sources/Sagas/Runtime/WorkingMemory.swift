/// A saga's machine and what only a saga at work has, or, while the saga rests, the machine alone as bytes.
///
/// One word, and one piece of memory beside it. Of very many sagas nearly all wait: what they do not need then is most
/// of what they take.
struct WorkingMemory: ~Copyable {
  /// What a saga at work has.
  struct Work {
    var machine: SagaMachine
    var busy = SagaInstance.Busy()
  }

  /// Where its work, or the packed machine, is; the lowest bit says which: memory begins at even places.
  private var word: UInt

  private static var packedBit: UInt { 1 }

  /// A saga at work.
  init(_ machine: SagaMachine, feed: StatusFeed? = nil) {
    let work = UnsafeMutablePointer<Work>.allocate(capacity: 1)
    work.initialize(to: Work(machine: machine))
    work.pointee.busy.feed = feed
    word = UInt(bitPattern: work)
  }

  deinit {
    if isPacked {
      bytes.deallocate()
    } else {
      work.deinitialize(count: 1)
      work.deallocate()
    }
  }

  /// Whether the saga rests.
  var isPacked: Bool { word & Self.packedBit != 0 }

  /// What the saga works with. Expects one that does not rest; valid until it does.
  var work: UnsafeMutablePointer<Work> {
    // Made from such a pointer.
    UnsafeMutablePointer(bitPattern: word).unsafelyUnwrapped
  }

  /// What the saga works with; `nil` while it rests.
  var atWork: UnsafeMutablePointer<Work>? { isPacked ? nil : work }

  private var bytes: UnsafeMutablePointer<UInt8> {
    // Made from such a pointer.
    UnsafeMutablePointer(bitPattern: word & ~Self.packedBit).unsafelyUnwrapped
  }

  /// The machine of a saga that rests.
  ///
  /// - Parameter time: the one it was packed with.
  func unpacked(since time: Timestamp, _ plan: SagaPlan) -> SagaMachine {
    SagaMachine(unpacking: bytes, since: time, plan: plan)
  }

  /// Lets the saga rest. Expects a machine that can be packed, and lets go of all else.
  mutating func pack(since time: Timestamp) {
    let bytes = work.pointee.machine.withPackedBytes(since: time) { packed in
      let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: packed.count)
      _ = UnsafeMutableBufferPointer(start: bytes, count: packed.count).initialize(from: packed)
      return bytes
    }
    work.deinitialize(count: 1)
    work.deallocate()
    word = UInt(bitPattern: bytes) | Self.packedBit
  }

  /// Ends the rest, if there is one.
  mutating func unpack(since time: Timestamp, _ plan: SagaPlan) {
    if isPacked { self = WorkingMemory(unpacked(since: time, plan)) }
  }
}
