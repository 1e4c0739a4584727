extension SagaInstance {
  /// What only a saga has that is watched, told about, or waited for.
  struct Rare: Sendable, Emptiable {
    var watchers: UpdateHub?
    /// Wait for it to be created, or not.
    var newcomers: [CheckedContinuation<Void, Never>] = []
    /// What interceptors are to be told, where there are any.
    var feed: StatusFeed?
    /// Who is being told of a failure right now, and what waits for that.
    var telling: FailureTelling?

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

  var telling: FailureTelling? {
    get { aside.value?.telling }
    _modify { yield &aside.orNone.telling }
  }
}
