/// Small values a saga keeps beside its State, by name: `$0.run.scratch`.
///
/// For what is not a result of any step, and must survive the attempt that found it out: the page an import has got
/// to, a token of the other side, how often something was seen.
///
/// ```swift
/// Step("import") { context in
///   var page = context.run.scratch["page", default: 0]
///   while let rows = try await source.rows(ofPage: page) {
///     try await table.insert(rows)
///     page += 1
///     context.run.scratch["page", default: 0] = page    // the next attempt goes on here
///   }
/// }
/// .retry(.exponential(retries: 5, from: .seconds(1)))
/// ```
///
/// One set for the whole saga. What an attempt sets it sees at once; everybody else, and the next attempt, once it
/// is recorded: together with what the attempt has led to, its completion or its failure, and durable like that.
/// After a crash it is there, for actions and for undoes. What was set by an attempt that a crash cut off, or that
/// came back too late to count, is lost; so this is not a place for what an undo must know, which is the result of
/// a step.
///
/// Between branches that run side by side nothing is promised but this: a value is seen whole, and for each name the
/// one recorded last stands. Adding up from two branches loses additions; give each a name of its own.
///
/// Read a value as the type it was set as: as another type it is not there. Conditions, orders, strategies and
/// outputs can read; what they set is dropped. A value that cannot be encoded for the store fails its attempt with
/// ``SagaError/Code/notEncodable``, which leaves its effect unknown, and nothing that attempt set is recorded.
///
/// Safe to use from any task. What is set after the attempt has ended is dropped.
public struct Scratch: Sendable {
  let run: StepRun

  /// The value of this name; `fallback` when there is none of this type.
  public subscript<Value: Codable & Sendable>(
    name: String, default fallback: @autoclosure () -> Value
  ) -> Value {
    get { self[name, as: Value.self] ?? fallback() }
    nonmutating set { run.host.setScratch(.live(newValue), name, by: run) }
  }

  /// The value of this name, `nil` when there is none of this type; setting `nil` removes it.
  public subscript<Value: Codable & Sendable>(name: String, as type: Value.Type) -> Value? {
    get { run.host.scratch(name, for: run)?.value(as: type) }
    nonmutating set { run.host.setScratch(newValue.map { .live($0) }, name, by: run) }
  }
}
