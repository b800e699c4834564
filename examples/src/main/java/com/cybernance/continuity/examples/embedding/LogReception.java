package com.cybernance.continuity.examples.embedding;

import com.cybernance.continuity.postgres.receive.LogReceiver;
import com.cybernance.continuity.spi.StateStore;
import com.cybernance.continuity.spi.Vault;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Properties;

/** How the log of a PostgreSQL pair is received and shipped to two vaults. */
public final class LogReception {
    private LogReception() {}

    /**
     * Starts a receiver; close it when the process ends.
     *
     * @param login {@code user} and {@code password} of a role with {@code REPLICATION}
     */
    public static LogReceiver start(Properties login, StateStore state, Vault near, Vault far) {
        // snippet:log-receiver
        LogReceiver receiver = LogReceiver.of(
                        "jdbc:postgresql://db1/postgres", login, Path.of("/var/lib/continuity/log"))
                .server("jdbc:postgresql://db2/postgres")
                .vault(near)
                .vault(far)
                .state(state)
                .time(InstantSource.system(), System::nanoTime)
                .build();
        receiver.start();
        return receiver;
        // end
    }
}
