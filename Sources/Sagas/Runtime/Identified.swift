/// An object that stands under its own id in a table.
protocol Identified: AnyObject {
  /// Never changes.
  var id: String { get }
}
