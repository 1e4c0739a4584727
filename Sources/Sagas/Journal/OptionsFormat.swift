/// The bytes of the options a saga was started with: a mark for what is there, then its fields.
enum OptionsFormat {
  /// Which of the options are stated.
  private struct Parts: OptionSet {
    let rawValue: UInt8
    static let failurePolicy = Parts(rawValue: 1 << 0)
    static let timeout = Parts(rawValue: 1 << 1)
    static let stepTimeout = Parts(rawValue: 1 << 2)
    static let retry = Parts(rawValue: 1 << 3)
    static let settleGrace = Parts(rawValue: 1 << 4)
    static let undoRetry = Parts(rawValue: 1 << 5)
    static let undoTimeout = Parts(rawValue: 1 << 6)
    static let all: Parts = [
      .failurePolicy, .timeout, .stepTimeout, .retry, .settleGrace, .undoRetry, .undoTimeout,
    ]
  }

  /// Expects a retry policy that is all numbers; one with a closure is refused before a saga is made.
  static func bytes(of options: StartOptions) -> [UInt8] {
    var parts: Parts = []
    if options.failurePolicy != nil { parts.insert(.failurePolicy) }
    if options.timeout != nil { parts.insert(.timeout) }
    if options.defaults.timeout != nil { parts.insert(.stepTimeout) }
    if options.defaults.retry != nil { parts.insert(.retry) }
    if options.defaults.settleGrace != nil { parts.insert(.settleGrace) }
    if options.defaults.compensationRetry != nil { parts.insert(.undoRetry) }
    if options.defaults.compensationTimeout != nil { parts.insert(.undoTimeout) }
    var writer = ByteWriter()
    writer.byte(parts.rawValue)
    switch options.failurePolicy {
    case nil: break
    case .compensate: writer.byte(0)
    case .suspend: writer.byte(1)
    case .stop: writer.byte(2)
    }
    if let timeout = options.timeout { write(timeout, to: &writer) }
    if let timeout = options.defaults.timeout { write(timeout, to: &writer) }
    if let retry = options.defaults.retry { write(retry, to: &writer) }
    if let grace = options.defaults.settleGrace { write(grace, to: &writer) }
    if let retry = options.defaults.compensationRetry { write(retry, to: &writer) }
    if let timeout = options.defaults.compensationTimeout { write(timeout, to: &writer) }
    return writer.bytes
  }

  /// Throws where the bytes are not options; `nil` for no bytes.
  static func options(from bytes: [UInt8]) throws -> StartOptions? {
    guard !bytes.isEmpty else { return nil }
    var reader = ByteReader(bytes)
    let raw = try reader.byte()
    let parts = Parts(rawValue: raw)
    guard parts.isSubset(of: .all) else { throw EntryFormat.UnknownTag(tag: raw) }
    var options = StartOptions()
    if parts.contains(.failurePolicy) {
      switch try reader.byte() {
      case 0: options.failurePolicy = .compensate
      case 1: options.failurePolicy = .suspend
      case 2: options.failurePolicy = .stop
      case let other: throw EntryFormat.UnknownTag(tag: other)
      }
    }
    if parts.contains(.timeout) { options.timeout = try duration(&reader) }
    if parts.contains(.stepTimeout) { options.defaults.timeout = try duration(&reader) }
    if parts.contains(.retry) { options.defaults.retry = try retry(&reader) }
    if parts.contains(.settleGrace) { options.defaults.settleGrace = try duration(&reader) }
    if parts.contains(.undoRetry) { options.defaults.compensationRetry = try retry(&reader) }
    if parts.contains(.undoTimeout) { options.defaults.compensationTimeout = try duration(&reader) }
    guard reader.isAtEnd else { throw ByteReader.Malformed(offset: bytes.count) }
    return options
  }

  // MARK: Fields

  private static func write(_ policy: RetryPolicy, to writer: inout ByteWriter) {
    switch policy.schedule {
    case .fixed(let retries, let every):
      writer.byte(0)
      writer.signed(Int64(retries))
      write(every, to: &writer)
    case .linear(let retries, let step):
      writer.byte(1)
      writer.signed(Int64(retries))
      write(step, to: &writer)
    case .exponential(let retries, let from, let factor, let cap, let jitter):
      writer.byte(2)
      writer.signed(Int64(retries))
      write(from, to: &writer)
      writer.number(factor.bitPattern)
      writer.byte(cap == nil ? 0 : 1)
      if let cap { write(cap, to: &writer) }
      write(jitter, to: &writer)
    case .custom:
      write(.never, to: &writer)
    }
  }

  private static func write(_ jitter: RetryPolicy.Jitter, to writer: inout ByteWriter) {
    switch jitter.kind {
    case .none: writer.byte(0)
    case .full: writer.byte(1)
    case .equal: writer.byte(2)
    case .proportional(let fraction):
      writer.byte(3)
      writer.number(fraction.bitPattern)
    }
  }

  private static func retry(_ reader: inout ByteReader) throws -> RetryPolicy {
    let tag = try reader.byte()
    let retries = Int(try reader.signed())
    let delay = try duration(&reader)
    switch tag {
    case 0: return .fixed(retries: retries, every: delay)
    case 1: return .linear(retries: retries, step: delay)
    case 2:
      let factor = Double(bitPattern: try reader.number())
      let cap = try reader.byte() == 0 ? nil : try duration(&reader)
      return .exponential(
        retries: retries, from: delay, factor: factor, cap: cap, jitter: try jitter(&reader))
    default: throw EntryFormat.UnknownTag(tag: tag)
    }
  }

  private static func jitter(_ reader: inout ByteReader) throws -> RetryPolicy.Jitter {
    switch try reader.byte() {
    case 0: return .none
    case 1: return .full
    case 2: return .equal
    case 3: return .proportional(Double(bitPattern: try reader.number()))
    case let other: throw EntryFormat.UnknownTag(tag: other)
    }
  }

  private static func write(_ duration: Duration, to writer: inout ByteWriter) {
    writer.signed(duration.clampedNanoseconds)
  }

  private static func duration(_ reader: inout ByteReader) throws -> Duration {
    .nanoseconds(try reader.signed())
  }
}
