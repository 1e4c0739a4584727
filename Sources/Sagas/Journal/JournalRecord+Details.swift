extension JournalRecord {
  /// What a record says, for tables that a person looks at. A saga comes back from the bytes alone.
  ///
  /// Values of the user's are there only as JSON, and only where the codec is ``JSONCodec``. Texts of errors hold
  /// none of them: they name types, or are the library's own.
  public struct Details: Sendable, Hashable {
    /// What is known from the creation on; in the first record of a saga.
    public struct Creation: Sendable, Hashable {
      /// What the caller of `start` passed along.
      public let metadata: [String: String]
      /// The State it was started with, as JSON.
      public let input: [UInt8]?
      /// The steps of its definition.
      public let outline: SagaOutline

      package init(metadata: [String: String], input: [UInt8]?, outline: SagaOutline) {
        self.metadata = metadata
        self.input = input
        self.outline = outline
      }
    }

    /// In the first record of a saga.
    public let creation: Creation?
    /// The steps that are in another state than before, each as it is behind this record.
    public let steps: [StepChange]
    /// The saga's output as JSON, in the record of its completion.
    public let output: [UInt8]?
    /// What the saga fails with, in the record of its failure.
    public let error: String?
    /// What ends that the saga stands still, the mildest first, apart from going on from a named step; empty where it
    /// goes on by itself.
    public let waysOut: [WayOut]

    package init(
      creation: Creation? = nil, steps: [StepChange] = [], output: [UInt8]? = nil, error: String? = nil,
      waysOut: [WayOut] = []
    ) {
      self.creation = creation
      self.steps = steps
      self.output = output
      self.error = error
      self.waysOut = waysOut
    }
  }
}
