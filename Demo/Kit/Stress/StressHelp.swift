/// How to use `stress`.
enum StressHelp {
  static let text = """
    Parks very many sagas that wait, says how much memory each one takes, and wakes them
    all up again.

    USAGE
      swift run -c release Demo stress --waiting N [--at-most BYTES]
      swift run -c release Demo stress --recover N [--finished N]

    N sagas, 1 to 10000000, each do two steps and then wait for an event on a key of their
    own; ids and keys have 16 characters. One line says `M bytes per waiting saga`: the
    memory in use while all of them wait, less what was in use before, divided by N, less
    the State with its results. What the State takes is found in the same run, by
    allocating N boxes with the same State alone. Nothing else is left out: the id is in
    it, and so are the saga's places in all tables. Then each saga gets its event, and must
    complete exactly once. With `--at-most`, it is a failure when one takes more bytes.

    With --recover, a process of its own starts N sagas, 1 to 1000000, in an SQLite file,
    and is killed when all of them are in the middle of their second step. With --finished,
    so many have ended before and are kept in the file. Then the file is opened anew: it is
    said how long it takes until the store has handed over all logs, until each saga has
    recorded that it goes on (`recover()` returns then), and until all have ended; and how
    much memory is in use by then.

    A build for debugging says nothing about speed: build with `-c release`.

    EXIT CODES
      0    every saga got its event, or was recovered, and completed once
      1    one did not, or a saga takes more than it may
      2    unknown option, or no number
    """
}
