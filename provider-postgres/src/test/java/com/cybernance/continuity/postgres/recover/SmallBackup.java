package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.facts.Copy;
import com.cybernance.continuity.facts.Place;
import com.cybernance.continuity.facts.ResourceId;
import com.cybernance.continuity.facts.RestorePoint;
import com.cybernance.continuity.facts.TargetId;
import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.Piece;
import com.cybernance.continuity.postgres.layout.RecordJson;
import com.cybernance.continuity.postgres.points.PointId;
import com.cybernance.continuity.spi.RecoverTo;
import com.cybernance.continuity.spi.RestoreRequest;
import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.testkit.postgres.PostgresBinaries;
import com.github.luben.zstd.Zstd;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import javax.sql.DataSource;

/**
 * A vault with a backup that is whole as far as files go, and so small that it can be restored a thousand times: a data
 * directory, a tablespace, and two log files of 1 MiB in pieces that overlap. No server would start on it.
 */
final class SmallBackup {
    static final int SEGMENT = 1 << 20;
    static final long TABLESPACE = 16_384;

    /** The log's history names a restore point in words that are not ASCII. */
    static final byte[] HISTORY = "1\t0/FF00000\tat restore point \"für Zoë\"\n".getBytes(StandardCharsets.UTF_8);

    private static final Instant STARTED = Instant.parse("2026-11-25T10:00:00Z");
    private static final Lsn START = Lsn.parse("0/2000028");
    private static final Lsn STOP = Lsn.parse("0/2000100");
    private static final Lsn END = Lsn.parse("0/2100200");

    final MemoryVault vault = new MemoryVault("north");
    final Cluster cluster = new Cluster("7000000000000000001");
    final String id = "20261125t100000z-00000001-" + START.hex();
    private int version = 170_000;

    SmallBackup() {
        this(tar -> {});
    }

    /** @param more puts further entries into the archive of the data directory */
    SmallBackup(Consumer<TarWriter> more) {
        this(more, Optional.of(TABLESPACE + " /where/it/was\n"));
    }

    /** @param map the server's list of tablespaces, which it sends in place of links */
    SmallBackup(Consumer<TarWriter> more, Optional<String> map) {
        TarWriter tablespace = new TarWriter();
        TarWriter data = new TarWriter();
        tablespace.directory("PG_17_202406281");
        tablespace.file("PG_17_202406281/1", new byte[9_000], data.manifest(), "pg_tblspc/%d/".formatted(TABLESPACE));
        data.directory("global");
        data.directory("pg_tblspc");
        file(data, "PG_VERSION", "17\n");
        file(data, "backup_label", "START WAL LOCATION: %s (file 0)\n".formatted(START));
        map.ifPresent(text -> file(data, "tablespace_map", text));
        file(data, "postgresql.conf", "port = 1\n");
        data.file("global/1262", new byte[70_001], data.manifest(), "");
        more.accept(data);
        data.file("global/pg_control", control(), data.manifest(), "");
        List<BackupRecord.Part> parts = new ArrayList<>();
        parts.add(put("tablespace-%d.tar.zst".formatted(TABLESPACE), tablespace.finish(), true));
        parts.add(put("data.tar.zst", data.finish(), true));
        parts.add(put("backup-manifest", data.manifest().finish(1, START, STOP), false));
        record(parts, "tablespace-%d.tar.zst".formatted(TABLESPACE));
        vault.put(cluster.history(2), HISTORY);
        piece(0x2000000, 0x2000200);
        piece(0x2000000, 0x2080000);
        piece(0x2080000, 0x2100000);
        piece(0x2100000, 0x2100200);
    }

    /** Writes {@code backup.json} anew. */
    void record(List<BackupRecord.Part> parts, String tablespace) {
        record(parts, tablespace, BackupRecord.Method.REPLICATION);
    }

