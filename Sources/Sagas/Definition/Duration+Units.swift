extension Duration {
  /// So many minutes of 60 seconds; stays at the ends of what can be expressed instead of overflowing.
  public static func minutes(_ minutes: Int) -> Duration { seconds(minutes, times: 60) }

  /// So many hours of 60 minutes; stays at the ends of what can be expressed instead of overflowing.
  public static func hours(_ hours: Int) -> Duration { seconds(hours, times: 3_600) }

  /// So many days of 24 hours; stays at the ends of what can be expressed instead of overflowing.
  public static func days(_ days: Int) -> Duration { seconds(days, times: 86_400) }

  private static func seconds(_ count: Int, times unit: Int64) -> Duration {
    let (product, overflow) = Int64(count).multipliedReportingOverflow(by: unit)
    return .seconds(overflow ? (count < 0 ? .min : .max) : product)
  }
}
