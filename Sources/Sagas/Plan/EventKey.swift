/// What a wait listens for, as far as an index needs it: hashes differ from process to process, and two keys may
/// have one. Whether an event belongs to a wait is for ``EventSource/matches`` to say.
struct EventKey: Hashable, Sendable {
  let hash: UInt64

  init(_ key: some Hashable) {
    var hasher = Hasher()
    hasher.combine(key)
    hash = UInt64(bitPattern: Int64(hasher.finalize()))
  }
}
