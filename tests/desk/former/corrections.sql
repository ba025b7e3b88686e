PRAGMA user_version = 3;
BEGIN TRANSACTION;
CREATE TABLE corrections (
            number INTEGER PRIMARY KEY AUTOINCREMENT, article TEXT NOT NULL, field TEXT NOT NULL, action TEXT NOT NULL,
            value TEXT NOT NULL, made_by TEXT NOT NULL, at TEXT NOT NULL, note TEXT NOT NULL, names TEXT NOT NULL,
            undone TEXT, undone_by TEXT, subject TEXT NOT NULL, micros INTEGER NOT NULL, pending INTEGER NOT NULL,
            sum INTEGER NOT NULL
        );
INSERT INTO "corrections" VALUES(1,'a','person','add','Ann Lee','Ann','2026-11-27T06:00:00Z','she wrote it','[]','2026-11-28T06:00:00Z','Bob','Ann Lee',0,1,1621032975);
INSERT INTO "corrections" VALUES(2,'a','person','remove','Bob Lee','Ann','2026-11-27T06:00:00Z','','["B. Lee","Robert Lee"]',NULL,NULL,'Bob Lee',1,0,3731330225);
INSERT INTO "corrections" VALUES(3,'b','date','set','1961-08-13','Bob','2026-11-27T06:00:00Z','','[]',NULL,NULL,'',0,0,1105120443);
INSERT INTO "corrections" VALUES(4,'b','title','set','The wall','Bob','2026-11-28T06:00:00Z','','[]',NULL,NULL,'',0,2,3478871282);
CREATE INDEX on_subject ON corrections (article, field, subject, at, micros);
CREATE INDEX by_action ON corrections (article, field, action, at, micros);
CREATE INDEX by_time ON corrections (article, at, micros);
CREATE INDEX waiting ON corrections (pending) WHERE pending > 0;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('corrections',4);
COMMIT;
