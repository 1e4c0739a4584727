#if canImport(SQLite3) || canImport(CSQLite)
extension Schema {
  /// Has beside each saga the steps of its definition, for what a step was given, and what can be asked of one that
  /// stands still.
  ///
  /// A step is given the State: its saga's input, and in it the results of those before it. It is shown as these two,
  /// not as one text: under which name a slot is encoded is the State's affair. Sagas of before have none.
  static let outlines = """
    CREATE TABLE definition (
      seq INTEGER PRIMARY KEY,
      steps TEXT NOT NULL UNIQUE      -- JSON: the steps, and the places of those whose results each can read
    );
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
      (SELECT group_concat(json_extract(w.value, '$.verb') || coalesce(' ' || json_extract(w.value, '$.step'), ''),
        ', ') FROM json_each(s.ways_out) w) AS ways_out
    FROM saga s;

    DROP VIEW steps;
    CREATE VIEW steps AS
    SELECT x.saga, x.step, json_extract(x.change, '$.status') AS status,
      json_extract(x.change, '$.attempts') AS attempts,
      CASE WHEN x.given IS NOT NULL AND json_extract(x.change, '$.attempts') > 0 THEN (
        SELECT json_object('input', json(x.given), 'results', json_group_object(y.step,
          CASE json_type(y.change, '$.result')
            WHEN 'true' THEN json('true')
            WHEN 'false' THEN json('false')
            ELSE json_extract(y.change, '$.result') END))
        FROM (
          SELECT json_extract(earlier.value, '$.step') AS step, (
              SELECT substr(max(printf('%020d', j.number) || c.value), 21)
              FROM journal j, json_each(j.changes) c
              WHERE j.saga = x.seq AND json_extract(c.value, '$.step') = json_extract(earlier.value, '$.step')
                AND json_type(c.value, '$.result') IS NOT NULL) AS change
          FROM definition d, json_each(d.steps) own, json_each(json_extract(own.value, '$.reads')) places,
            json_each(d.steps) earlier
          WHERE d.seq = x.definition AND json_extract(own.value, '$.step') = x.step
            AND earlier.key BETWEEN json_extract(places.value, '$[0]') AND json_extract(places.value, '$[1]')
            AND json_extract(earlier.value, '$.slot') = 1
          ORDER BY earlier.key) y
        WHERE y.change IS NOT NULL) END AS input,
      x.result, json_extract(x.change, '$.error') AS error,
      strftime('%Y-%m-%d %H:%M:%f', json_extract(x.change, '$.started') / 1e9, 'unixepoch') AS started,
      strftime('%Y-%m-%d %H:%M:%f', json_extract(x.change, '$.due') / 1e9, 'unixepoch') AS due,
      strftime('%Y-%m-%d %H:%M:%f', json_extract(x.change, '$.ended') / 1e9, 'unixepoch') AS ended
    FROM (
      SELECT s.id AS saga, s.seq AS seq, s.definition AS definition,
        CASE WHEN s.definition IS NOT NULL THEN s.input END AS given, json_extract(c.value, '$.step') AS step,
        substr(max(printf('%020d', j.number) || c.value), 21) AS change,
        substr(max(printf('%020d', j.number) || json_extract(c.value, '$.result')), 21) AS result
      FROM saga s JOIN journal j ON j.saga = s.seq JOIN json_each(j.changes) c
      GROUP BY s.id, json_extract(c.value, '$.step')) x;
    """
}
#endif
