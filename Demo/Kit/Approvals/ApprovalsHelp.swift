/// How to use `approvals`.
enum ApprovalsHelp {
  static let text = """
    Has expense reports approved. Each one is a saga: it sets the money aside, waits for a
    decision if it is more than 100.00, and pays. The manager has 24 hours, then the
    director has 48; a report that is rejected, or that nobody decides, is undone. Hours
    are virtual: they pass in a moment. At the end the books of the treasury, what the
    sagas say, and what the event bus said are held against each other.

    USAGE
      swift run Demo approvals [--reports FILE] [--decisions FILE] [--interactive]
                               [--speed N] [--plain] [--store PATH | --in-memory]

    OPTIONS
      --reports FILE    The reports, with the times they are handed in. If not given,
                        those that come with the demo.
      --decisions FILE  The decisions, with their times. If neither file is given, those
                        that come with the demo; some come early, twice, or too late.
      --interactive     You decide: type `approve E-1003`, `reject E-1004 because …`,
                        `list`, `help` or `quit`. Lines may be piped in as well. When they
                        end, time runs fast, and what waits runs into its limits.
      --speed N         N virtual hours pass in a second, 0.01 to 200; 20 if not given, 0.5
                        with --interactive.
      --plain           Lines instead of a table. So it is anyway where there is no
                        terminal, and with --interactive.
      --store PATH      Keeps the sagas and the events in the file PATH; the books of the
                        treasury, and what was sent when, are beside it. Called again with
                        the same files, it goes on where it was, however the last process
                        ended, half an hour of virtual time later at most.
      --in-memory       Keeps all of it in memory. Without either it is in a temporary file
                        that goes with the process; in memory where SQLite was not found.

    Ctrl-C undoes what is under way; twice quits at once. No colours are used when NO_COLOR
    is set.

    The files are JSON lists; "at" is in virtual hours since Monday, 9 o'clock:
      [{"id": "E-1", "employee": "Ada", "purpose": "train", "amount": 12050, "at": 0.5}]
      [{"id": "d-1", "report": "E-1", "at": 3, "as": "manager", "by": "Grace",
        "decision": "approve"}]
      amount    in cents
      again     when the report is handed in once more (may be left out)
      bank      "account closed" (may be left out): the report cannot be paid
      as        "manager" (so it is if left out) or "director"
      decision  "approve", or "reject" with a "because"

    EXIT CODES
      0    every report has ended, and all accounts agree
      1    they do not, or a report has not ended
      2    unknown option, or a file that is missing or not as it should be
      130  interrupted with Ctrl-C: what was under way was undone
    """
}
