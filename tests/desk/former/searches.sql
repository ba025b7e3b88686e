PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE searches (
            number INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
            question TEXT NOT NULL, made_by TEXT NOT NULL, made TEXT NOT NULL, sum INTEGER NOT NULL
        );
INSERT INTO "searches" VALUES(1,'oil in france','Oil in France','q=oil&country=FR','Ann','2026-11-27T06:00:00Z',4001705049);
INSERT INTO "searches" VALUES(2,'wall','Wall','q=wall&list=Berlin+Wall','Bob','2026-11-27T06:00:00Z',2614827695);
CREATE TABLE seen (
            search INTEGER NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL, had INTEGER NOT NULL, sum INTEGER NOT NULL,
            PRIMARY KEY (search, who)
        );
INSERT INTO "seen" VALUES(1,'Ann','2026-11-27T06:00:00Z',3,110590700);
INSERT INTO "seen" VALUES(1,'Bob','2026-11-27T06:00:00Z',5,4153045731);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('searches',2);
COMMIT;
