extension DefinitionError {
  /// One thing that is wrong with a definition.
  public struct Problem: Sendable, Hashable {
    /// The kind of problem; more kinds may be added in any version.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
      /// The name of the kind.
      public let description: String
      init(_ name: String) { description = name }

      /// The body has no steps.
      public static let emptyBody = Code("emptyBody")
      /// A name is empty, or has a character in it that names cannot have.
      public static let invalidName = Code("invalidName")
      /// A name is kept for the library's own use.
      public static let reservedName = Code("reservedName")
      /// A name is used that no step has.
      public static let unknownName = Code("unknownName")
      /// A ``Pivot`` is not directly in the body, is not the only one, or has a ``Fail`` or `.failing` behind it.
      public static let misplacedPivot = Code("misplacedPivot")
      /// Two parts of the body have one name.
      public static let duplicateName = Code("duplicateName")
      /// Two steps that run side by side write one slot.
      public static let conflictingSlot = Code("conflictingSlot")
      /// A slot is in an instance of a class, so that copies of the `State` are none.
      public static let sharedSlot = Code("sharedSlot")
      /// A step takes the value of a slot that no step before it writes.
      public static let unwrittenSlot = Code("unwrittenSlot")
      /// Two cases of a ``Switch`` are for the same value.
      public static let duplicateCase = Code("duplicateCase")
      /// The numbers of a retry policy make no sense.
      public static let invalidRetry = Code("invalidRetry")
      /// A timeout or a grace is zero or negative.
      public static let invalidDuration = Code("invalidDuration")
      /// A wait has no event, more than one ``After``, or the same event twice.
      public static let invalidWait = Code("invalidWait")
      /// A number of times is negative.
      public static let invalidLimit = Code("invalidLimit")
      /// The version is below 1.
      public static let invalidVersion = Code("invalidVersion")
      /// The saga declares something by the name of a requirement, with a type the requirement does not have.
      public static let ignoredDeclaration = Code("ignoredDeclaration")
      /// The body has more parts than a plan can hold.
      public static let tooLarge = Code("tooLarge")
    }

    /// What kind of problem it is.
    public let code: Code
    /// The name of the definition.
    public let saga: String
    /// The step or group concerned, `nil` where it is the definition as a whole.
    public let step: String?
    /// What is wrong, and what to do about it.
    public let message: String
  }
}

extension DefinitionError.Problem: CustomStringConvertible {
  /// Saga, step, what is wrong and what to do about it, in a line.
  public var description: String {
    "saga '\(saga)'" + (step.map { ", '\($0)'" } ?? "") + ": " + message
  }
}
