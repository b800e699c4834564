package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.postgres.wire.SqlSession;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Walks through a server's data directory over a session, and adds to an archive what a backup has of it. */
final class SqlTree {
    private static final String TABLESPACES = "pg_tblspc";
    private static final int WITH_SUMMARIES = 170_000;

    /** What is gone when its size is asked for has no size. */
    private static final String LIST = """
            SELECT entry.name, stat.size, stat.isdir, pg_catalog.date_part('epoch', stat.modification)::bigint
            FROM pg_catalog.pg_ls_dir(?::text, true, false) AS entry (name),
                 LATERAL pg_catalog.pg_stat_file(? || '/' || entry.name, true) AS stat
            WHERE stat.size IS NOT NULL
            ORDER BY entry.name COLLATE "C"
            """;

    private final SqlSession session;
    private final SqlArchives archives;
    private final int version;
    private final Map<String, String> spaces;

    /**
     * For one copy.
     *
     * @param version the server's {@code server_version_num}
     * @param spaces where the tablespaces lie, by their numbers; without an absolute path inside of the data directory
     */
    SqlTree(SqlSession session, SqlArchives archives, int version, Map<String, String> spaces) {
        this.version = version;
        this.session = session;
        this.archives = archives;
        this.spaces = spaces;
    }

    private record Entry(String name, long size, boolean directory, Instant changed) {}

    /** The data directory, without the control file, which must come last. */
    void data() throws IOException {
        directory("");
    }

    /**
     * A tablespace; nothing where it was dropped meanwhile.
     *
     * @param version the name of the directory in it that is this cluster's
     */
    void tablespace(String number, String version) throws IOException {
        String place = TABLESPACES + "/" + number;
        for (Entry entry : list(place)) {
            if (entry.directory() && entry.name().equals(version)) {
                archives.directory(place + "/" + version, entry.changed());
                directory(place + "/" + version);
            }
        }
    }

    private void directory(String directory) throws IOException {
        List<Entry> entries = list(directory.isEmpty() ? "." : directory);
        LeftOut leftOut =
                new LeftOut(directory, entries.stream().map(Entry::name).toList());
        for (Entry entry : entries) {
            String path = directory.isEmpty() ? entry.name() : directory + "/" + entry.name();
            if (leftOut.contains(entry.name()) || path.equals(Archive.CONTROL)) {
                continue;
            }
            if (!entry.directory()) {
                archives.file(path, entry.size(), entry.changed());
            } else if (directory.equals(TABLESPACES)) {
                inTablespaces(path, entry);
            } else {
                archives.directory(path, entry.changed());
                if (!LeftOut.contentsOf(path)) {
                    directory(path);
                } else if (path.equals("pg_wal")) {
                    log(entry.changed());
                }
            }
        }
    }

    /** What a server has below its log, empty. */
    private void log(Instant changed) throws IOException {
        archives.directory("pg_wal/archive_status", changed);
        if (version >= WITH_SUMMARIES) {
            archives.directory("pg_wal/summaries", changed);
        }
    }

    /**
     * Those outside of the data directory have archives of their own, and no link here: where they come to lie is told by
     * the map. One that was made after the backup began is made again by replay.
     */
    private void inTablespaces(String path, Entry entry) throws IOException {
        String location = spaces.get(entry.name());
        if (location != null && !location.startsWith("/")) {
            archives.directory(path, entry.changed());
            directory(path);
        }
    }

    private List<Entry> list(String directory) {
        return session.ask(
                "listing " + directory,
                LIST,
                row -> {
                    String name = row.text(1);
                    return name == null
                            ? null
                            : new Entry(name, row.number(2), row.truth(3), Instant.ofEpochSecond(row.number(4)));
                },
                directory,
                directory);
    }
}
