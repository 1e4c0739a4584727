/// The events of one type: those that are kept, what they are looked for by, and who wants them.
final class EventTopic: Sendable {
  typealias Shelves = EventShelves<SagaInstance>

  private struct Entry {
    var event: KeptEvent
    /// Where it lies.
    var places: [UInt64]
  }

  /// What decides where an event lies.
  private struct Sorting: Hashable {
    var type: EventType?
    /// In the order in which they became known.
    var fields: [EventField] = []
  }

  private struct Reader {
    weak var mailbox: EventMailbox?
  }

  private struct State {
    var sorting = Sorting()
    var log = AscendingQueue<Entry>()
    var marks = LiveMarks()
    var readers: [Reader] = []
    var starts: [EventStart] = []
  }

  /// Who has to be told of an event.
  struct Audience {
    /// Those that wait at a place of the event, in the order in which they came.
    var sagas: [SagaInstance] = []
    var starts: [EventStart] = []
    var readers: [EventMailbox] = []
  }

  let name: String
  private let state = Lock(State())

  init(name: String) { self.name = name }

  /// `nil` while only a store has spoken of events of this name.
  var type: EventType? { state.withLock { $0.sorting.type } }

  /// The events that are kept, in order.
  var kept: [KeptEvent] { state.withLock { $0.log.all.map(\.event) } }

  // MARK: What they are looked for by

  /// Learns the type, or a property by which its events are looked for, and sorts what is kept anew.
  ///
  /// Throws ``SagaError`` `alreadyRegistered` where the name belongs to another type.
  func learn(_ type: EventType, _ field: EventField? = nil, _ shelves: Shelves, _ codec: any Codec) throws {
    while true {
      let (former, log) = state.withLock { ($0.sorting, $0.log) }
      guard former.type == nil || former.type == type else { throw SagaError.otherEventType(name) }
      var sorting = former
      sorting.type = type
      if let field, !sorting.fields.contains(field) { sorting.fields.append(field) }
      if sorting == former { return }
      // Made outside of the lock: hashing and decoding are the user's code.
      let entries = log.all.map { entry in
        let event = entry.event.read(as: type, codec)
        return Entry(event: event, places: Self.places(of: event, sorting))
      }
      let isDone = state.withLock { state in
        guard state.sorting == former, state.log.count == log.count,
          state.log.last?.event.number == log.last?.event.number
        else { return false }
        state.sorting = sorting
        for entry in state.log.all { for place in entry.places { shelves.drop(entry.event, at: place) } }
        state.log = AscendingQueue()
        for entry in entries {
          state.log.append(entry)
          for place in entry.places { _ = shelves.put(entry.event, at: place) }
        }
        return true
      }
      if isDone { return }
    }
  }

  private static func places(of event: KeptEvent, _ sorting: Sorting) -> [UInt64] {
    guard let value = event.value, let type = sorting.type else { return [] }
    var places = sorting.fields.map { EventPlace.of($0, $0.hash(value)) }
    if let target = event.target { places.append(EventPlace.of(type, target: target)) }
    // Two places may be one: an event lies in each once.
    guard places.count > 1 else { return places }
    return places.enumerated().filter { !places[..<$0.offset].contains($0.element) }.map(\.element)
  }

  // MARK: Events

  /// Keeps an event; who has to be told of it.
  func insert(_ event: KeptEvent, _ shelves: Shelves, _ codec: any Codec) -> Audience {
    while true {
      let sorting = state.withLock { $0.sorting }
      let event = sorting.type.map { event.read(as: $0, codec) } ?? event
      let places = Self.places(of: event, sorting)
      let audience = state.withLock { state -> Audience? in
        guard state.sorting == sorting else { return nil }
        // By its number: mostly the newest, but not where another engine had the store for a while.
        let index = state.log.place(of: event.number) { $0.event.number }
        state.log.insert(Entry(event: event, places: places), at: index)
        var audience = Audience()
        for place in places { audience.sagas += shelves.put(event, at: place) }
        audience.starts = state.starts
        state.readers.removeAll { $0.mailbox == nil }
        audience.readers = state.readers.compactMap(\.mailbox)
        return audience
      }
      guard var audience else { continue }
      if let target = event.target { audience.sagas.removeAll { !$0.info.hasID(target) } }
      if places.count > 1 {
        var met: Set<ObjectIdentifier> = []
        audience.sagas.removeAll { !met.insert(ObjectIdentifier($0)).inserted }
      }
      return audience
    }
  }

  /// Lets go of the oldest events that nobody may want any more: published at `limit` or before, with no live saga
  /// older than them, and with a number behind `floor`, up to `ceiling`.
  func purge(
    publishedUntil limit: Timestamp, after floor: UInt64, upTo ceiling: UInt64, _ shelves: Shelves
  ) -> [KeptEvent] {
    state.withLock { state in
      var removed: [KeptEvent] = []
      while let first = state.log.first, first.event.time <= limit, first.event.number > floor,
        first.event.number <= ceiling,
        state.marks.lowest.map({ $0 >= first.event.number }) ?? true
      {
        for place in first.places { shelves.drop(first.event, at: place) }
        state.log.removeFirst()
        removed.append(first.event)
      }
      return removed
    }
  }

  // MARK: Who wants them

  /// A live saga wants what has a higher number than this.
  func enter(_ mark: UInt64) { state.withLock { $0.marks.enter(mark) } }

  func leave(_ mark: UInt64) { state.withLock { $0.marks.leave(mark) } }

  func add(_ reader: EventMailbox) { state.withLock { $0.readers.append(Reader(mailbox: reader)) } }

  /// Adds a wish, and returns what is kept: each event comes either here or later, once.
  func add(_ start: EventStart) -> [KeptEvent] {
    state.withLock { state in
      state.starts.append(start)
      return state.log.all.map(\.event)
    }
  }
}
