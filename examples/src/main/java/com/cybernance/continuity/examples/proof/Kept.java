package com.cybernance.continuity.examples.proof;

import com.cybernance.continuity.testkit.postgres.PostgresPair;
import com.cybernance.continuity.testkit.postgres.PostgresServer;
import java.util.List;

/** Leaves the servers to a reader who wants to look around. */
final class Kept {
    private Kept() {}

    static void print(Terminal terminal, PostgresPair pair) {
        List<PostgresServer> servers = List.of(pair.primary(), pair.standby());
        String stop = pair.keep();
        terminal.heading("The servers stay");
        for (PostgresServer server : servers) {
            // A command to copy is never wrapped.
            terminal.line("  %s: PGPASSWORD=$(cat '%s') psql 'postgresql://app_writer@127.0.0.1:%d/%s'"
                    .formatted(
                            server.name(),
                            pair.directory().resolve("app_writer.password"),
                            server.port(),
                            PostgresServer.DATABASE));
        }
        terminal.line("  Passwords of the other roles, settings, logs and the clients' files: " + pair.directory());
        terminal.line("  To stop them and remove everything: " + stop);
    }
}
