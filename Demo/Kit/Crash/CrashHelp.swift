/// How to use `crash`.
enum CrashHelp {
  static let text = """
    Checks out many orders at once in a process of their own, kills it with SIGKILL when half
    of them have ended, and goes on with all the others in this process: nothing is charged
    twice, and nothing stays charged that must not. What was under way, what was recovered
    and the books of the payment provider are printed. The provider keeps its books in a file
    of its own.

    USAGE
      swift run Demo crash [--orders N] [--seed N] [--store PATH]

    OPTIONS
      --orders N    How many orders, from 2 to 10000; 1000 if not given.
      --seed N      How long the services take is drawn from N; 1 if not given.
      --store PATH  Keeps the sagas in PATH, a new file, for `inspect` to look at. Without it
                    they are in a temporary file that goes with the process.

    EXIT CODES
      0    every order has ended, and every cent is accounted for
      1    it does not reconcile, or the process could not be killed half-way
      2    unknown option, a file that cannot be used, or no SQLite when this was built
    """
}
