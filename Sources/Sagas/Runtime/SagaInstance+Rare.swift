extension SagaInstance {
  /// What only a saga has that is watched, told about, or waited for.
  struct Rare: Sendable, Emptiable {
    var watchers: UpdateHub?
    /// Wait for it to be created, or not.
    var newcomers: [CheckedContinuation<Void, Never>] = []
    /// What interceptors are to be told, where there are any.
    var feed: StatusFeed?

    static let none = Rare()
  }

  var watchers: UpdateHub? {
    get { aside.value?.watchers }
    set { aside.orNone.watchers = newValue }
  }

  var newcomers: [CheckedContinuation<Void, Never>] {
    get { aside.value?.newcomers ?? [] }
    _modify { yield &aside.orNone.newcomers }
  }

  var feed: StatusFeed? {
    get { aside.value?.feed }
    _modify { yield &aside.orNone.feed }
  }
}
