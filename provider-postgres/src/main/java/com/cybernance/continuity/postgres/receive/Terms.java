package com.cybernance.continuity.postgres.receive;

import com.cybernance.continuity.spi.Ticker;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/**
 * What a receiver was told to do.
 *
 * @param servers the ways to the servers of the cluster, one of which takes the writes
 * @param properties for the driver, the application's name included
 * @param directory where the spool is
 * @param expected the system identifier that the server must have; empty when the first one met is the one
 * @param shipEvery the most that a received byte waits before it is shipped
 * @param spoolBytes the most that the spool holds
 * @param silence how long the server may say nothing
 * @param patience how long another user of the slot is waited for
 */
record Terms(
        List<String> servers,
        Properties properties,
        Path directory,
        String slot,
        String applicationName,
        Optional<String> expected,
        Duration shipEvery,
        long spoolBytes,
        Duration silence,
        Duration patience,
        InstantSource clock,
        Ticker ticker) {
    Terms {
        servers = List.copyOf(servers);
    }

    /** Without the ways to the servers and the properties, which hold passwords. */
    @Override
    public String toString() {
        return "slot %s, spool %s".formatted(slot, directory);
    }
}
