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

    Stray(PostgresServer primary, String name) throws SQLException {
        PGSimpleDataSource source = (PGSimpleDataSource) primary.dataSource(PostgresServer.SUPERUSER);
        source.setReplication("true");
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
        try (PGReplicationStream stream = connection
                .unwrap(PGConnection.class)
                .getReplicationAPI()
                .replicationStream()
                .physical()
                .withStartPosition(position())
                .withStatusInterval(1, TimeUnit.SECONDS)
                .start()) {
            while (!ended.await(5, TimeUnit.MILLISECONDS)) {
                while (stream.readPending() != null) {
                    // Thrown away.
                }
                LogSequenceNumber received = stream.getLastReceiveLSN();
                stream.setFlushedLSN(received);
                stream.setAppliedLSN(received);
                stream.forceUpdateStatus();
            }
        } catch (SQLException dropped) {
            // Then no commit counts on us any more.
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private LogSequenceNumber position() throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("IDENTIFY_SYSTEM")) {
            rows.next();
            return LogSequenceNumber.valueOf(rows.getString("xlogpos"));
        }
    }
}
