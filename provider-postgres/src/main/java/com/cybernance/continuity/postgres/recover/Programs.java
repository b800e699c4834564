package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * PostgreSQL's programs on this machine.
 *
 * @param directories where they lie, by major version
 * @param prefix what every command begins with
 */
record Programs(Map<Integer, Path> directories, List<String> prefix) {
    private static final int OLDEST = 15;
    private static final int NEWEST = 18;
    private static final long VERSION_MILLIS = 30_000;
    private static final Pattern VERSION = Pattern.compile("^postgres \\(PostgreSQL\\) ([0-9]{1,4})");

    Programs {
        directories = Map.copyOf(directories);
        prefix = List.copyOf(prefix);
    }

    /** Refuses when the programs of this version are not here, or those that are here are of another one. */
    void require(int major) throws IOException {
        if (major < OLDEST || major > NEWEST) {
            throw new ContinuityException(
                    FailureKind.UNSUPPORTED,
                    "the backup is of PostgreSQL %d, expected %d to %d".formatted(major, OLDEST, NEWEST),
                    "take the release of this library that knows it");
        }
        for (String name : List.of("postgres", "pg_ctl")) {
            if (!Files.isExecutable(directory(major).resolve(name))) {
                throw new ContinuityException(
                        FailureKind.MISCONFIGURED,
                        "no program %s in %s".formatted(name, directory(major)),
                        "name the directory that holds the programs of PostgreSQL " + major);
            }
        }
        String said = version(major);
        Matcher version = VERSION.matcher(said);
        if (!version.find() || Integer.parseInt(version.group(1)) != major) {
            throw new ContinuityException(
                    FailureKind.MISCONFIGURED,
                    "the program postgres in %s says '%s', expected PostgreSQL %d"
                            .formatted(directory(major), said.substring(0, Math.min(200, said.length())), major),
                    "name the directory that holds the programs of PostgreSQL " + major);
        }
    }

    private String version(int major) throws IOException {
        Process asked = command(major, "postgres", List.of("--version"))
                .redirectErrorStream(true)
                .start();
        try {
            String said = new String(asked.getInputStream().readNBytes(1_000), StandardCharsets.UTF_8).strip();
            if (!RestoredServer.ended(asked.toHandle(), VERSION_MILLIS)) {
                throw new IOException("postgres --version does not end");
            }
            return said;
        } finally {
            asked.destroyForcibly();
        }
    }

    /** A command that does not change with the locale, time zone or PG* variables of whoever runs it. */
    ProcessBuilder command(int major, String program, List<String> arguments) {
        List<String> words = new ArrayList<>(prefix);
        words.add(directory(major).resolve(program).toString());
        words.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().keySet().removeIf(name -> name.startsWith("PG") || name.startsWith("LC_"));
        builder.environment().put("LC_ALL", "C");
        builder.environment().put("TZ", "UTC");
        builder.redirectInput(Path.of("/dev/null").toFile());
        return builder;
    }

    private Path directory(int major) {
        Path directory = directories.get(major);
        if (directory == null) {
            throw new ContinuityException(
                    FailureKind.UNSUPPORTED,
                    "the backup is of PostgreSQL %d, and programs are known of %s"
                            .formatted(major, new TreeMap<>(directories).keySet()),
                    "install PostgreSQL %d here and name its directory".formatted(major));
        }
        return directory;
    }
}
