#if canImport(SQLite3) || canImport(CSQLite)

/// The tables of a store, and how older files become like new ones.
///
/// Tables: `saga`, `journal`, `event`, `used_id`, `definition`,
/// `definition_step` and `secret`. What a person looks at are views of them: `sagas`, `steps`,
/// `compensations` and `events`. A record is one row, whatever it says: the steps in it are JSON beside its bytes, and
/// the views take them apart when somebody asks.
enum Schema {
  /// Says in the file's head that it is a store: "Saga".
  static let applicationID: Int64 = 0x5361_6761

  /// The format of a file is how many of these it has been through. Appended to, never changed.
  static let migrations = [first, second, third, usedIDs, redaction, outlines + secrets]

  private static let first = """
    CREATE TABLE saga (
      seq INTEGER PRIMARY KEY,        -- the order of creation
      id TEXT NOT NULL UNIQUE,
      name TEXT NOT NULL,
      version INTEGER NOT NULL,
      status TEXT NOT NULL,
      writer INTEGER NOT NULL,        -- the orchestrator that created it
      created INTEGER NOT NULL,       -- this and all times: nanoseconds since 1970
      ended INTEGER,
      planned INTEGER NOT NULL,       -- how many steps its definition has
      input TEXT,
      output TEXT,
      error TEXT,
      metadata TEXT NOT NULL,
      parent TEXT
    );
    CREATE INDEX saga_by_status ON saga (status, seq);
    CREATE INDEX saga_by_end ON saga (ended) WHERE ended IS NOT NULL;
    CREATE TABLE journal (
      saga INTEGER NOT NULL,          -- saga.seq
      number INTEGER NOT NULL,        -- of the first entry in the record
      count INTEGER NOT NULL,         -- of entries
      time INTEGER NOT NULL,
      bytes BLOB NOT NULL,            -- the entries, for the library
      changes TEXT                    -- the steps that changed, as JSON
    );
    CREATE UNIQUE INDEX journal_by_saga ON journal (saga, number);
    CREATE TABLE event (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      name TEXT NOT NULL,             -- the type of the event
      key TEXT NOT NULL,
      id TEXT NOT NULL,
      payload,                        -- TEXT where it is, else BLOB
      published INTEGER NOT NULL,
      UNIQUE (name, id)
    );
    CREATE INDEX event_by_key ON event (name, key, seq);

    CREATE VIEW sagas AS
    SELECT s.id, s.name, s.version, s.status,
      (SELECT group_concat(step, ', ') FROM (
        SELECT json_extract(c.value, '$.step') AS step, json_extract(c.value, '$.status') AS status,
          max(j.number)
        FROM journal j, json_each(j.changes) c WHERE j.saga = s.seq GROUP BY 1)
        WHERE status IN ('running', 'waiting', 'compensating')) AS current_steps,
      CASE WHEN s.status = 'completed' OR s.planned = 0 THEN 1.0 ELSE
        (SELECT count(*) FROM (
          SELECT json_extract(c.value, '$.step') AS step, json_extract(c.value, '$.status') AS status,
            max(j.number)
          FROM journal j, json_each(j.changes) c WHERE j.saga = s.seq GROUP BY 1)
          WHERE status NOT IN ('pending', 'running', 'waiting', 'blocked')) * 1.0 / s.planned
        END AS progress,
      s.input, s.output, s.error, s.metadata, s.parent,
      strftime('%Y-%m-%d %H:%M:%f', s.created / 1e9, 'unixepoch') AS created,
      strftime('%Y-%m-%d %H:%M:%f', (SELECT j.time FROM journal j WHERE j.saga = s.seq
        ORDER BY j.number DESC LIMIT 1) / 1e9, 'unixepoch') AS updated,
      strftime('%Y-%m-%d %H:%M:%f', s.ended / 1e9, 'unixepoch') AS ended
    FROM saga s;

    -- The latest change of each step; its result came with one of them, not necessarily the latest. Both are found
    -- as the largest text that begins with a number.
    CREATE VIEW steps AS
    SELECT saga, step, json_extract(change, '$.status') AS status, json_extract(change, '$.attempts') AS attempts,
      result, json_extract(change, '$.error') AS error,
      strftime('%Y-%m-%d %H:%M:%f', json_extract(change, '$.started') / 1e9, 'unixepoch') AS started,
      strftime('%Y-%m-%d %H:%M:%f', json_extract(change, '$.ended') / 1e9, 'unixepoch') AS ended
    FROM (
      SELECT s.id AS saga, json_extract(c.value, '$.step') AS step,
        substr(max(printf('%020d', j.number) || c.value), 21) AS change,
        substr(max(printf('%020d', j.number) || json_extract(c.value, '$.result')), 21) AS result
      FROM saga s JOIN journal j ON j.saga = s.seq JOIN json_each(j.changes) c
      GROUP BY s.id, json_extract(c.value, '$.step'));

    CREATE VIEW compensations AS
    SELECT saga, step, json_extract(change, '$.undo') AS status,
      json_extract(change, '$.undoAttempts') AS attempts, json_extract(change, '$.undoError') AS error
    FROM (
      SELECT s.id AS saga, json_extract(c.value, '$.step') AS step, c.value AS change, max(j.number)
      FROM saga s JOIN journal j ON j.saga = s.seq JOIN json_each(j.changes) c
      GROUP BY s.id, json_extract(c.value, '$.step'))
    WHERE json_extract(change, '$.undo') IS NOT NULL;

    CREATE VIEW events AS
    SELECT name, key, id, payload, strftime('%Y-%m-%d %H:%M:%f', published / 1e9, 'unixepoch') AS published
    FROM event;
    """

  /// Gives the view of steps a column for what a step was given. It is NULL: a step reads the State, and what is
  /// recorded of that is the saga's input and the results of the steps before it.
  private static let second = """
    DROP VIEW steps;
    CREATE VIEW steps AS
    SELECT saga, step, json_extract(change, '$.status') AS status, json_extract(change, '$.attempts') AS attempts,
      NULL AS input, result, json_extract(change, '$.error') AS error,
      strftime('%Y-%m-%d %H:%M:%f', json_extract(change, '$.started') / 1e9, 'unixepoch') AS started,
      strftime('%Y-%m-%d %H:%M:%f', json_extract(change, '$.ended') / 1e9, 'unixepoch') AS ended
    FROM (
      SELECT s.id AS saga, json_extract(c.value, '$.step') AS step,
        substr(max(printf('%020d', j.number) || c.value), 21) AS change,
        substr(max(printf('%020d', j.number) || json_extract(c.value, '$.result')), 21) AS result
      FROM saga s JOIN journal j ON j.saga = s.seq JOIN json_each(j.changes) c
      GROUP BY s.id, json_extract(c.value, '$.step'));
    """

  /// Gives events their numbers in the order of all events, and the one saga they are for. Nothing has written events
  /// before; the numbers of deleted ones are remembered (AUTOINCREMENT). Names with `~` are for the library.
  private static let third = """
    DROP VIEW events;
    DROP TABLE event;
    CREATE TABLE event (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      name TEXT NOT NULL,             -- the type of the event
      id TEXT NOT NULL,
      saga TEXT,                      -- the one saga it was published to; NULL for all
      payload,                        -- TEXT where it is, else BLOB
      published INTEGER NOT NULL
    );
    CREATE VIEW events AS
    SELECT number, name, id, saga, payload,
      strftime('%Y-%m-%d %H:%M:%f', published / 1e9, 'unixepoch') AS published
    FROM event WHERE name NOT LIKE '~%';
    """
}
#endif
