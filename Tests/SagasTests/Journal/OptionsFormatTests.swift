import SagasTesting
import Testing

@testable import Sagas

/// The bytes of the options a saga was started with.
@Suite("Options format")
struct OptionsFormatTests {
  static let options: [StartOptions] = [
    StartOptions(failurePolicy: .compensate), StartOptions(failurePolicy: .suspend),
    StartOptions(failurePolicy: .stop), StartOptions(timeout: .days(400)),
    StartOptions(defaults: .init(timeout: .nanoseconds(1))),
    StartOptions(
      failurePolicy: .stop,
      defaults: .init(retry: .fixed(retries: .max, every: .milliseconds(3)), timeout: .seconds(2)),
      timeout: .seconds(1)),
    StartOptions(defaults: .init(retry: .never)),
    StartOptions(
      defaults: .init(
        settleGrace: .zero, compensationRetry: .fixed(retries: 1, every: .zero),
        compensationTimeout: .seconds(3))),
    StartOptions(defaults: .init(retry: .linear(retries: 2, step: .minutes(1)))),
    StartOptions(defaults: .init(retry: .exponential(retries: 3, from: .seconds(1), factor: 1.5))),
    StartOptions(
      defaults: .init(retry: .exponential(retries: 3, from: .zero, cap: .hours(1), jitter: .full))),
    StartOptions(defaults: .init(retry: .exponential(retries: 0, from: .zero, jitter: .equal))),
    StartOptions(
      defaults: .init(retry: .exponential(retries: 1, from: .zero, jitter: .proportional(0.25)))),
  ]

  @Test func everyOption_comesBackAsItWas() throws {
    for options in Self.options {
      let back = try #require(try OptionsFormat.options(from: OptionsFormat.bytes(of: options)))
      #expect(String(describing: back) == String(describing: options))
    }
    #expect(try OptionsFormat.options(from: []) == nil)
  }

  @Test func damagedBytes_areRefused_andNothingTraps() {
    for options in Self.options {
      let bytes = OptionsFormat.bytes(of: options)
      for length in 1..<bytes.count {
        #expect(throws: (any Error).self) { try OptionsFormat.options(from: Array(bytes[..<length])) }
      }
      #expect(throws: (any Error).self) { try OptionsFormat.options(from: bytes + [0]) }
    }
    #expect(throws: (any Error).self) { try OptionsFormat.options(from: [255]) }
    #expect(throws: (any Error).self) { try OptionsFormat.options(from: [1, 3]) }
    #expect(throws: (any Error).self) { try OptionsFormat.options(from: [8, 3, 0, 0]) }
  }

  /// Logs written today must be read by every later version: these bytes never change.
  @Test func theBytesOfVersionOne() {
    let options = StartOptions(
      failurePolicy: .suspend,
      defaults: .init(
        retry: .exponential(
          retries: 2, from: .nanoseconds(1), factor: 2, cap: .nanoseconds(3), jitter: .full),
        timeout: .nanoseconds(4)),
      timeout: .nanoseconds(5))
    let factor: [UInt8] = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x40]
    #expect(
      OptionsFormat.bytes(of: options) == [15, 1, 10, 8, 2, 4, 2] + factor + [1, 6, 1])
  }

  @Test func theBytesOfAHeader() {
    var record = RecordFormat(time: Timestamp(nanoseconds: 1), firstNumber: 0)
    record.entries = [
      (
        .created,
        .header(.init(runID: "a", name: "n", version: 1, metadata: [:], input: [9], options: [1, 2]))
      )
    ]
    #expect(
      record.encoded() == [1, 2, 0, 1, 1, 3, 1, 0x61, 1, 0x6E, 2, 0, 0, 1, 9, 2, 1, 2])
  }
}
