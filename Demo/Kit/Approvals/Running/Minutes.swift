import Sagas

/// All that was published, in order, and what the bus said to it; over all runs, where there is a file.
///
/// A dispatch is noted before it is published, and its answer when the bus has given it. Of one without an answer, the
/// next run knows that the bus may have it.
actor Minutes {
  private let books: Books<MinutesLine>?
  private(set) var dispatches: [Dispatch] = []
  /// When each report was handed in, by its id.
  private var handedIn: [String: Timestamp] = [:]
  /// When it was Monday at nine; `nil` before that is noted.
  private(set) var opening: Timestamp?
  /// How many of the dispatches are from earlier runs.
  let earlier: Int
  /// No later time was told in earlier runs; `nil` in the first one.
  let lastTime: Timestamp?

  /// - Parameter books: what was noted before, and where to note what comes; memory when `nil`.
  ///
  /// Throws ``DemoStoreError``.
  init(_ books: Books<MinutesLine>? = nil) throws(DemoStoreError) {
    self.books = books
    var times: [Timestamp] = []
    for line in try books?.entries() ?? [] {
      switch line {
      case .opened(let time):
        opening = time
        times.append(time)
      case .time(let time): times.append(time)
      case .sends(let dispatch): dispatches.append(dispatch)
      case .answered(let place, let answer) where dispatches.indices.contains(place):
        dispatches[place].answer = answer
        if case .submit(let report) = dispatches[place].item, handedIn[report.id] == nil {
          handedIn[report.id] = dispatches[place].at
        }
      case .answered: throw DemoStoreError.noMinutes
      }
    }
    earlier = dispatches.count
    lastTime = times.max()
  }

  /// What came of handing reports in, in order.
  var submissions: [SubmissionNote] { dispatches.compactMap(SubmissionNote.init) }
  /// What came of sending decisions, in order.
  var decisions: [DecisionNote] { dispatches.compactMap(DecisionNote.init) }

  /// When a report was handed in; `nil` when it was not.
  func submission(of reportID: String) -> Timestamp? { handedIn[reportID] }

  /// The places of those from earlier runs of which it is not known what the bus has said.
  var unanswered: [Int] { (0..<earlier).filter { dispatches[$0].answer == nil } }

  // MARK: Noting

  /// Notes when it is Monday at nine, unless it was noted before; when it is.
  ///
  /// This and the others throw ``DemoStoreError`` when it cannot be written.
  func open(at time: Timestamp) throws(DemoStoreError) -> Timestamp {
    if let opening { return opening }
    try write(.opened(at: time))
    opening = time
    return time
  }

  /// Notes that something is about to be published; its place.
  func send(_ item: Agenda.Item, due: Duration?, at time: Timestamp) throws(DemoStoreError) -> Int {
    let dispatch = Dispatch(item: item, due: due, at: time)
    try write(.sends(dispatch))
    dispatches.append(dispatch)
    return dispatches.count - 1
  }

  /// Notes what the bus has said to the dispatch of a place.
  func answer(_ place: Int, _ report: PublishReport) throws(DemoStoreError) -> Dispatch {
    let dispatch = dispatches[place]
    // What is refused although it is the first of its id was published by an earlier run, which has not come to noting
    // the answer.
    let isLost =
      report.isDuplicate && place < earlier
      && !dispatches[..<place].contains { $0.item.eventID == dispatch.item.eventID }
    let answer =
      isLost
      ? Dispatch.Answer(deliveredTo: nil)
      : Dispatch.Answer(deliveredTo: report.deliveredTo, isDuplicate: report.isDuplicate)
    try write(.answered(place: place, answer))
    dispatches[place].answer = answer
    if case .submit(let report) = dispatch.item, handedIn[report.id] == nil {
      handedIn[report.id] = dispatch.at
    }
    return dispatches[place]
  }

  private func write(_ line: MinutesLine) throws(DemoStoreError) {
    if let books, !books.append(line) { throw .minutesNotWritten }
  }

  // MARK: Earlier runs

  /// Refuses other reports and decisions than those that were published before.
  ///
  /// More of them are fine; and so are none, where a person decides. Throws ``DemoStoreError``.
  func check(_ requests: [ExpenseRequest], _ decisions: [TimedDecision]) throws(DemoStoreError) {
    let reports = Set(requests.map(\.report))
    let known = Set(decisions)
    for dispatch in dispatches {
      switch dispatch.item {
      case .submit(let report) where !reports.contains(report): throw .othersReports(report.id)
      case .decide(let decision):
        guard let due = dispatch.due, !decisions.isEmpty else { continue }
        if !known.contains(TimedDecision(decision: decision, at: due)) { throw .othersDecisions(decision.id) }
      default: continue
      }
    }
  }

  /// Whether all of an agenda was published, and the bus has answered.
  func covers(_ agenda: Agenda) -> Bool {
    var known = earlierDispatches
    return unanswered.isEmpty && agenda.items.allSatisfy { known.take($0.item, due: $0.at) }
  }

  /// What earlier runs have published of an agenda.
  var earlierDispatches: DispatchCounts { DispatchCounts(dispatches[..<earlier]) }
}
