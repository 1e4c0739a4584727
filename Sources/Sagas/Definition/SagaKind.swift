/// The name and the version of a definition: one object for all its sagas.
final class SagaKind: Sendable {
  let name: String
  let version: Int

  init(name: String, version: Int) {
    self.name = name
    self.version = version
  }
}
