package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.wire.ServerVersion;
import com.cybernance.continuity.postgres.wire.SqlSession;
import com.cybernance.continuity.spi.Vault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes a base backup over one session, from its start to its stop: the server only keeps count, and this end reads the
 * files. It makes the same archives, manifest and checks of what comes by as for a backup that the server sends. For one
 * use.
 */
final class SqlCopy {
    private static final int CONTROL_TRIES = 10;

    private final SqlSession session;
    private final Patience patience;
    private final Vault vault;
    private final Cluster cluster;
    private final Options options;
    private final boolean kept;
    private final LongConsumer progress;

    /** @param kept whether the server keeps its log until the session ends */
    SqlCopy(
            SqlSession session,
            Patience patience,
            Vault vault,
            Cluster cluster,
            Options options,
            boolean kept,
            LongConsumer progress) {
        this.session = session;
        this.patience = patience;
        this.vault = vault;
        this.cluster = cluster;
        this.options = options;
        this.kept = kept;
        this.progress = progress;
    }

    private record Stopped(Lsn stop, String label, String map) {}

    Copied take(String label) throws IOException {
        boolean checksums = session.show("data_checksums").equals("on");
        int segmentSize = SqlServer.segmentSize(session);
        Instant startedAt = SqlServer.clock(session);
        Lsn start = Lsn.parse(session.one(
                "pg_backup_start",
                "SELECT pg_catalog.pg_backup_start(?::text, true)::text",
                row -> row.text(1),
                label));
        int timeline = SqlServer.timeline(session);
        SqlLog log = log(timeline, segmentSize, start);
        Map<String, String> spaces = SqlServer.tablespaces(session);
        String id = Copied.id(startedAt, timeline, start);
        PageCheck pages = checksums ? new PageCheck(start) : null;
        int version = ServerVersion.require(session);
        Pace pace = new Pace(patience, options.maxRate());
        try (BaseStream stream = new BaseStream(vault, cluster.base(id), options.level(), pages);
                OwnManifest manifest = new OwnManifest(version, cluster.system())) {
            SqlArchives archives = new SqlArchives(
                    stream,
                    new SqlFile(session),
                    checksums ? new TornPages(start, patience) : null,
                    new TarBlocks(session.show("data_directory_mode").endsWith("50")),
                    manifest,
                    bytes -> {
                        pace.came(bytes);
                        progress.accept(pace.bytes());
                        if (!kept) {
                            log.follow();
                        }
                    });
            SqlTree tree = new SqlTree(session, archives, version, spaces);
            List<String> apart = apart(spaces);
            String own = SqlServer.tablespaceVersion(session);
            for (String number : apart) {
                archives.begin(number + ".tar", "pg_tblspc/%s/".formatted(number));
                tree.tablespace(number, own);
                archives.end();
            }
            archives.begin("base.tar", "");
            tree.data();
            archives.file(Archive.CONTROL, control(), SqlServer.clock(session));
            Stopped stopped = stop();
            requireTimeline(stopped.label(), timeline);
            requireStopOn(timeline, stopped.label());
            requireTablespaces(stopped.map(), apart);
            Instant stoppedAt = SqlServer.clock(session);
            archives.file(Archive.LABEL, stopped.label().getBytes(StandardCharsets.UTF_8), stoppedAt);
            archives.file(TablespaceMap.NAME, stopped.map().getBytes(StandardCharsets.UTF_8), stoppedAt);
            archives.end();
            try (InputStream whole = manifest.end(timeline, start, stopped.stop())) {
                archives.manifest(whole);
            }
            Copied copied = judged(stream, pages, checksums, id, timeline, start, stopped, startedAt, spaces, apart);
            if (!kept) {
                log.upTo(stopped.stop());
            }
            return copied;
        }
    }

