PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE entries (
            number INTEGER PRIMARY KEY AUTOINCREMENT, list INTEGER NOT NULL, article TEXT NOT NULL, note TEXT NOT NULL,
            put_by TEXT NOT NULL, put TEXT NOT NULL, sum INTEGER NOT NULL, UNIQUE (list, article)
        );
INSERT INTO "entries" VALUES(1,1,'b','photo on page 2','Ann','2026-11-27T06:00:00Z',3183989899);
INSERT INTO "entries" VALUES(3,3,'a','','Bob','2026-11-27T06:00:00Z',1688058499);
INSERT INTO "entries" VALUES(4,3,'never-there','ask the desk','Bob','2026-11-27T06:00:00Z',2154530920);
CREATE TABLE lists (
            number INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL, about TEXT NOT NULL,
            made_by TEXT NOT NULL, made TEXT NOT NULL, changed_by TEXT NOT NULL, changed TEXT NOT NULL,
            revision INTEGER NOT NULL, sum INTEGER NOT NULL
        );
INSERT INTO "lists" VALUES(1,'berlin wall','Berlin Wall','the wall, and who climbed it','Ann','2026-11-27T06:00:00Z','Bob','2026-11-27T06:00:00Z',4,1898119207);
INSERT INTO "lists" VALUES(3,'ölkrise 1973','Ölkrise 1973','','Bob','2026-11-27T06:00:00Z','Bob','2026-11-27T06:00:00Z',2,660034420);
CREATE INDEX of_article ON entries (article);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('lists',3);
INSERT INTO "sqlite_sequence" VALUES('entries',4);
COMMIT;
