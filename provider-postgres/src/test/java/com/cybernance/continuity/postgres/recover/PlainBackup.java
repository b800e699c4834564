package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.Piece;
import com.cybernance.continuity.postgres.layout.PieceIndex;
import com.cybernance.continuity.postgres.layout.RecordJson;
import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.testkit.Seeds;
import com.cybernance.continuity.testkit.postgres.PostgresServer;
import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Backups and log of a server whose files lie at hand, written to a vault as the format says, by other code than that of
 * the product.
 */
final class PlainBackup {
    static final int SEGMENT = 16 << 20;

    private static final Set<String> EMPTIED = Set.of(
            "pg_wal", "pg_replslot", "pg_dynshmem", "pg_notify", "pg_serial", "pg_snapshots", "pg_stat_tmp", "log");
    private static final Set<String> LEFT_OUT = Set.of(
            "postmaster.pid", "postmaster.opts", "current_logfiles", "backup_label", "recovery.signal", "pg_control");

    private final PostgresServer server;
    private final Vault vault;
    private final Cluster cluster;

    PlainBackup(PostgresServer server, Vault vault) {
        this.server = server;
        this.vault = vault;
        this.cluster = new Cluster(server.query("SELECT system_identifier::text FROM pg_control_system()"));
    }

    Cluster cluster() {
        return cluster;
    }

    /** Takes a backup; {@code during} runs while it is taken. The log up to its stop is put beside it. */
    BackupRecord take(Seeds seeds, Runnable during) throws IOException, SQLException {
        try (Connection connection = server.dataSource(PostgresServer.SUPERUSER).getConnection();
                Statement statement = connection.createStatement()) {
            Instant startedAt = clock(statement);
            Lsn start = Lsn.parse(first(statement, "SELECT pg_backup_start('plain', true)::text"));
            int timeline = timeline(statement);
            TarWriter data = new TarWriter();
            TreeMap<String, byte[]> tablespaces = new TreeMap<>();
            List<BackupRecord.Tablespace> records = new ArrayList<>();
            String id = "%s-%08x-%s"
                    .formatted(
                            startedAt
                                    .toString()
                                    .replaceAll("[-:]|\\.[0-9]*", "")
                                    .toLowerCase(java.util.Locale.ROOT),
                            timeline,
                            start.hex());
            for (String oid : rows(statement, "SELECT oid::text FROM pg_tablespace WHERE oid >= 16384 ORDER BY oid")) {
                String location = first(statement, "SELECT pg_tablespace_location(%s)".formatted(oid));
                TarWriter tablespace = new TarWriter();
                pack(Path.of(location), "", tablespace, data.manifest(), "pg_tblspc/" + oid + "/");
                String object = cluster.base(id) + "tablespace-" + oid + ".tar.zst";
                tablespaces.put(object, tablespace.finish());
                records.add(new BackupRecord.Tablespace(Long.parseLong(oid), location, object));
            }
            pack(server.dataDirectory(), "", data, data.manifest(), "");
            during.run();
            String label;
            String map;
            Lsn stop;
            try (ResultSet end =
                    statement.executeQuery("SELECT lsn::text, labelfile, spcmapfile FROM pg_backup_stop(false)")) {
                end.next();
                stop = Lsn.parse(end.getString(1));
                label = end.getString(2);
                map = end.getString(3);
            }
            Instant stoppedAt = clock(statement);
            data.file("backup_label", label.getBytes(StandardCharsets.UTF_8), data.manifest(), "");
            data.file("tablespace_map", map.getBytes(StandardCharsets.UTF_8), data.manifest(), "");
            byte[] control = Files.readAllBytes(server.dataDirectory().resolve("global/pg_control"));
            data.file("global/pg_control", control, data.manifest(), "");
            List<BackupRecord.Part> parts = new ArrayList<>();
            tablespaces.forEach((object, tar) -> parts.add(put(object, tar)));
            parts.add(put(cluster.base(id) + "data.tar.zst", data.finish()));
            byte[] manifest = data.manifest().finish(timeline, start, stop);
            String manifestName = cluster.base(id) + "backup-manifest";
            put(manifestName, manifest, manifest);
            parts.add(new BackupRecord.Part(
                    manifestName, manifest.length, MemoryVault.sha256(manifest), manifest.length));
            log(seeds, timeline, start.segmentStart(SEGMENT), flushed(statement));
            BackupRecord record = new BackupRecord(
                    id,
                    cluster.system(),
                    Integer.parseInt(first(statement, "SHOW server_version_num")),
                    timeline,
                    start,
                    stop,
                    startedAt,
                    stoppedAt,
                    "plain",
                    "plain",
                    true,
                    0,
                    SEGMENT,
                    BackupRecord.Method.SQL,
                    parts,
                    records);
            byte[] json = RecordJson.write(record);
            put(cluster.base(id) + "backup.json", json, json);
            return record;
        }
    }

