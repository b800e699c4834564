package com.cybernance.continuity.postgres;

import com.cybernance.continuity.testkit.postgres.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;

/** A client that asks for the log as a standby does, throws it away, and says that all of it is safe. */
final class Stray implements AutoCloseable {
    private final Connection connection;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread = new Thread(this::acknowledge, "stray");

    private final String slot;
    private final String publication;

    private final boolean applies;

    Stray(PostgresServer primary, String name) throws SQLException {
        this(primary, name, "", "", true);
    }

    /** A client that keeps the log and no database, so that it never says it applied anything, like pg_receivewal. */
    static Stray keeper(PostgresServer primary, String name) throws SQLException {
        return new Stray(primary, name, "", "", false);
    }

    /** A client that takes published tables through a logical slot. */
    static Stray subscriber(PostgresServer primary, String name, String slot, String publication) throws SQLException {
        return new Stray(primary, name, slot, publication, true);
    }

    private Stray(PostgresServer primary, String name, String slot, String publication, boolean applies)
            throws SQLException {
        this.applies = applies;
        this.slot = slot;
        this.publication = publication;
        PGSimpleDataSource source = (PGSimpleDataSource) primary.dataSource(PostgresServer.SUPERUSER);
        source.setReplication(slot.isEmpty() ? "true" : "database");
        source.setPreferQueryMode(org.postgresql.jdbc.PreferQueryMode.SIMPLE);
        source.setAssumeMinServerVersion("15");
        source.setApplicationName(name);
        connection = source.getConnection();
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws SQLException {
        ended.countDown();
        connection.close();
    }

    private void acknowledge() {
        try (PGReplicationStream stream = stream()) {
            while (!ended.await(5, TimeUnit.MILLISECONDS)) {
                while (stream.readPending() != null) {
                    // Thrown away.
                }
                LogSequenceNumber received = stream.getLastReceiveLSN();
                stream.setFlushedLSN(received);
                if (applies) {
                    stream.setAppliedLSN(received);
                }
                stream.forceUpdateStatus();
            }
        } catch (SQLException dropped) {
            // Then no commit counts on us any more.
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private PGReplicationStream stream() throws SQLException {
        var asking = connection.unwrap(PGConnection.class).getReplicationAPI().replicationStream();
        return slot.isEmpty()
                ? asking.physical()
                        .withStartPosition(position())
                        .withStatusInterval(1, TimeUnit.SECONDS)
                        .start()
                : asking.logical()
                        .withSlotName(slot)
                        .withSlotOption("proto_version", "1")
                        .withSlotOption("publication_names", publication)
                        .withStatusInterval(1, TimeUnit.SECONDS)
                        .start();
    }

    private LogSequenceNumber position() throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("IDENTIFY_SYSTEM")) {
            rows.next();
            return LogSequenceNumber.valueOf(rows.getString("xlogpos"));
        }
    }
}
