/// What one decision of a saga adds to its journal: written whole or not at all.
public struct JournalRecord: Sendable {
  /// The id of the saga.
  public let sagaID: String
  /// The name of its definition.
  public let sagaName: String
  /// The version of the definition the saga started with.
  public let sagaVersion: Int
  /// When the saga was created: tells it from others that had its id before or have it now.
  public let startedAt: Timestamp
  /// Whoever may write to this saga now: the orchestrator that created it, or claimed it last.
  public let writer: UInt64
  /// The number of the entry with which the writer took the saga over; 0 where it created it. One that lost a saga and
  /// took it over again may have left something behind that still wants to write: this tells the two apart.
  public let takenOverAt: UInt64
  /// Which use of its id the saga is, from 1: when the saga before has been forgotten, the id is used again. 0 where
  /// the library has made the id up, which need not be remembered.
  public let run: Int
  /// The number of the first entry in the record; the entries of a saga are numbered without gaps, from 0.
  public let firstNumber: UInt64
  /// How many entries there are in the record.
  public let count: Int
  /// When the decision was taken.
  public let time: Timestamp
  /// The saga's status behind this record.
  public let status: SagaStatus
  /// The entries, as bytes only this library reads.
  public let bytes: [UInt8]
  /// The bytes this record has to have once its saga has ended, where those are others: without results that are marked
  /// as ``Step/redacted()``. With a record of an ended status a store puts them in the place of ``bytes`` in all
  /// earlier records of the saga, in the same step, and keeps nothing of what was there.
  public let redacted: [UInt8]?
  /// The same in the words of a person, for stores that ask for it (``SagaStore/wantsDetails``); otherwise `nil`.
  public let details: Details?

  package init(
    sagaID: String, sagaName: String, sagaVersion: Int, startedAt: Timestamp, writer: UInt64,
    takenOverAt: UInt64 = 0, run: Int = 1, firstNumber: UInt64, count: Int,
    time: Timestamp, status: SagaStatus, bytes: [UInt8], redacted: [UInt8]? = nil, details: Details? = nil
  ) {
    self.sagaID = sagaID
    self.sagaName = sagaName
    self.sagaVersion = sagaVersion
    self.startedAt = startedAt
    self.writer = writer
    self.takenOverAt = takenOverAt
    self.run = run
    self.firstNumber = firstNumber
    self.count = count
    self.time = time
    self.status = status
    self.bytes = bytes
    self.redacted = redacted
    self.details = details
  }
}
