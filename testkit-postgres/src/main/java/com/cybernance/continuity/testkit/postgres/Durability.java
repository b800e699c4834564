package com.cybernance.continuity.testkit.postgres;

import java.util.List;

/** Refuses a server on which an acknowledged commit could be lost: a test there would prove nothing. */
final class Durability {
    private Durability() {}

    /** @param checksums whether pages are to carry them: no commit hangs on that, but what a test finds does */
    static void assertOn(PostgresServer server, boolean checksums) {
        for (String setting : List.of("fsync", "full_page_writes", "synchronous_commit")) {
            require(server, setting, "on");
        }
        require(server, "data_checksums", checksums ? "on" : "off");
    }

    private static void require(PostgresServer server, String setting, String expected) {
        String value = server.query("SELECT current_setting('%s')".formatted(setting));
        if (!value.equals(expected)) {
            throw new IllegalStateException(
                    "%s runs with %s=%s, not %s".formatted(server.name(), setting, value, expected));
        }
    }
}
