package com.cybernance.continuity.postgres.receive;

import com.cybernance.continuity.testkit.postgres.PostgresServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/** Clients that write to the ledger until they are told to end, and know which of their writes were acknowledged. */
final class Load implements AutoCloseable {
    private final PostgresServer server;
    private final List<Thread> writers = new ArrayList<>();
    private final Queue<Long> acknowledged = new ConcurrentLinkedQueue<>();
    private volatile boolean ended;

    Load(PostgresServer server, int writers) {
        this.server = server;
        for (int i = 0; i < writers; i++) {
            Thread writer = new Thread(this::write, "writer-" + i);
            writer.setDaemon(true);
            this.writers.add(writer);
            writer.start();
        }
    }

    /** The transactions whose commits were acknowledged. */
    List<Long> acknowledged() {
        return List.copyOf(acknowledged);
    }

    private void write() {
        while (!ended) {
            try (Connection connection = server.dataSource("app_writer").getConnection();
                    PreparedStatement insert = connection.prepareStatement(
                            "INSERT INTO ledger (payload) VALUES (?) RETURNING pg_current_xact_id()::text::bigint")) {
                for (int n = 0; !ended; n++) {
                    insert.setString(
                            1,
                            "row %d of %s "
                                    .formatted(n, Thread.currentThread().getName())
                                    .repeat(1 + n % 40));
                    try (ResultSet row = insert.executeQuery()) {
                        row.next();
                        long transaction = row.getLong(1);
                        if (connection.getWarnings() == null && insert.getWarnings() == null) {
                            acknowledged.add(transaction);
                        }
                    }
                }
            } catch (SQLException theServerIsDown) {
                LockSupport.parkNanos(20_000_000);
            }
        }
    }

    @Override
    public void close() {
        ended = true;
        for (Thread writer : writers) {
            try {
                writer.join(30_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
