package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.testkit.postgres.PostgresBinaries;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A server of the operating system's own PostgreSQL, and the tools that verify backups of it. */
final class Peers implements AutoCloseable {
    private final Path directory;
    private final Path programs;

    /** What a program answered. */
    record Answer(int code, String said) {}

    /** @param directory an empty one with a short path, because a Unix socket lies in it */
    Peers(Path directory) throws IOException {
        this.directory = directory;
        this.programs = find("pg_verifybackup");
        find("pgbackrest", Path.of("/usr/bin"));
        for (String name : List.of("log", "lock", "spool", "repo", "elsewhere")) {
            Files.createDirectory(directory.resolve(name));
        }
        Files.writeString(directory.resolve("pgbackrest.conf"), """
                [global]
                repo1-path=%1$s/repo
                repo1-retention-full=2
                log-path=%1$s/log
                lock-path=%1$s/lock
                spool-path=%1$s/spool
                start-fast=y
                log-level-console=error
                log-level-file=off
                compress-type=zst
                [main]
                pg1-path=%1$s/data
                pg1-port=5432
                pg1-socket-path=%1$s
                pg1-user=postgres
                """.formatted(directory));
        must(launched("initdb", "-D", data().toString(), "-k", "-N", "-U", "postgres", "--auth=trust"));
        Files.writeString(data().resolve("postgresql.auto.conf"), """
                listen_addresses = ''
                unix_socket_directories = '%1$s'
                fsync = off
                archive_mode = on
                archive_command = 'pgbackrest --config=%1$s/pgbackrest.conf --stanza=main archive-push %%p'
                """.formatted(directory));
        must(launched("pg_ctl", "-D", data().toString(), "-l", directory + "/server.log", "-w", "start"));
    }

    private static Path find(String program, Path... also) {
        TreeMap<Integer, Path> found = new TreeMap<>();
        for (String each : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
            if (Files.isExecutable(Path.of(each, program))) {
                found.put(0, Path.of(each));
            }
        }
        for (Path each : also) {
            if (Files.isExecutable(each.resolve(program))) {
                found.put(0, each);
            }
        }
        // Where Debian keeps each version's programs.
        for (int major = 15; major <= 18; major++) {
            Path debian = Path.of("/usr/lib/postgresql", Integer.toString(major), "bin");
            if (Files.isExecutable(debian.resolve(program)) && Files.isExecutable(debian.resolve("initdb"))) {
                found.put(major, debian);
            }
        }
        if (found.isEmpty()) {
            throw new AssertionError(
                    "no program %s on this system. Hint: the bar compares with it; on Debian install postgresql-15 and pgbackrest"
                            .formatted(program));
        }
        return found.lastEntry().getValue();
    }

    Path data() {
        return directory.resolve("data");
    }

    Path repository() {
        return directory.resolve("repo");
    }

    String versions() throws IOException {
        return "%s; %s"
                .formatted(
                        answer(List.of(programs.resolve("pg_verifybackup").toString(), "--version"))
                                .said()
                                .strip(),
                        answer(List.of("pgbackrest", "version")).said().strip());
    }

    String sql(String text) throws IOException {
        return must(List.of(
                        programs.resolve("psql").toString(),
                        "-XAtqh",
                        directory.toString(),
                        "-U",
                        "postgres",
                        "-c",
                        text))
                .strip();
    }

    /** A plain directory, with the log that it needs. */
    void baseBackup(Path into) throws IOException {
        must(List.of(
                programs.resolve("pg_basebackup").toString(),
                "-h",
                directory.toString(),
                "-U",
                "postgres",
                "-D",
                into.toString(),
                "-X",
                "stream",
                "-c",
                "fast",
                "--tablespace-mapping=%s=%s-apart".formatted(directory.resolve("elsewhere"), into)));
    }

    Answer verifyBackup(Path backup) throws IOException {
        return answer(List.of(programs.resolve("pg_verifybackup").toString(), backup.toString()));
    }

    String pgbackrest(String... words) throws IOException {
        return must(command(words));
    }

    /** Its verify ends with 0 whatever it finds, so its words count. */
    Answer verify() throws IOException {
        return answer(command("verify", "--output=text", "--verbose"));
    }

    private List<String> command(String... words) {
        List<String> all = new ArrayList<>(
                List.of("pgbackrest", "--config=" + directory.resolve("pgbackrest.conf"), "--stanza=main"));
        all.addAll(Arrays.asList(words));
        return all;
    }

    private List<String> launched(String program, String... words) {
        List<String> all = new ArrayList<>(PostgresBinaries.launchPrefix());
        all.add(programs.resolve(program).toString());
        all.addAll(Arrays.asList(words));
        return all;
    }

    private String must(List<String> command) throws IOException {
        Answer answer = answer(command);
        if (answer.code() != 0) {
            throw new AssertionError("%s ended with %d: %s".formatted(command, answer.code(), answer.said()));
        }
        return answer.said();
    }

    private Answer answer(List<String> command) throws IOException {
        Path output = directory.resolve("output");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("LC_ALL", "C");
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .start();
        try {
            return new Answer(process.waitFor(), Files.readString(output, StandardCharsets.ISO_8859_1));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Copies a tree with its links. */
    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Files.copy(each, to.resolve(from.relativize(each).toString()), java.nio.file.LinkOption.NOFOLLOW_LINKS);
            }
        }
    }

    @Override
    public void close() throws IOException {
        must(launched("pg_ctl", "-D", data().toString(), "-m", "immediate", "-w", "stop"));
    }
}
