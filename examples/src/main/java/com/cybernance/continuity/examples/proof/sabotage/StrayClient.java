package com.cybernance.continuity.examples.proof.sabotage;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;

/**
 * A client that asks for the log as a standby does, throws it away, and says that all of it is safe. Ends with {@link
 * #end()}.
 */
final class StrayClient {
    private static final long PAUSE_MILLIS = 5;

    private final Connection connection;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread = new Thread(this::acknowledge, "stray client");

    private StrayClient(Connection connection) {
        this.connection = connection;
        thread.setDaemon(true);
    }

    /**
     * Connects, which is what takes the first free place among the standbys; asks for nothing yet.
     *
     * @param name what it calls itself
     */
    static StrayClient connect(Server primary, String name) throws IOException, SQLException {
        Properties credentials = primary.credentials();
        credentials.setProperty("replication", "true");
        credentials.setProperty("preferQueryMode", "simple");
        credentials.setProperty("assumeMinServerVersion", "15");
        credentials.setProperty("ApplicationName", name);
        // It may wait for the next commit for as long as it takes.
        credentials.setProperty("socketTimeout", "0");
        return new StrayClient(DriverManager.getConnection(primary.url(), credentials));
    }

    /** Starts to acknowledge whatever comes. */
    void start() {
        thread.start();
    }

    void end() throws SQLException, InterruptedException {
        ended.countDown();
        thread.join(5_000);
        connection.close();
    }

    private void acknowledge() {
        try (PGReplicationStream stream = stream()) {
            while (!ended.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                while (stream.readPending() != null) {
                    // Thrown away.
                }
                LogSequenceNumber received = stream.getLastReceiveLSN();
                stream.setFlushedLSN(received);
                stream.setAppliedLSN(received);
                stream.forceUpdateStatus();
            }
        } catch (SQLException ignored) {
            // The server went away or was told to drop us: then no commit counts on us any more.
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private PGReplicationStream stream() throws SQLException {
        PGConnection wire = connection.unwrap(PGConnection.class);
        return wire.getReplicationAPI()
                .replicationStream()
                .physical()
                .withStartPosition(position())
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
