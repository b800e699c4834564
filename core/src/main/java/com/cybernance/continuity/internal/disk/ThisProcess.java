package com.cybernance.continuity.internal.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Who we are, for somebody who wants to know who holds a lease. */
public final class ThisProcess {
    private static final Path LINUX_HOST = Path.of("/proc/sys/kernel/hostname");

    /** What {@link #host} says when it does not know. */
    public static final String UNKNOWN = "unknown";

    private ThisProcess() {}

    public static String description() {
        return "process " + ProcessHandle.current().pid() + " on host " + host();
    }

    /** The name of this machine, or {@link #UNKNOWN}. Never asks the network for it, which could hang. */
    public static String host() {
        try {
            return Files.readString(LINUX_HOST).strip();
        } catch (IOException e) {
            String name = System.getenv("HOSTNAME");
            return name == null ? UNKNOWN : name;
        }
    }
}
