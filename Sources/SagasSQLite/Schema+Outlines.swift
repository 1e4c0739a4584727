#if canImport(SQLite3) || canImport(CSQLite)
extension Schema {
  /// Has beside each saga the steps of its definition, for what a step was given, and what can be asked of one that
  /// stands still.
  ///
  /// A step is given the State: its saga's input, and in it the results of those before it. It is shown as these two,
  /// not as one text: under which name a slot is encoded is the State's affair. Sagas of before have none. A time that
  /// something is due at is that of the action or of the undo, whichever there is.
  static let outlines = """
    CREATE TABLE definition (
      seq INTEGER PRIMARY KEY,
      outline TEXT NOT NULL UNIQUE        -- JSON: what the table definition_step has of it, to know it by
    );
    CREATE TABLE definition_step (
      definition INTEGER NOT NULL,        -- definition.seq
      step TEXT NOT NULL,
      place INTEGER NOT NULL,             -- in the order of the body, from 0
      slot INTEGER,                       -- 1 where its result goes into the State
      reads TEXT NOT NULL,                -- JSON: from which place to which the results are that it can read
      PRIMARY KEY (definition, step)
    ) WITHOUT ROWID;
    ALTER TABLE saga ADD COLUMN definition INTEGER;     -- definition.seq
    ALTER TABLE saga ADD COLUMN ways_out TEXT;          -- JSON: the verbs that end its standing still

    DROP VIEW sagas;
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
      strftime('%Y-%m-%d %H:%M:%f', s.ended / 1e9, 'unixepoch') AS ended,
      (SELECT group_concat(json_extract(w.value, '$.verb') || CASE WHEN json_extract(w.value, '$.step') IS NULL
        THEN '' ELSE ' ' || json_quote(json_extract(w.value, '$.step')) END, ', ')
        FROM json_each(s.ways_out) w) AS ways_out
    FROM saga s;

    DROP VIEW steps;
    CREATE VIEW steps AS
    SELECT x.saga, x.step, json_extract(x.change, '$.status') AS status,
      json_extract(x.change, '$.attempts') AS attempts,
      CASE WHEN x.given IS NOT NULL AND json_extract(x.change, '$.attempts') > 0
        AND json_extract(x.change, '$.status') NOT IN ('pending', 'blocked', 'skipped') THEN (
        SELECT json_object('input', json(x.given), 'results',
          json_group_object(y.step, json(substr(y.pair, 7, length(y.pair) - 7))))
        FROM (
          -- A pair, because a value taken out alone is one of SQL, and a number not the same any more.
          SELECT earlier.step AS step, json_extract(substr(known.change, 21), '$.none', '$.result') AS pair
          FROM (
            -- When it completed last, and when it was last something else that its undo does not make it.
            SELECT json_extract(c.value, '$.step') AS step,
              max(CASE WHEN json_extract(c.value, '$.status') = 'completed'
                AND json_type(c.value, '$.result') IS NOT NULL
                THEN printf('%020d', j.number) || c.value END) AS change,
              max(CASE WHEN json_extract(c.value, '$.status') = 'completed' THEN j.number END) AS completed,
              max(CASE WHEN json_extract(c.value, '$.status') NOT LIKE 'compensat%' THEN j.number END) AS latest
            FROM journal j, json_each(j.changes) c WHERE j.saga = x.seq GROUP BY 1) known
            -- In this order: each of them is found by its key.
            CROSS JOIN definition_step earlier CROSS JOIN definition_step own CROSS JOIN json_each(own.reads) places
          WHERE known.completed = known.latest AND known.change IS NOT NULL
            AND earlier.definition = x.definition AND earlier.step = known.step AND earlier.slot = 1
            AND own.definition = x.definition AND own.step = x.step
            AND earlier.place BETWEEN json_extract(places.value, '$[0]') AND json_extract(places.value, '$[1]')
          ORDER BY earlier.place) y) END AS input,
      -- Not one it had before it was to run again.
      CASE WHEN CAST(substr(x.numbered, 1, 20) AS INTEGER) >= coalesce(x.again, 0)
        THEN substr(x.numbered, 21) END AS result,
      json_extract(x.change, '$.error') AS error,
      strftime('%Y-%m-%d %H:%M:%f', json_extract(x.change, '$.started') / 1e9, 'unixepoch') AS started,
      CASE WHEN json_extract(x.change, '$.undo') IS NULL THEN
        strftime('%Y-%m-%d %H:%M:%f', json_extract(x.change, '$.due') / 1e9, 'unixepoch') END AS due,
      strftime('%Y-%m-%d %H:%M:%f', json_extract(x.change, '$.ended') / 1e9, 'unixepoch') AS ended
    FROM (
      SELECT s.id AS saga, s.seq AS seq, s.definition AS definition,
        CASE WHEN s.definition IS NOT NULL THEN s.input END AS given, json_extract(c.value, '$.step') AS step,
        substr(max(printf('%020d', j.number) || c.value), 21) AS change,
        max(printf('%020d', j.number) || json_extract(c.value, '$.result')) AS numbered,
        max(CASE WHEN json_extract(c.value, '$.again') = 1 THEN j.number END) AS again
      FROM saga s JOIN journal j ON j.saga = s.seq JOIN json_each(j.changes) c
      GROUP BY s.id, json_extract(c.value, '$.step')) x;

    DROP VIEW compensations;
    CREATE VIEW compensations AS
    SELECT saga, step, json_extract(change, '$.undo') AS status,
      json_extract(change, '$.undoAttempts') AS attempts, json_extract(change, '$.undoError') AS error,
      strftime('%Y-%m-%d %H:%M:%f', json_extract(change, '$.due') / 1e9, 'unixepoch') AS due
    FROM (
      SELECT s.id AS saga, json_extract(c.value, '$.step') AS step,
        substr(max(printf('%020d', j.number) || c.value), 21) AS change
      FROM saga s JOIN journal j ON j.saga = s.seq JOIN json_each(j.changes) c
      GROUP BY s.id, json_extract(c.value, '$.step'))
    WHERE json_extract(change, '$.undo') IS NOT NULL;
    """
}
#endif
