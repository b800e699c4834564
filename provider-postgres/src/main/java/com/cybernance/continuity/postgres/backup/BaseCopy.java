package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.wire.Quoted;
import com.cybernance.continuity.postgres.wire.ReplicationConnection;
import com.cybernance.continuity.postgres.wire.ServerError;
import com.cybernance.continuity.postgres.wire.WireMessage;
import com.cybernance.continuity.spi.Vault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Brings one base backup from the server into a vault, byte by byte, and checks it on the way. For one use. */
final class BaseCopy {
    private final ReplicationConnection connection;
    private final Patience patience;
    private final Vault vault;
    private final Cluster cluster;
    private final Options options;
    private final LongConsumer progress;

    BaseCopy(
            ReplicationConnection connection,
            Patience patience,
            Vault vault,
            Cluster cluster,
            Options options,
            LongConsumer progress) {
        this.connection = connection;
        this.patience = patience;
        this.vault = vault;
        this.cluster = cluster;
        this.options = options;
        this.progress = progress;
    }

    Copied take(String label) throws IOException {
        boolean checksums = connection.show("data_checksums").equals("on");
        Instant startedAt = connection.serverClock();
        // The server need not wait for its own archive, which may be slow or broken: the log is brought by other ways.
        connection.send(
                "BASE_BACKUP (LABEL %s, CHECKPOINT 'fast', WAIT false, MANIFEST 'yes', MANIFEST_CHECKSUMS 'CRC32C', TABLESPACE_MAP%s)"
                        .formatted(
                                Quoted.text(label), options.maxRate() == 0 ? "" : ", MAX_RATE " + options.maxRate()));
        patience.await(connection);
        Map<String, String> begun = row(connection.result());
        Lsn start = position(begun);
        int timeline = number(begun, "tli");
        List<Map<String, String>> spaces = connection.result();
        connection.expect(WireMessage.COPY_OUT);

        String id = Copied.id(startedAt, timeline, start);
        PageCheck pages = checksums ? new PageCheck(start) : null;
        try (BaseStream stream = new BaseStream(vault, cluster.base(id), options.level(), pages)) {
            try {
                receive(stream);
                Map<String, String> ended = row(connection.result());
                Lsn stop = position(ended);
                connection.rest();
                Copied.requireStopOn(timeline, number(ended, "tli"));
                if (pages != null) {
                    pages.end(stop);
                }
                refuseBrokenPages(pages);
                ControlData control = stream.finish(cluster.system(), start);
                if (control.pageChecksums() != checksums) {
                    throw new ContinuityException(
                            FailureKind.CONFLICT,
                            "page checksums were switched while the backup was taken",
                            "take the backup again");
                }
                return new Copied(
                        id,
                        timeline,
                        start,
                        stop,
                        startedAt,
                        control,
                        pages == null ? 0 : pages.checked(),
                        stream.parts(),
                        tablespaces(spaces, id, stream.parts()));
            } catch (ServerError e) {
                if (e.kind() == FailureKind.CORRUPT) {
                    throw corrupt(e.getMessage(), pages);
                }
                throw e;
            }
        }
    }

    private void receive(BaseStream stream) throws IOException {
        long received = 0;
        for (WireMessage message = patience.next(connection);
                message.type() != WireMessage.COPY_DONE;
                message = patience.next(connection)) {
            if (message.type() != WireMessage.COPY_DATA) {
                throw unexpected("a message '%s' inside of a copy".formatted(message.type()));
            }
            received += message.body().remaining();
            stream.piece(message.body());
            progress.accept(received);
        }
    }

    /** The server checks too, and says so at the end; where it was told not to, this is the only word. */
    private void refuseBrokenPages(@Nullable PageCheck pages) {
        if (pages != null && pages.wrong() > 0) {
            throw corrupt("%d pages do not carry their checksum".formatted(pages.wrong()), pages);
        }
    }

    private ContinuityException corrupt(@Nullable String what, @Nullable PageCheck pages) {
        List<String> where = new ArrayList<>(pages == null ? List.of() : pages.broken());
        if (where.isEmpty()) {
            where.addAll(connection.notices());
        }
        return damaged(what, where);
    }

    static ContinuityException damaged(@Nullable String what, List<String> where) {
        return new ContinuityException(
                FailureKind.CORRUPT,
                "the server's data is damaged, so this is no backup: %s; %s".formatted(what, String.join("; ", where)),
                "keep the last good backup, and restore or repair the file that is named");
    }

    private List<BackupRecord.Tablespace> tablespaces(
            List<Map<String, String>> spaces, String id, List<BackupRecord.Part> parts) {
        List<BackupRecord.Tablespace> all = new ArrayList<>();
        for (Map<String, String> space : spaces) {
            String oid = space.get("spcoid");
            String location = space.get("spclocation");
            if (oid != null && location != null) {
                String object = cluster.base(id) + BaseStream.tablespace(oid);
                if (parts.stream().noneMatch(part -> part.name().equals(object))) {
                    throw unexpected("no archive for tablespace %s".formatted(oid));
                }
                all.add(new BackupRecord.Tablespace(Long.parseLong(oid), location, object));
            }
        }
        return all;
    }

    private static Lsn position(Map<String, String> row) {
        String position = row.get("recptr");
        if (position == null) {
            throw unexpected("no position");
        }
        return Lsn.parse(position);
    }

    private static int number(Map<String, String> row, String column) {
        String number = row.get(column);
        if (number == null) {
            throw unexpected("no column " + column);
        }
        return Integer.parseInt(number);
    }

    private static Map<String, String> row(List<Map<String, String>> rows) {
        if (rows.size() != 1) {
            throw unexpected("%d rows instead of one".formatted(rows.size()));
        }
        return rows.get(0);
    }

    static ContinuityException unexpected(String what) {
        return new ContinuityException(
                FailureKind.UNEXPECTED, "BASE_BACKUP was answered with " + what, "use PostgreSQL 15 to 18");
    }

    /** The position in a label's first line, such as {@code START WAL LOCATION: 0/2000028 (file ...)}. */
    static void requireLabel(byte[] label, Lsn start) {
        String text = new String(label, StandardCharsets.UTF_8);
        if (!text.startsWith("START WAL LOCATION: %s ".formatted(start))) {
            throw new ContinuityException(
                    FailureKind.CORRUPT,
                    "backup_label does not begin with the start at %s".formatted(start),
                    "take the backup again");
        }
    }
}
