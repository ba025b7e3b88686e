PRAGMA user_version = 2;
BEGIN TRANSACTION;
CREATE TABLE corrections (
            number INTEGER PRIMARY KEY AUTOINCREMENT, article TEXT NOT NULL, field TEXT NOT NULL, action TEXT NOT NULL,
            value TEXT NOT NULL, made_by TEXT NOT NULL, at TEXT NOT NULL, note TEXT NOT NULL, names TEXT NOT NULL,
            undone TEXT, undone_by TEXT, subject TEXT NOT NULL, pending INTEGER NOT NULL, sum INTEGER NOT NULL
        );
INSERT INTO "corrections" VALUES(1,'a','person','add','Ann Lee','Ann','2026-11-27T06:00:00Z','','[]',NULL,NULL,'Ann Lee',0,2822319585);
INSERT INTO "corrections" VALUES(2,'a','person','remove','Bob Lee','Ann','2026-11-27T06:00:00Z','','[]',NULL,NULL,'Bob Lee',0,3765756973);
INSERT INTO "corrections" VALUES(3,'b','title','set','The wall','Bob','2026-11-28T06:00:00Z','','[]',NULL,NULL,'',1,3743316810);
CREATE INDEX on_subject ON corrections (article, field, subject, at, number);
CREATE INDEX by_action ON corrections (article, field, action, at, number);
CREATE INDEX by_time ON corrections (article, at, number);
CREATE INDEX waiting ON corrections (pending) WHERE pending > 0;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('corrections',4);
COMMIT;
