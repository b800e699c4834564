package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.testkit.Seeds;
import com.cybernance.continuity.testkit.postgres.PostgresServer;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Clients that write deeds, each in a session of its own. */
final class Writers {
    private Writers() {}

    /** Some clients that commit in every way there is, with short rests. */
    static void scattered(PostgresServer server, Seeds seeds, int commits) {
        List<List<String>> all = new ArrayList<>();
        for (int client = 0; client < 4; client++) {
            List<String> statements = new ArrayList<>();
            for (int i = 0; i < commits / 4; i++) {
                statements.addAll(deed(seeds, "%s_%d_%d".formatted(server.name(), client, i)));
            }
            all.add(statements);
        }
        run(server, all);
    }

    /**
     * So many clients commit so fast that some fall behind between the reading of their clock and their place in the log.
     * They do not wait for the disk.
     */
    static void burst(PostgresServer server) {
        String loop = "DO $$ BEGIN FOR i IN 1..80 LOOP INSERT INTO deeds DEFAULT VALUES; COMMIT; END LOOP; END $$";
        String slow = "SELECT pg_logical_emit_message(false, 'long', repeat('x', 60000)) FROM generate_series(1, 6)";
        List<List<String>> all = new ArrayList<>();
        for (int client = 0; client < 24; client++) {
            all.add(List.of("SET synchronous_commit = off", client % 4 == 0 ? slow : loop));
        }
        run(server, all);
        // One that waits for the disk, so that what the others did is there for the server's reader.
        server.execute("INSERT INTO deeds DEFAULT VALUES");
    }

    private static List<String> deed(Seeds seeds, String name) {
        String insert = "INSERT INTO deeds DEFAULT VALUES";
        return switch (seeds.between(0, 9)) {
            case 0 ->
                List.of(
                        "BEGIN",
                        insert,
                        "PREPARE TRANSACTION '%s'".formatted(name),
                        "%s PREPARED '%s'".formatted(seeds.chance(70) ? "COMMIT" : "ROLLBACK", name));
            case 1 ->
                List.of(
                        "BEGIN",
                        insert,
                        "SAVEPOINT one",
                        insert,
                        "SAVEPOINT two",
                        insert,
                        seeds.chance(50) ? "ROLLBACK TO two" : "RELEASE two",
                        "COMMIT");
            case 2 -> List.of("BEGIN", insert, "ROLLBACK");
            case 3 -> List.of("BEGIN", insert, insert, "COMMIT");
            case 4 -> List.of("SELECT pg_sleep(%s)".formatted(seeds.between(1, 20) / 1000.0), insert);
            default -> List.of(insert);
        };
    }

    /** Each list in a session of its own; all begin when every session is there. */
    private static void run(PostgresServer server, List<List<String>> all) {
        ExecutorService clients = Executors.newFixedThreadPool(all.size());
        CyclicBarrier ready = new CyclicBarrier(all.size());
        try {
            List<Future<?>> ends = new ArrayList<>();
            for (List<String> statements : all) {
                ends.add(clients.submit(() -> run(statements, server, ready)));
            }
            for (Future<?> each : ends) {
                each.get();
            }
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            clients.shutdownNow();
        }
    }

    private static Object run(List<String> statements, PostgresServer server, CyclicBarrier ready) throws Exception {
        try (Connection connection = server.dataSource(PostgresServer.SUPERUSER).getConnection();
                Statement statement = connection.createStatement()) {
            ready.await();
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
        return "";
    }
}
