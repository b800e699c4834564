package com.cybernance.continuity.examples.proof;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Clients that append to the ledger, one row a commit. Each writes the number of every commit that was acknowledged to
 * it into a file of its own outside the database, so that nobody has to take the database's word for it.
 */
final class Load implements AutoCloseable {
    static final int CLIENTS = 4;

    private static final long PAUSE_MILLIS = 10;
    private static final long RETRY_MILLIS = 200;
    private static final Duration ENDING = Duration.ofSeconds(15);

    private final DataSource writer;
    private final Path directory;
    private final InstantSource clock = InstantSource.system();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicReference<@Nullable Exception> trouble = new AtomicReference<>();
    private final List<Thread> clients = new ArrayList<>();

    private Load(DataSource writer, Path directory) {
        this.writer = writer;
        this.directory = directory;
    }

    /**
     * Starts the clients.
     *
     * @param directory an empty one for their files
     */
    static Load start(DataSource writer, Path directory) {
        Load load = new Load(writer, directory);
        for (int i = 1; i <= CLIENTS; i++) {
            Path log = directory.resolve("client-%d.log".formatted(i));
            Thread client = new Thread(() -> load.write(log), "proof-client-" + i);
            client.setDaemon(true);
            load.clients.add(client);
            client.start();
        }
        return load;
    }

    /** How many commits were acknowledged so far. */
    long acknowledged() {
        return acknowledged.get();
    }

    /** The last failure of a client, each of which tries again after one. */
    Optional<Exception> trouble() {
        return Optional.ofNullable(trouble.get());
    }

    /** Ends the clients, each after the commit that it is waiting for. */
    @Override
    public void close() {
        ended.countDown();
        try {
            for (Thread client : clients) {
                client.join(ENDING.toMillis());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The numbers of all acknowledged commits, read back from the clients' files. */
    SortedSet<Long> logged() {
        return written().stream().map(Written::seq).collect(Collectors.toCollection(TreeSet::new));
    }

    /** All acknowledged commits so far, read back from the clients' files. */
    List<Written> written() {
        List<Written> all = new ArrayList<>();
        try (Stream<Path> logs = Files.list(directory)) {
            for (Path log : logs.toList()) {
                Files.readAllLines(log).forEach(line -> all.add(Written.parse(line)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    /**
     * A commit that was acknowledged to a client.
     *
     * @param seq its number in the ledger
     * @param sent just before it was sent
     * @param acknowledged just after the answer came
     */
    record Written(long seq, Instant sent, Instant acknowledged) {
        private static Written parse(String line) {
            String[] parts = line.split(" ", -1);
            return new Written(Long.parseLong(parts[0]), Instant.parse(parts[1]), Instant.parse(parts[2]));
        }

        @Override
        public String toString() {
            return seq + " " + sent + " " + acknowledged;
        }
    }

    private void write(Path log) {
        try (BufferedWriter file = Files.newBufferedWriter(log)) {
            while (ended.getCount() > 0) {
                try (Connection connection = writer.getConnection()) {
                    append(connection, file);
                } catch (SQLException failed) {
                    trouble.set(failed);
                    ended.await(RETRY_MILLIS, TimeUnit.MILLISECONDS);
                }
            }
        } catch (IOException failed) {
            trouble.set(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void append(Connection connection, BufferedWriter file)
            throws SQLException, IOException, InterruptedException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO ledger (payload) VALUES (?) RETURNING seq")) {
            insert.setString(1, Thread.currentThread().getName());
            while (!ended.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                insert.clearWarnings();
                Instant sent = clock.instant();
                long seq;
                try (ResultSet rows = insert.executeQuery()) {
                    rows.next();
                    seq = rows.getLong(1);
                }
                // A wait for the standby that was cut short ends in a warning: that client was promised nothing.
                if (insert.getWarnings() == null && connection.getWarnings() == null) {
                    file.write(new Written(seq, sent, clock.instant()) + "\n");
                    file.flush();
                    acknowledged.incrementAndGet();
                }
                connection.clearWarnings();
            }
        }
    }
}
