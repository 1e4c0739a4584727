extension DemoProgram {
  func inspect(_ options: InspectOptions) throws -> ExitCode {
    #if canImport(SQLite3) || canImport(CSQLite)
    let isColoured = output.isInteractive(environment) && environment["NO_COLOR", default: ""].isEmpty
    let view = try StoredView(path: options.path, style: Style(isColoured: isColoured))
    let lines: [String]
    if let id = options.id {
      guard let story = try view.story(of: id) else {
        throw DemoStoreError(message: "\(options.path): there is no saga '\(id)'; leave it out to list them")
      }
      lines = story
    } else {
      lines = try view.overview(showsAll: options.showsAll)
    }
    output.write(lines.joined(separator: "\n") + "\n")
    return .success
    #else
    throw DemoStoreError.notBuilt
    #endif
  }
}
