package com.cybernance.continuity.testkit.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** How to run PostgreSQL's programs, which refuse to run as root. */
enum Launcher {
    /** As ourselves, where we are not root. */
    DIRECT(""),
    /** In a user name space of its own: files stay ours, and the program sees another user. */
    UNSHARE("unshare -U"),
    /** As the user that owns nothing; its files are handed to it. */
    SETPRIV("setpriv --reuid 65534 --regid 65534 --clear-groups");

    private static final int NOBODY = 65534;

    private final String prefix;

    Launcher(String prefix) {
        this.prefix = prefix;
    }

    /** The first that works for this user. */
    static Launcher choose() {
        return available().stream()
                .findFirst()
                .orElseThrow(
                        () -> new IllegalStateException(
                                "PostgreSQL does not run as root, and neither unshare nor setpriv works here. Hint: run as a normal user, or install util-linux"));
    }

    /** Those that work for this user, the best first. */
    static List<Launcher> available() {
        if (Workspace.uid() != 0) {
            return List.of(DIRECT);
        }
        List<Launcher> working = new ArrayList<>();
        for (Launcher each : List.of(UNSHARE, SETPRIV)) {
            if (each.works()) {
                working.add(each);
            }
        }
        return working;
    }

    ProcessBuilder command(Path program, List<String> arguments) {
        List<String> command = prefixed();
        command.add(program.toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        // A server must not change with the locale, the time zone or the PG* variables of whoever starts it.
        builder.environment().keySet().removeIf(name -> name.startsWith("PG") || name.startsWith("LC_"));
        builder.environment().put("LC_ALL", "C");
        builder.environment().put("TZ", "UTC");
        builder.redirectErrorStream(true);
        builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        return builder;
    }

    /** Gives a file or directory to the user that the programs run as. */
    void hand(Path file) throws IOException {
        if (this == SETPRIV) {
            Files.setAttribute(file, "unix:uid", NOBODY);
            Files.setAttribute(file, "unix:gid", NOBODY);
        }
    }

    List<String> prefixed() {
        return prefix.isEmpty() ? new ArrayList<>() : new ArrayList<>(List.of(prefix.split(" ", -1)));
    }

    private boolean works() {
        try {
            List<String> command = prefixed();
            command.add("true");
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException notInstalled) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while trying " + prefix, e);
        }
    }

    /** Runs a program to its end; what it printed. */
    String run(Path program, List<String> arguments) throws IOException {
        Process process = command(program, arguments).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            int status = process.waitFor();
            if (status != 0) {
                throw new IOException(
                        "%s ended with status %d: %s".formatted(program.getFileName(), status, said.strip()));
            }
            return said;
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + program.getFileName() + " ran", e);
        }
    }
}
