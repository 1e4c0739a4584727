/// The kinds of ``Effect``, without what they carry: after which of them a step is to be undone.
public enum EffectKind: Hashable, Sendable, CaseIterable {
  /// The action returned.
  case completed
  /// The action threw: it has had no effect.
  case failed
  /// Nobody knows whether the action has taken effect.
  case unknown
}
