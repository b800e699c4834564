package com.cybernance.continuity.examples.proof;

import com.cybernance.continuity.policy.Policy;
import com.cybernance.continuity.testkit.postgres.PostgresPair;
import com.cybernance.continuity.testkit.postgres.PostgresServer;

/** What is looked at, before anything is judged. */
final class Header {
    private static final int LABEL_WIDTH = 10;
    private static final int SHOWN_OF_DIGEST = 16;

    private Header() {}

    static void print(Terminal terminal, Policy policy, PostgresPair pair) {
        PostgresServer primary = pair.primary();
        PostgresServer standby = pair.standby();
        terminal.line(terminal.bold("Continuity: is the backup policy true here?"));
        terminal.line();
        row(terminal, "estate", Platform.ESTATE.toString());
        row(
                terminal,
                "policy",
                "%s, %d clauses, digest %s..."
                        .formatted(
                                policy.name(),
                                policy.clauses().size(),
                                policy.digest().substring(0, SHOWN_OF_DIGEST)));
        row(terminal, "primary", server(primary));
        row(terminal, "standby", server(standby));
        row(
                terminal,
                "places",
                "Both data centres are only words: the proof declares them, each server repeats its own from its settings file. Both servers were seen on this one host.");
        row(
                terminal,
                "vaults",
                "%s, and %s, which is sealed; two directories in two more places that the proof declares"
                        .formatted(Vaults.EAST, Vaults.WEST));
        row(
                terminal,
                "clients",
                "%d, each writing one row a commit; what was acknowledged is logged outside the database"
                        .formatted(Load.CLIENTS));
        terminal.line();
    }

    private static String server(PostgresServer server) {
        return "%s, PostgreSQL %s at 127.0.0.1:%d, says that it is in data centre %s"
                .formatted(
                        server.name(),
                        server.query("SHOW server_version"),
                        server.port(),
                        server.query("SHOW continuity.data_centre"));
    }

    private static void row(Terminal terminal, String label, String text) {
        terminal.labelled(2, label, LABEL_WIDTH, text);
    }
}