    void record(List<BackupRecord.Part> parts, String tablespace, BackupRecord.Method method) {
        BackupRecord record = new BackupRecord(
                id,
                cluster.system(),
                version,
                1,
                START,
                STOP,
                STARTED,
                STARTED.plusSeconds(1),
                "slot",
                "label",
                true,
                0,
                SEGMENT,
                method,
                parts,
                List.of(new BackupRecord.Tablespace(TABLESPACE, "/where/it/was", cluster.base(id) + tablespace)));
        vault.objects().put(cluster.base(id) + "backup.json", RecordJson.write(record));
    }

    /** Of another server version, by the record's word. */
    SmallBackup version(int number) {
        version = number;
        BackupRecord old = RecordJson.readBackup(vault.bytes(cluster.base(id) + "backup.json"));
        record(old.objects(), "tablespace-%d.tar.zst".formatted(TABLESPACE));
        return this;
    }

    BackupRecord.Part put(String name, byte[] content, boolean pack) {
        byte[] stored = pack ? Zstd.compress(content) : content;
        vault.objects().put(cluster.base(id) + name, stored);
        return new BackupRecord.Part(
                cluster.base(id) + name, stored.length, MemoryVault.sha256(stored), content.length);
    }

    String data() {
        return cluster.base(id) + "data.tar.zst";
    }

    String piece(long from, long to) {
        Piece piece = new Piece(1, new Lsn(from), new Lsn(to));
        byte[] bytes = new byte[(int) (to - from)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (((from + i) * 0x9E37_79B9_7F4A_7C15L) >>> 40);
        }
        vault.objects().put(piece.object(cluster), Zstd.compress(bytes));
        return piece.object(cluster);
    }

    static Target target() {
        return new Target(1, Optional.of(END.plus(-64)), END, Optional.of(STARTED.plusSeconds(2)));
    }

    RestoreRequest request(Path destination) {
        return request(destination, RecoverTo.latest());
    }

    RestoreRequest request(Path destination, RecoverTo to) {
        ResourceId resource = new ResourceId(TargetId.of("postgres:main"), cluster.system());
        return new RestoreRequest(
                new RestorePoint(
                        new PointId(id, 1, vault.name()).toString(),
                        resource,
                        cluster.system() + "/00000001",
                        STARTED,
                        STARTED.plusSeconds(2),
                        List.of(new Copy(vault.name(), Place.UNKNOWN, Copy.State.COMPLETE, STARTED)),
                        List.of()),
                vault.name(),
                to,
                destination.toString());
    }

    static PostgresRestorer.Builder restorer(Vault from, RestoreDisk disk) {
        return PostgresRestorer.builder()
                .programs(17, PostgresBinaries.ofClassPath().programs())
                .launchedBy(PostgresBinaries.launchPrefix())
                .connections(SmallBackup::nowhere)
                .resolver((vaulted, record, request) -> target())
                .disk(disk)
                .vault(from);
    }

    private static DataSource nowhere(String host, int port, String database) {
        throw new IllegalStateException(
                "nobody is to ask %s:%d/%s".formatted(host, port, database), new SQLException());
    }

    private static void file(TarWriter tar, String name, String text) {
        tar.file(name, text.getBytes(StandardCharsets.UTF_8), tar.manifest(), "");
    }

    private byte[] control() {
        ByteBuffer bytes = ByteBuffer.allocate(8_192).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(0, Long.parseUnsignedLong(cluster.system()))
                .putInt(8, 1_300)
                .putInt(180, 100)
                .putInt(184, 8)
                .putInt(188, 10)
                .putInt(192, 0)
                .putInt(196, 64)
                .putDouble(208, 1_234_567.0)
                .putInt(216, 8_192)
                .putInt(220, 131_072)
                .putInt(228, SEGMENT)
                .putInt(252, 1);
        CRC32C crc = new CRC32C();
        crc.update(bytes.array(), 0, 288);
        return bytes.putInt(288, (int) crc.getValue()).array();
    }
}
