package com.cybernance.continuity.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Who we are, for somebody who wants to know who holds a lease. */
final class ThisProcess {
    private static final Path LINUX_HOST = Path.of("/proc/sys/kernel/hostname");

    private ThisProcess() {}

    static String description() {
        return "process " + ProcessHandle.current().pid() + " on host " + host();
    }

    /** Never asks the network for a name, which could hang. */
    private static String host() {
        try {
            return Files.readString(LINUX_HOST).strip();
        } catch (IOException e) {
            String name = System.getenv("HOSTNAME");
            return name == null ? "unknown" : name;
        }
    }
}
