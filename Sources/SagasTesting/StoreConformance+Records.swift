import Sagas

extension StoreConformance {
  /// What holds for single records.
  static let records: [StoreConformance] = [
    StoreConformance("keeps records in their order") { subject in
      let records = [
        subject.record("a", 0, count: 3), subject.record("a", 3, count: 2), subject.record("a", 5),
      ]
      for record in records { try await subject.append(record) }
      try await subject.append(subject.record("b", 0))
      try await subject.expect("a", has: records[0], records[1], records[2], what: "three records")
      try await subject.expect("b", has: subject.record("b", 0), what: "another saga")
      try subject.expect(try await subject.bytes(of: "c") == nil, "there is no such saga")
    },
    StoreConformance("takes a record before the earlier ones are durable") { subject in
      let records = (0..<200).map { subject.record("a", $0) }
      let results = await withTaskGroup(of: Bool.self) { group in
        let (stream, continuation) = AsyncStream<Bool>.makeStream()
        for record in records {
          let durability = subject.store.append(record) { result in
            continuation.yield((try? result.get()) != nil)
          }
          if durability == .durable { continuation.yield(true) }
        }
        group.addTask {
          var written = 0
          for await isWritten in stream {
            if isWritten { written += 1 }
            if written == records.count { return true }
            if !isWritten { return false }
          }
          return false
        }
        return await group.next() ?? false
      }
      try subject.expect(results, "one of them was refused")
      try subject.expect(try await subject.bytes(of: "a") == records.map(\.bytes), "they are in order")
    },
    StoreConformance("calls back once, and not for what is durable at once") { subject in
      let calls = EventLog()
      for number in 0..<20 {
        let record = subject.record("a", UInt64(number))
        let durability = subject.store.append(record) { _ in calls.append("\(number)") }
        if durability == .durable {
          try subject.expect(calls.count(of: "\(number)") == 0, "called back although it was durable")
          calls.append("\(number)")
        }
      }
      for number in 0..<20 { await calls.waitFor("\(number)") }
      // Behind one more record, nothing of the earlier ones is under way.
      try await subject.append(subject.record("a", 20))
      try subject.expect(calls.entries == (0..<20).map(String.init), "called back \(calls.entries)")
    },
    StoreConformance("refuses a gap, and takes the same record when it has become the next") { subject in
      try await subject.append(subject.record("a", 0, count: 2))
      let third = subject.record("a", 4)
      try await subject.expectRefusal(third, "a gap")
      try await subject.append(subject.record("a", 2, count: 2), third)
      try await subject.expect(
        "a", has: subject.record("a", 0), subject.record("a", 2), third, what: "no gap any more")
    },
    StoreConformance("knows a record that it has, and does not write it again") { subject in
      let first = subject.record("a", 0, count: 2)
      let second = subject.record("a", 2)
      try await subject.append(first, first, second, first, second, second)
      try await subject.expect("a", has: first, second, what: "offered again")
    },
    StoreConformance("refuses another record in the place of one it has") { subject in
      try await subject.append(subject.record("a", 0), subject.record("a", 1))
      try await subject.expectRefusal(subject.record("a", 1, bytes: [7]), "other bytes")
      try await subject.expectRefusal(subject.record("a", 0, bytes: [7]), "another creation")
      try await subject.append(subject.record("a", 2))
    },
    StoreConformance("refuses a writer that is not the saga's") { subject in
      try await subject.append(subject.record("a", 0, writer: 1))
      try await subject.expectRefusal(subject.record("a", 1, writer: 2), as: .takenOver, "another writer")
      try await subject.expectRefusal(subject.record("a", 0, writer: 2), as: .takenOver, "another creator")
      try await subject.append(subject.record("a", 1, writer: 1))
    },
    StoreConformance("takes what comes behind the end") { subject in
      let late = subject.record("a", 2, status: .completed)
      try await subject.append(
        subject.record("a", 0), subject.record("a", 1, status: .completed), late, late)
      try await subject.expect(
        "a", has: subject.record("a", 0), subject.record("a", 1), late, what: "a late result")
    },
    StoreConformance("takes what comes late of a saga whose id was used again, and leaves it out") {
      subject in
      let last = subject.record("a", 1, status: .completed)
      try await subject.append(subject.record("a", 0), last)
      try await subject.store.forget("a")
      try await subject.append(subject.record("a", 2))
      try subject.expect(try await subject.bytes(of: "a") == nil, "there is none of the id")
      let next = [
        subject.record("a", 0, run: 2, bytes: [1], startedAt: 2),
        subject.record("a", 1, run: 2, bytes: [2], startedAt: 2),
      ]
      try await subject.append(next[0], next[1], subject.record("a", 2))
      try await subject.expect("a", has: next[0], next[1], what: "only what is its own")
      try await subject.append(subject.record("a", 7))
    },
    StoreConformance("loses nothing of many sagas at once") { subject in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for saga in 0..<50 {
          group.addTask {
            for number in 0..<20 { try await subject.append(subject.record("s\(saga)", UInt64(number))) }
          }
        }
        try await group.waitForAll()
      }
      for saga in 0..<50 {
        let expected = (0..<20).map { subject.record("s\(saga)", UInt64($0)).bytes }
        try subject.expect(try await subject.bytes(of: "s\(saga)") == expected, "saga \(saga) is whole")
      }
    },
  ]

  /// What holds for taking sagas over.
  static let claims: [StoreConformance] = [
    StoreConformance("hands over what has not ended, in the order of creation") { subject in
      for id in ["c", "a", "d", "b"] { try await subject.append(subject.record(id, 0)) }
      try await subject.append(subject.record("d", 1, status: .compensated), subject.record("a", 1))
      let claimed = try await subject.store.claim(for: 9)
      try subject.expect(claimed.map(\.id) == ["c", "a", "b"], "handed over \(claimed.map(\.id))")
      try subject.expect(
        claimed[1].records == [subject.record("a", 0).bytes, subject.record("a", 1).bytes],
        "with their records")
    },
    StoreConformance("lets only the claimer write from then on") { subject in
      try await subject.append(subject.record("a", 0), subject.record("over", 0, status: .failed))
      _ = try await subject.store.claim(for: 9)
      try await subject.expectRefusal(subject.record("a", 1), as: .takenOver, "the former writer")
      try await subject.append(subject.record("a", 1, writer: 9))
      _ = try await subject.store.claim(for: 1)
      try await subject.expectRefusal(subject.record("a", 2, writer: 9), as: .takenOver, "the claimer before")
      try await subject.append(subject.record("a", 2))
    },
    StoreConformance("hands over to the same writer only what it has not") { subject in
      try await subject.append(subject.record("own", 0, writer: 9), subject.record("a", 0))
      let first = try await subject.store.claim(for: 9)
      try subject.expect(first.map(\.id) == ["a"], "it has its own; handed over \(first.map(\.id))")
      try subject.expect(try await subject.store.claim(for: 9).isEmpty, "it has all of them")
      try await subject.append(subject.record("mine", 0, writer: 9), subject.record("new", 0))
      let second = try await subject.store.claim(for: 9)
      try subject.expect(second.map(\.id) == ["new"], "one is new; handed over \(second.map(\.id))")
      let other = try await subject.store.claim(for: 1)
      try subject.expect(other.map(\.id) == ["own", "a", "mine", "new"], "another gets \(other.map(\.id))")
    },
    StoreConformance("refuses what a writer has left behind that lost a saga and took it over again") {
      subject in
      try await subject.append(subject.record("a", 0))
      _ = try await subject.store.claim(for: 2)
      try await subject.append(subject.record("a", 1, writer: 2, takenOverAt: 1))
      _ = try await subject.store.claim(for: 1)
      try await subject.expectRefusal(subject.record("a", 2), as: .takenOver, "what was left behind")
      let again = subject.record("a", 2, writer: 1, takenOverAt: 2)
      try await subject.append(again)
      try await subject.expectRefusal(again, as: .storeFailed, "another one that takes over there")
      try await subject.expectRefusal(subject.record("a", 3), as: .takenOver, "what was left behind")
      try await subject.append(subject.record("a", 3, writer: 1, takenOverAt: 2))
      let loaded = try await subject.store.load("a")
      try subject.expect(loaded?.records?.count == 4, "it has all four records")
    },
    StoreConformance("takes what comes late of a saga that has ended, whoever has claimed the others") {
      subject in
      try await subject.append(subject.record("a", 0), subject.record("a", 1, status: .completed))
      _ = try await subject.store.claim(for: 2)
      try await subject.append(subject.record("a", 2, status: .completed))
      try subject.expect(try await subject.bytes(of: "a")?.count == 3, "all three records")
      try await subject.expectRefusal(subject.record("a", 0, writer: 2), as: .takenOver, "another creation")
    },
    StoreConformance("hands over one saga alone, also to whoever has it") { subject in
      try await subject.append(
        subject.record("a", 0), subject.record("b", 0), subject.record("over", 0, status: .completed))
      for _ in 0..<2 {
        let claimed = try await subject.store.claim("a", for: 9)
        try subject.expect(claimed?.records == [subject.record("a", 0).bytes], "with its records")
      }
      try subject.expect(try await subject.store.claim("over", for: 9) == nil, "it has ended")
      try subject.expect(try await subject.store.claim("none", for: 9) == nil, "there is none")
      try await subject.expectRefusal(subject.record("a", 1), as: .takenOver, "the former writer")
      try await subject.append(subject.record("a", 1, writer: 9), subject.record("b", 1))
      let rest = try await subject.store.claim(for: 9)
      try subject.expect(rest.map(\.id) == ["b"], "the rest is handed over \(rest.map(\.id))")
      _ = try await subject.store.claim(for: 1)
      try await subject.expectRefusal(subject.record("a", 2, writer: 9), as: .takenOver, "the claimer before")
    },
    StoreConformance("redacts with the end, and knows a record in either form") { subject in
      let first = subject.record("a", 0, bytes: [1, 2, 3], redacted: [1])
      let second = subject.record("a", 1, bytes: [4, 5, 6], redacted: [4])
      let other = subject.record("b", 0, bytes: [7, 8], redacted: [7])
      let end = subject.record("a", 2, status: .completed)
      try await subject.append(first, second, other)
      try subject.expect(
        try await subject.bytes(of: "a") == [first.bytes, second.bytes], "all is there before the end")
      try await subject.append(end)
      let expected: [[UInt8]] = [[1], [4], end.bytes]
      try subject.expect(try await subject.bytes(of: "a") == expected, "redacted with the end")
      try await subject.append(first, second, end, subject.record("a", 1, bytes: [4]))
      try subject.expect(try await subject.bytes(of: "a") == expected, "offered again")
      try await subject.expectRefusal(subject.record("a", 1, bytes: [5], redacted: [6]), "neither form")
      try subject.expect(try await subject.bytes(of: "b") == [other.bytes], "another saga has not ended")
    },
    StoreConformance("remembers how often an id was used") { subject in
      for run in 1...3 {
        try subject.expect(
          try await subject.store.occupancy(of: "a").earlierRuns == run - 1, "looked up before use \(run)")
        for other in [run - 1, run + 1] where other > 0 {
          try await subject.expectRefusal(
            subject.record("a", 0, run: other), as: .staleRun, "use \(other), not \(run)")
        }
        try await subject.append(subject.record("a", 0, run: run, status: .completed))
        try subject.expect(try await subject.store.occupancy(of: "a").saga?.id == "a", "use \(run) is there")
        try await subject.store.forget("a")
      }
      try await subject.append(subject.record("made up", 0, run: 0, status: .completed))
      try await subject.store.forget("made up")
      try subject.expect(
        try await subject.store.occupancy(of: "made up").earlierRuns == 0, "what is made up counts nothing")
    },
    StoreConformance("loads without claiming") { subject in
      try await subject.append(subject.record("a", 0))
      _ = try await subject.store.load("a")
      try await subject.append(subject.record("a", 1))
      try subject.expect(try await subject.store.claim(for: 9).map(\.id) == ["a"], "it was nobody else's")
    },
  ]
}
