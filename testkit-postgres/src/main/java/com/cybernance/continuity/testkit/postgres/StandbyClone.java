package com.cybernance.continuity.testkit.postgres;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;

/**
 * Makes a standby's data directory from its running primary's, through PostgreSQL's backup functions: the files may be
 * copied while they change, because the standby replays the log from the start of the copy, which its slot holds back.
 */
final class StandbyClone {
    private static final Set<String> LEFT_BEHIND = Set.of(
            "postmaster.pid",
            "postmaster.opts",
            "continuity.conf",
            "current_logfiles",
            "backup_label",
            "standby.signal");
    private static final Set<String> EMPTIED = Set.of(
            "pg_wal",
            "pg_replslot",
            "pg_dynshmem",
            "pg_notify",
            "pg_serial",
            "pg_snapshots",
            "pg_stat_tmp",
            "pg_subtrans",
            "log");

    private StandbyClone() {}

    static void of(PostgresServer primary, PostgresServer standby, Secrets secrets, Launcher launcher)
            throws IOException {
        String slot = standby.name();
        try (Connection connection =
                        primary.dataSource(PostgresServer.SUPERUSER).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_create_physical_replication_slot('%s', true)".formatted(slot));
            // The backup belongs to this session and would be abandoned with it.
            statement.execute("SELECT pg_backup_start('%s', true)".formatted(slot));
            copy(primary.dataDirectory(), standby.dataDirectory(), launcher);
            String label = labelAtEnd(statement);
            write(standby.dataDirectory().resolve("backup_label"), label, launcher);
        } catch (SQLException e) {
            throw new IOException("%s could not be cloned: %s".formatted(primary.name(), e.getMessage()), e);
        }
        write(standby.dataDirectory().resolve("standby.signal"), "", launcher);
        standby.set(
                "primary_conninfo",
                "host=127.0.0.1 port=%d user=replicator passfile=%s application_name=%s"
                        .formatted(primary.port(), secrets.replicationPassfile(), standby.name()));
        standby.set("primary_slot_name", slot);
    }

    private static String labelAtEnd(Statement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery("SELECT labelfile FROM pg_backup_stop(false)")) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static void copy(Path from, Path to, Launcher launcher) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                Path relative = from.relativize(directory);
                if (relative.getNameCount() > 1
                        && EMPTIED.contains(relative.getName(0).toString())) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                Path copied = to.resolve(relative.toString());
                Files.createDirectory(copied);
                Files.setPosixFilePermissions(copied, Files.getPosixFilePermissions(directory));
                launcher.hand(copied);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Path relative = from.relativize(file);
                if (wanted(relative)) {
                    copyOne(file, to.resolve(relative.toString()), launcher);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException why) throws IOException {
                if (why instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw why;
            }
        });
        // Last, so that it is never newer than what it speaks of.
        copyOne(from.resolve("global/pg_control"), to.resolve("global/pg_control"), launcher);
    }

    private static boolean wanted(Path relative) {
        String top = relative.getName(0).toString();
        String name = relative.getFileName().toString();
        return !EMPTIED.contains(top)
                && !LEFT_BEHIND.contains(relative.toString())
                && !name.equals("pg_control")
                && !name.startsWith("pg_internal.init");
    }

    private static void copyOne(Path from, Path to, Launcher launcher) throws IOException {
        try {
            Files.copy(from, to);
        } catch (NoSuchFileException droppedMeanwhile) {
            return;
        }
        Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rw-------"));
        launcher.hand(to);
    }

    private static void write(Path file, String text, Launcher launcher) throws IOException {
        Files.writeString(file, text);
        launcher.hand(file);
    }
}
