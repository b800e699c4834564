package com.cybernance.continuity.testkit.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The passwords of one run: random, and on disk only in files that their owner alone can read. */
final class Secrets {
    static final List<String> ROLES =
            List.of(PostgresServer.SUPERUSER, "replicator", "continuity_monitor", "app_writer", "reports");

    private final Path run;
    private final Launcher launcher;
    private final Map<String, String> passwords = new LinkedHashMap<>();

    Secrets(Path run, Launcher launcher) throws IOException {
        this.run = run;
        this.launcher = launcher;
        SecureRandom random = new SecureRandom();
        for (String role : ROLES) {
            byte[] bytes = new byte[16];
            random.nextBytes(bytes);
            passwords.put(role, HexFormat.of().formatHex(bytes));
            write(fileFor(role), of(role));
        }
    }

    String of(String role) {
        String password = passwords.get(role);
        if (password == null) {
            throw new IllegalArgumentException("no role %s here. Hint: one of %s".formatted(role, ROLES));
        }
        return password;
    }

    /** The file that holds the password and nothing else. */
    Path fileFor(String role) {
        return run.resolve(role + ".password");
    }

    /** The replication role's password in the form that a standby reads. */
    Path replicationPassfile() throws IOException {
        Path file = run.resolve("replication.pgpass");
        if (!Files.exists(file)) {
            write(file, "*:*:*:replicator:" + of("replicator") + "\n");
        }
        return file;
    }

    private void write(Path file, String text) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text);
        launcher.hand(file);
    }
}
