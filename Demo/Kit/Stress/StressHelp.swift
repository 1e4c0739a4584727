/// How to use `stress`.
enum StressHelp {
  static let text = """
    Parks very many sagas that wait, says how much memory each one takes, and wakes them
    all up again.

    USAGE
      swift run -c release Demo stress --waiting N [--at-most BYTES]

    N sagas, 1 to 10000000, each do two steps and then wait for an event on a key of their
    own; ids and keys have 16 characters. One line says `M bytes per waiting saga`: the
    memory in use while all of them wait, less what was in use before, divided by N, less
    the State with its results. What the State takes is found in the same run, by
    allocating N boxes with the same State alone. Nothing else is left out: the id is in
    it, and so are the saga's places in all tables. Then each saga gets its event, and must
    complete exactly once. With `--at-most`, it is a failure when one takes more bytes.

    A build for debugging says nothing about speed: build with `-c release`.

    EXIT CODES
      0    every saga got its event, and completed once
      1    one did not, or a saga takes more than it may
      2    unknown option, or no number
    """
}
