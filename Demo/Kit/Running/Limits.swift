/// The times of a checkout: short ones, so that nobody waits for a demo.
struct Limits: Sendable {
  /// How long a charge may take.
  var charge = Duration.milliseconds(400)
  /// How long a charge that took too long is waited for.
  var settleGrace = Duration.milliseconds(200)
  /// The delay before the first retry; each further one is twice as long.
  var firstRetry = Duration.milliseconds(50)

  /// After how long a late answer comes: behind the limit, but within the grace.
  ///
  /// A charge is under way for 60 to 160 ms before it is booked.
  var lateAnswer: Duration { charge + settleGrace / 2 - .milliseconds(110) }
}