    /** Puts the log of a timeline in pieces of chance lengths; what is there already stays. */
    void log(Seeds seeds, int timeline, Lsn from, Lsn to) throws IOException {
        Lsn at = from;
        while (at.isBefore(to)) {
            Lsn segment = at.segmentStart(SEGMENT);
            Lsn end = Lsn.earlier(to, segment.plus(SEGMENT));
            Lsn until = Lsn.earlier(end, at.plus(seeds.chance(20) ? SEGMENT : seeds.between(1, 60_000)));
            piece(new Piece(timeline, at, until));
            at = until;
        }
    }

    /** Puts one piece of the log, unless it is there. */
    void piece(Piece piece) throws IOException {
        if (vault.find(piece.object(cluster)).isEmpty()) {
            Lsn segment = piece.start().segmentStart(SEGMENT);
            Path file = server.dataDirectory()
                    .resolve("pg_wal")
                    .resolve(RestoreScript.fileName(piece.timeline(), segment, SEGMENT));
            byte[] bytes = new byte[(int) piece.size()];
            try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
                log.seek(piece.start().minus(segment));
                log.readFully(bytes);
            }
            put(piece.object(cluster), Zstd.compress(bytes), bytes);
        }
    }

    /** Puts an index beside each piece that has none; they know of no commits. */
    static void indexes(MemoryVault vault, Cluster cluster) {
        for (String name : List.copyOf(vault.objects().keySet())) {
            Optional<Piece> piece = Piece.of(cluster, name);
            if (piece.isPresent() && vault.find(piece.get().index(cluster)).isEmpty()) {
                byte[] packed = vault.bytes(name);
                byte[] bytes = Zstd.decompress(packed, (int) piece.get().size());
                vault.put(
                        piece.get().index(cluster),
                        RecordJson.write(new PieceIndex(
                                piece.get(),
                                MemoryVault.sha256(bytes),
                                MemoryVault.sha256(packed),
                                0,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty())));
            }
        }
    }

    /** Puts a piece in which nothing is committed, with an index that tells what is known of the server. */
    void quiet(Piece piece, PieceIndex.Complete complete) throws IOException {
        piece(piece);
        String object = piece.object(cluster);
        byte[] index = RecordJson.write(new PieceIndex(
                piece,
                MemoryVault.sha256(Zstd.decompress(bytes(object), (int) piece.size())),
                MemoryVault.sha256(bytes(object)),
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(complete)));
        put(piece.index(cluster), index, index);
    }

    private byte[] bytes(String object) throws IOException {
        try (InputStream content = vault.open(object)) {
            return content.readAllBytes();
        }
    }

    /** Puts the history file of the server's timeline into the vault. */
    void history(int timeline) throws IOException {
        byte[] file = Files.readAllBytes(
                server.dataDirectory().resolve("pg_wal").resolve("%08X.history".formatted(timeline)));
        put(cluster.history(timeline), file, file);
    }

    static int timeline(Statement statement) throws SQLException {
        return Integer.parseInt(first(statement, "SELECT substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)"), 16);
    }

    static Lsn flushed(Statement statement) throws SQLException {
        return Lsn.parse(first(statement, "SELECT pg_current_wal_flush_lsn()::text"));
    }

    private BackupRecord.Part put(String object, byte[] content) {
        byte[] packed = Zstd.compress(content);
        put(object, packed, content);
        return new BackupRecord.Part(object, packed.length, MemoryVault.sha256(packed), content.length);
    }

    private void put(String object, byte[] packed, byte[] content) {
        try (Vault.Draft draft = vault.create(object)) {
            draft.write(packed);
            draft.commit();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(content.length + " bytes", e);
        }
    }

    private static void pack(Path directory, String prefix, TarWriter tar, ManifestWriter manifest, String known)
            throws IOException {
        List<Path> inside;
        try (Stream<Path> all = Files.list(directory)) {
            inside = all.sorted().toList();
        }
        for (Path each : inside) {
            String name = prefix + each.getFileName();
            if (Files.isSymbolicLink(each)
                    || LEFT_OUT.contains(each.getFileName().toString())) {
                continue;
            }
            if (Files.isDirectory(each)) {
                tar.directory(name);
                if (!EMPTIED.contains(name)) {
                    pack(each, name + "/", tar, manifest, known);
                }
            } else if (!each.getFileName().toString().startsWith("pg_internal.init")) {
                add(each, name, tar, manifest, known);
            }
        }
    }

    private static void add(Path file, String name, TarWriter tar, ManifestWriter manifest, String known)
            throws IOException {
        byte[] content;
        try {
            content = Files.readAllBytes(file);
        } catch (java.nio.file.NoSuchFileException gone) {
            return;
        }
        tar.file(name, content, manifest, known);
    }

    private static Instant clock(Statement statement) throws SQLException {
        return Instant.parse(first(
                statement,
                "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"));
    }

    private static List<String> rows(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            List<String> all = new ArrayList<>();
            while (rows.next()) {
                all.add(rows.getString(1));
            }
            return all;
        }
    }

    static String first(Statement statement, String sql) throws SQLException {
        return rows(statement, sql).get(0);
    }
}
