PRAGMA user_version = 0;
BEGIN TRANSACTION;
CREATE TABLE jobs (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, form TEXT NOT NULL,
    collection TEXT NOT NULL, target TEXT NOT NULL, size INTEGER NOT NULL, state TEXT NOT NULL, created TEXT NOT NULL,
    finished TEXT, attempts INTEGER NOT NULL DEFAULT 0, report TEXT, problem TEXT,
    sender TEXT NOT NULL, idempotency TEXT, digest TEXT NOT NULL, UNIQUE (sender, idempotency)
);
INSERT INTO "jobs" VALUES(1,'1a22bc8889c18b55c3005c9c4a8','articles','json','api','',2,'queued','2026-11-30T09:28:12+00:00',NULL,0,NULL,NULL,'key',NULL,'digest');
INSERT INTO "jobs" VALUES(2,'1a22bc888cb24874609f9d40c3d','correct','','','a b',0,'queued','2026-11-30T09:28:12+00:00',NULL,0,NULL,NULL,'key',NULL,'d2');
CREATE INDEX waiting ON jobs (number) WHERE state IN ('queued', 'running');
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('jobs',2);
COMMIT;
