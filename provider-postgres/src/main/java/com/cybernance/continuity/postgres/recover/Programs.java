package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * PostgreSQL's programs on this machine.
 *
 * @param directories where they lie, by major version
 * @param prefix what every command begins with
 */
record Programs(Map<Integer, Path> directories, List<String> prefix) {
    Programs {
        directories = Map.copyOf(directories);
        prefix = List.copyOf(prefix);
    }

    /** Refuses when the programs of this version are not here. */
    void require(int major) {
        for (String name : List.of("postgres", "pg_ctl")) {
            if (!Files.isExecutable(directory(major).resolve(name))) {
                throw new ContinuityException(
                        FailureKind.MISCONFIGURED,
                        "no program %s in %s".formatted(name, directory(major)),
                        "name the directory that holds the programs of PostgreSQL " + major);
            }
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
