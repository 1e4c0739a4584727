/// Where in a `State` a step puts its result: a key path to an optional `var`, as in `\.receipt`.
///
/// Empty until the step has completed, unless the input has filled it.
public typealias Slot<State, Value> = WritableKeyPath<State, Value?> & Sendable
