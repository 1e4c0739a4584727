/// How to use `inspect`.
enum InspectHelp {
  static let text = """
    Shows what is in a store, also while another process works with it. Any saga is shown,
    not only those of this demo; nothing is changed.

    USAGE
      swift run Demo inspect PATH [--all]
      swift run Demo inspect PATH ID

    With PATH, the file, it lists the sagas: all that have not finished, and the last 20 of the
    others, or each of them with --all. Those that are stuck or suspended are printed with the
    verbs that end them. Under them are the last 10 of the events that are kept for sagas to
    take, or each of them. With ID it shows one saga: what it was started with, and all that has
    happened to it.

    The verbs run the undoes of a saga, so they need a process that has registered its
    definition. With the sagas of this demo, `checkout --store PATH` is one.

    Parked is none of them: that is said by the process that cannot run a saga. Here it has the
    status it was left in.

    The same tables are there for the sqlite3 shell: the views sagas, steps, compensations and
    events, and the table journal.

    EXIT CODES
      0    shown
      2    unknown option, a file that is missing or no store, no saga of that name, or no
           SQLite when this was built
    """
}
