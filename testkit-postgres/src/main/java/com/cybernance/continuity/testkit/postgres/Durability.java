package com.cybernance.continuity.testkit.postgres;

import java.util.List;

/** Refuses a server on which an acknowledged commit could be lost: a test there would prove nothing. */
final class Durability {
    private Durability() {}

    static void assertOn(PostgresServer server) {
        for (String setting : List.of("fsync", "full_page_writes", "synchronous_commit", "data_checksums")) {
            String value = server.query("SELECT current_setting('%s')".formatted(setting));
            if (!value.equals("on")) {
                throw new IllegalStateException("%s runs with %s=%s, not on".formatted(server.name(), setting, value));
            }
        }
    }
}
