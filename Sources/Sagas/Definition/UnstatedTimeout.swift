/// How long a saga may take whose body goes on by itself and which declares no limit.
///
/// ``Saga/timeout`` has no arguments, so this is told to it by who asks for it.
enum UnstatedTimeout {
  static let standard: Duration = .hours(24)
  @TaskLocal static var value: Duration? = standard
}
