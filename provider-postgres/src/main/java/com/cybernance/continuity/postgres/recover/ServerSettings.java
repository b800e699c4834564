package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.postgres.backup.ControlData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The restored server's own settings, in the place of the source's: it talks to nobody, also not as a
 * subscriber, archives nothing and loads nothing.
 * What the source had is kept beside them under {@code *.source}.
 */
final class ServerSettings {
    /** A setting of ours by which a restored server is told from every other one. */
    static final String MARK = "continuity.run";

    private static final String KEPT = "kept";

    private final Destination destination;
    private final Map<String, String> embedders;
    private final List<String> access;

    ServerSettings(Destination destination, Map<String, String> embedders, List<String> access) {
        this.destination = destination;
        this.embedders = embedders;
        this.access = access;
    }

    void write(Target target, ControlData control, Path script) throws IOException {
        Path data = destination.data();
        Durable durable = destination.durable();
        keepTheSources(data, durable.disk());
        durable.write(data.resolve("postgresql.conf"), text(all(target, control, script)));
        durable.write(data.resolve("postgresql.auto.conf"), "");
        durable.write(data.resolve("pg_ident.conf"), "");
        durable.write(data.resolve("pg_hba.conf"), String.join("\n", access) + "\n");
        durable.disk().delete(data.resolve("standby.signal"));
        durable.write(data.resolve("recovery.signal"), "");
    }

    /** Once, before there is anything of ours that could be taken for the source's. */
    private void keepTheSources(Path data, RestoreDisk disk) throws IOException {
        if (destination.noted(KEPT).isPresent()) {
            return;
        }
        for (String name : List.of("postgresql.conf", "postgresql.auto.conf", "pg_hba.conf", "pg_ident.conf")) {
            Path file = data.resolve(name);
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                disk.move(file, data.resolve(name + ".source"));
            }
        }
        disk.forceDirectory(data);
        destination.note(KEPT, Map.of());
    }

    private Map<String, String> all(Target target, ControlData control, Path script) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("cluster_name", "restored");
        control.limits().forEach((name, value) -> all.put(name, Integer.toString(value)));
        all.put("log_timezone", "UTC");
        // As initdb does: with large log files a server does not start with its defaults.
        long segment = control.segmentSize() >> 20;
        all.put("min_wal_size", 5 * segment + "MB");
        all.put("max_wal_size", 64 * segment + "MB");
        all.putAll(embedders);
        all.put("listen_addresses", RestoredServer.HOST);
        all.put("unix_socket_directories", "");
        all.put("archive_mode", "off");
        all.put("archive_command", "");
        all.put("archive_library", "");
        all.put("primary_conninfo", "");
        all.put("primary_slot_name", "");
        all.put("synchronous_standby_names", "");
        // A subscription goes on at its publisher's, and takes there what is meant for the source.
        all.put("max_logical_replication_workers", "0");
        all.put("hot_standby", "on");
        all.put("logging_collector", "off");
        all.put("log_destination", "stderr");
        all.put("log_line_prefix", "%b|%p|");
        all.put("log_min_messages", "warning");
        all.put("lc_messages", "C");
        all.put("restore_command", RestoreScript.command(script));
        all.put("recovery_target_timeline", Integer.toString(target.timeline()));
        all.put("recovery_target_inclusive", "on");
        all.put("recovery_target_action", "pause");
        target.record()
                .ifPresentOrElse(
                        start -> all.put("recovery_target_lsn", start.toString()),
                        () -> all.put("recovery_target", "immediate"));
        all.put(MARK, destination.run());
        return all;
    }

    private static String text(Map<String, String> settings) {
        return settings.entrySet().stream()
                .map(each -> "%s = '%s'\n"
                        .formatted(
                                each.getKey(),
                                each.getValue().replace("\\", "\\\\").replace("'", "''")))
                .collect(Collectors.joining());
    }
}
