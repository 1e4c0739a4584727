/// Draws what happens, and sees to Ctrl-C, until its task is cancelled.
struct LiveLoop {
  let output: Terminal
  /// The lines to draw, by the size of the terminal and what there is to notice; `nil` where nothing is drawn.
  let frame: ((_ size: (width: Int, height: Int), _ notice: String?) async -> [String])?
  /// Begins to undo what is under way.
  let stop: () async -> Void

  func run() async {
    var screen = LiveScreen(output)
    var notice: String?
    func draw() async {
      if let frame { screen.draw(await frame(output.size, notice)) }
    }
    while !Task.isCancelled {
      if Interrupts.isPressed && notice == nil {
        notice = "Stopping: what is under way is being undone. Ctrl-C again quits at once."
        if frame == nil { output.write("\(notice ?? "")\n") }
        await stop()
      }
      await draw()
      try? await Task.sleep(for: .milliseconds(66))
    }
    await draw()
    screen.end()
  }
}
