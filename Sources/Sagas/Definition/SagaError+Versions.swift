/// The wording of what is wrong with versions of definitions, and with what was recorded under another one.
extension SagaError {
  static func notRegistered(_ name: String, _ version: Int, registered: [Int]) -> SagaError {
    guard !registered.isEmpty else { return notRegistered(name) }
    return SagaError(
      .notRegistered,
      "this type is not registered for it; registered is \(text(registered)), made from another type; register a value "
        + "of this one too, under a version of its own (it says \(version)), or start it by the other type",
      saga: name)
  }

  static func deprecated(_ name: String, _ version: Int, _ reason: String, latest: Int?) -> SagaError {
    let because = reason.isEmpty ? "" : " (\(reason))"
    let remedy =
      if let latest {
        "start version \(latest), by its type or by name"
      } else {
        "register a version that is not deprecated"
      }
    return SagaError(
      .deprecated,
      "version \(version) is deprecated\(because): its sagas go on, and no new ones are started; \(remedy)",
      saga: name)
  }

  /// A saga was recorded under a version that is not here.
  static func unknownVersion(_ id: String, _ name: String, _ version: Int, registered: [Int]) -> SagaError {
    SagaError(
      .notRegistered,
      "it was started with version \(version) of '\(name)', which is not registered "
        + "(\(registered.isEmpty ? "no version of it is" : "registered is \(text(registered))")); register version "
        + "\(version) as well, with a reason in `deprecated:` where it is only to end, and recover again",
      saga: id)
  }

  /// A saga was recorded under a plan that differs from the one that is here under its version.
  static func definitionChanged(
    _ id: String, _ name: String, _ version: Int, recorded: Fingerprint, registered: Fingerprint
  ) -> SagaError {
    SagaError(
      .definitionChanged,
      "it was started with version \(version) of '\(name)' as it was before (fingerprint \(recorded.text), now "
        + "\(registered.text)); undo the change and recover again, or register the former definition as version "
        + "\(version) and the changed one beside it under a higher version",
      saga: id)
  }

  /// A saga was begun with types that are not those of the definition that is here under its version.
  static func otherTypes(_ id: String, _ name: String, _ version: Int) -> SagaError {
    SagaError(
      .definitionChanged,
      "it was started with version \(version) of '\(name)' made from other types, and its store keeps values, not "
        + "bytes; register the type it was started with, or use a store that keeps bytes",
      saga: id)
  }

  /// Something that was recorded of a saga is no value of the type that its definition has for it now.
  static func undecodable(
    _ id: String, _ what: String, _ type: String, step: String? = nil, cause: any Error
  ) -> SagaError {
    SagaError(
      .undecodable,
      "\(what) cannot be decoded as \(type): \(place(of: cause)); make \(type) accept what was recorded (an optional "
        + "property, CodingKeys with the old name, an init(from:) of its own), or register the former definition under "
        + "the saga's version and the changed one under a higher version, and recover again",
      saga: id, step: step, cause: cause)
  }

  /// A handle was asked for by the type of another version.
  static func otherVersion(
    _ id: String, _ name: String, found: Int, asked: Int
  ) -> SagaError {
    SagaError(
      .wrongType,
      found == asked
        ? "is version \(found) of '\(name)', made from another type than asked for; ask for it by that type, or without "
          + "a type"
        : "is version \(found) of '\(name)', not version \(asked); ask for it by the type of that version, or without a "
          + "type",
      saga: id)
  }

  private static func text(_ versions: [Int]) -> String {
    (versions.count > 1 ? "versions " : "version ") + versions.map(String.init).joined(separator: ", ")
  }

  /// Whether it says that a saga cannot be read with the definitions that are registered.
  var isAboutDefinition: Bool {
    [.notRegistered, .definitionChanged, .undecodable, .brokenLog].contains(code)
  }
}
