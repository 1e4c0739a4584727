/// An ``Effect`` whose result type the engine does not know.
@usableFromInline
enum ErasedEffect: Sendable {
  case completed(any Sendable)
  case failed(any Error)
  case unknown(any Error)
}
