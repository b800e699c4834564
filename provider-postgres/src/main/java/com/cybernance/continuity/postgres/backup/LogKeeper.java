package com.cybernance.continuity.postgres.backup;

import java.util.UUID;

/** The temporary slot by which a server keeps the log of a backup until the backup's connection ends. */
final class LogKeeper {
    private LogKeeper() {}

    /** A name that no other slot has. */
    static String name() {
        return "continuity_" + UUID.randomUUID().toString().replace("-", "");
    }
}
