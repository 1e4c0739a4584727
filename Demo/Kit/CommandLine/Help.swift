/// How to use the demo, or one of its commands.
enum Help: Hashable, Sendable {
  case demo, approvals, stress, crash, inspect

  var text: String {
    switch self {
    case .demo: Self.demoText
    case .approvals: ApprovalsHelp.text
    case .stress: StressHelp.text
    case .crash: CrashHelp.text
    case .inspect: InspectHelp.text
    }
  }

  private static let demoText = """
    A small shop that checks out many orders at once. Each one is a saga: when a step
    fails, the steps before it are undone. At the end the books of the payment provider
    are held against what the sagas say, to the cent.

    USAGE
      swift run Demo [checkout] [FILE] [--plain] [--seed N] [--operator DOES]
                     [--store PATH | --in-memory]
      swift run Demo approvals [--reports FILE] [--decisions FILE] [--interactive]
                               [--store PATH | --in-memory]
      swift run Demo crash [--orders N]
      swift run Demo inspect PATH [ID]
      swift run Demo stress --waiting N [--at-most BYTES]
      swift run Demo stress --recover N [--finished N]
      swift run Demo diagram
      swift run Demo help

    COMMANDS
      checkout   Checks out the orders of FILE, or those that come with the demo, in a
                 few seconds. Ctrl-C undoes what is under way; twice quits at once.
      approvals  Has expense reports approved: sagas that wait for events, and for time to
                 pass. `approvals --help` says more.
      stress     Parks very many sagas that wait, and says what each one costs; or kills a
                 process with very many, and recovers them. `stress --help` says more.
      crash      Checks out 1,000 orders in a process of their own, kills it half-way, and
                 goes on where it was. `crash --help` says more.
      inspect    Shows the sagas in the file PATH, or one of them with all that happened to
                 it, and what ends those that are stuck. `inspect --help` says more.
      diagram    Prints the plan of the checkout as a Mermaid flowchart.
      help       Prints this.

    OPTIONS OF checkout
      --plain          Lines instead of a table. So it is anyway where there is no terminal.
      --seed N         How long the services take is drawn from N, a whole number; 1 if not
                       given.
      --operator DOES  What somebody does about sagas that are stuck: "retry" (if not
                       given), "skip" or "abandon"; see below.
      --store PATH     Keeps the sagas in the file PATH, and the books of the payment
                       provider beside it. Called again with the same orders, it goes on
                       where it was, however the last process ended.
      --in-memory      Keeps the sagas in memory. Without either they are in a temporary
                       file that goes with the process; in memory where SQLite was not
                       found.

    No colours are used when NO_COLOR is set.

    FILE is a JSON list of orders. "behaves" and everything in it may be left out:
      [{"id": "A-1", "customer": "Ada", "city": "London",
        "items": [{"product": "teapot", "quantity": 1, "price": 2490}],
        "behaves": {"payment": "declined"}}]
      price      in cents
      payment    "declined", "flaky:N" (fails N times), "timeout-charged" (charges, but
                 the answer is lost), "timeout-not-charged" or "answers-late"
      refund     "flaky:N"; from 2 on the saga gets stuck
      customer   "unknown"
      stock      "out"
      orders     "fail"
      mail       "fail"

    STUCK SAGAS
      A refund, or a void, is tried twice. When it has failed twice, the rest is undone,
      and then the saga is stuck: it does not go on by itself, and holds what it knows,
      until somebody ends it. The summary says which saga, on which step, why, what ends
      it, and what the operator did:
      retry      run.retryCompensation(): the undo is tried again, until it goes through
                 or has been tried twelve times; the saga ends compensated.
      skip       refunds by hand, at the desk of the provider, and then calls
                 run.skipCompensation(step: "charge payment"): the saga ends compensated
                 and lists the step as unresolved.
      abandon    run.abandon(): the saga ends failed. The money stands, the list of what
                 is unresolved says so, and the summary has it in a line of its own.

    EXIT CODES
      0    every order has ended, and every cent is accounted for
      1    the money does not add up, or an order has not ended
      2    unknown command or option, or a file that is missing or not as it should be
      130  interrupted with Ctrl-C: what was under way was undone
    """
}
