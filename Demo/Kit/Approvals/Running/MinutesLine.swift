import Foundation
import Sagas

/// A line of the minutes, where they outlive the process.
enum MinutesLine: Codable, Hashable, Sendable {
  /// When it was Monday at nine.
  case opened(at: Timestamp)
  /// No later time has been told.
  case time(atMost: Timestamp)
  /// Something is about to be published.
  case sends(Dispatch)
  /// What became of the one of this place.
  case answered(place: Int, Dispatch.Answer)
}

extension MinutesLine: BookEntry {
  static let book = "minutes"

  var line: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // There is nothing in a line that JSON cannot say.
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  init?(line: String) {
    guard let line = try? JSONDecoder().decode(Self.self, from: Data(line.utf8)) else { return nil }
    self = line
  }
}
