/**
 * The schema, version by version; `PRAGMA user_version` counts those done. One that has been released is never
 * changed: what comes later is added below.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE flows (
    hash TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    text TEXT NOT NULL,
    kept_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE calls (
    id TEXT PRIMARY KEY,
    caller TEXT NOT NULL,
    hotline TEXT NOT NULL,
    flow TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    row TEXT NOT NULL,
    earlier TEXT NOT NULL DEFAULT '[]'
  ) STRICT;
  CREATE INDEX calls_live ON calls (started_at) WHERE ended_at IS NULL;
  CREATE INDEX calls_of ON calls (caller, started_at);
  CREATE INDEX calls_age ON calls (started_at);

  CREATE TABLE events (
    call TEXT NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    event TEXT NOT NULL,
    effects TEXT NOT NULL
  ) STRICT;
  CREATE INDEX events_of ON events (call);
  `,
  `
  CREATE TABLE prompts (
    id INTEGER PRIMARY KEY,
    hotline TEXT NOT NULL,
    step TEXT NOT NULL,
    language TEXT NOT NULL,
    texts TEXT NOT NULL,
    UNIQUE (hotline, step, language, texts)
  ) STRICT;

  CREATE TABLE heard (
    call TEXT NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
    play INTEGER NOT NULL,
    at INTEGER NOT NULL,
    prompt INTEGER NOT NULL,
    ms INTEGER NOT NULL,
    of_ms INTEGER,
    how TEXT NOT NULL,
    PRIMARY KEY (call, play)
  ) STRICT, WITHOUT ROWID;
  `,
]