    private Copied judged(
            BaseStream stream,
            @Nullable PageCheck pages,
            boolean checksums,
            String id,
            int timeline,
            Lsn start,
            Stopped stopped,
            Instant startedAt,
            Map<String, String> spaces,
            List<String> apart)
            throws IOException {
        if (pages != null) {
            pages.end(stopped.stop());
            if (pages.wrong() > 0) {
                throw BaseCopy.damaged("%d pages do not carry their checksum".formatted(pages.wrong()), pages.broken());
            }
        }
        ControlData control = stream.finish(cluster.system(), start);
        if (control.pageChecksums() != checksums) {
            throw new ContinuityException(
                    FailureKind.CONFLICT,
                    "page checksums were switched while the backup was taken",
                    "take the backup again");
        }
        List<BackupRecord.Tablespace> tablespaces = new ArrayList<>();
        for (String number : apart) {
            tablespaces.add(new BackupRecord.Tablespace(
                    Long.parseLong(number),
                    spaces.getOrDefault(number, ""),
                    cluster.base(id) + BaseStream.tablespace(number)));
        }
        return new Copied(
                id,
                timeline,
                start,
                stopped.stop(),
                startedAt,
                control,
                pages == null ? 0 : pages.checked(),
                stream.parts(),
                tablespaces);
    }

    private SqlLog log(int timeline, int segmentSize, Lsn start) {
        return new SqlLog(
                session,
                patience,
                vault,
                cluster,
                options.level(),
                timeline,
                segmentSize,
                start.segmentStart(segmentSize));
    }

    /** Those that lie outside of the data directory. */
    private static List<String> apart(Map<String, String> spaces) {
        return new TreeMap<>(spaces)
                .entrySet().stream()
                        .filter(space -> space.getValue().startsWith("/"))
                        .map(Map.Entry::getKey)
                        .toList();
    }

    /** Does not let the server wait for its own archive, which may be slow or broken. */
    private Stopped stop() {
        return session.one(
                "pg_backup_stop",
                "SELECT lsn::text, labelfile, spcmapfile FROM pg_catalog.pg_backup_stop(false)",
                row -> new Stopped(Lsn.parse(String.valueOf(row.text(1))), text(row.text(2)), text(row.text(3))));
    }

    /** The server writes it in one go, but a reader may still meet it half written. */
    private byte[] control() {
        ContinuityException last = null;
        for (int i = 0; i < CONTROL_TRIES; i++) {
            byte[] file = new SqlFile(session)
                    .read(Archive.CONTROL, 0, SqlFile.CHUNK)
                    .orElseThrow(() -> new ContinuityException(
                            FailureKind.CORRUPT, "the server has no " + Archive.CONTROL, "see the server's log"));
            try {
                ControlData.of(file);
                return file;
            } catch (ContinuityException e) {
                if (e.kind() != FailureKind.CORRUPT) {
                    throw e;
                }
                last = e;
            }
        }
        throw last == null ? new IllegalStateException("no try at all") : last;
    }

    /** The timeline was asked for just after the start, and the objects are named by it. */
    private static void requireTimeline(String label, int timeline) {
        String line = "START TIMELINE: " + timeline;
        if (label.lines().noneMatch(line::equals)) {
            throw new ContinuityException(
                    FailureKind.CONFLICT,
                    "the backup began on another timeline than %d".formatted(timeline),
                    "the server was promoted meanwhile; take the backup again");
        }
    }

    /**
     * A standby stops where it is consistent. When it follows a failover meanwhile, that is on the next timeline, and the
     * log up to there lies on two. It keeps this position only while it is a standby.
     */
    private void requireStopOn(int timeline, String label) {
        if (label.lines().noneMatch("BACKUP FROM: standby"::equals)) {
            return;
        }
        Copied.requireStopOn(
                timeline,
                session.one(
                        "asking for the timeline of the stop",
                        "SELECT min_recovery_end_timeline FROM pg_catalog.pg_control_recovery()",
                        row -> (int) row.number(1)));
    }

    /** The server's list is of the moment of the start, and ours of a moment later. */
    private static void requireTablespaces(String map, List<String> apart) {
        SortedSet<Long> listed = TablespaceMap.numbers(
                map.getBytes(StandardCharsets.UTF_8),
                what -> new ContinuityException(
                        FailureKind.UNSUPPORTED,
                        "the server told a list of tablespaces that is not understood: " + what,
                        "take the release of this library that knows the server"));
        SortedSet<Long> found = new TreeSet<>();
        apart.forEach(number -> found.add(Long.parseLong(number)));
        if (!listed.equals(found)) {
            throw new ContinuityException(
                    FailureKind.CONFLICT,
                    "tablespaces were made or dropped just when the backup began: %s then, %s a moment later"
                            .formatted(listed, found),
                    "take the backup again");
        }
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }
}
