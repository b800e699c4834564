package com.cybernance.continuity.postgres.recover;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The restored server's own settings, in the place of the source's: it talks to nobody, archives nothing and loads nothing.
 * What the source had is kept beside them under {@code *.source}.
 */
final class ServerSettings {
    private final Destination destination;
    private final Map<String, String> embedders;
    private final List<String> access;

    ServerSettings(Destination destination, Map<String, String> embedders, List<String> access) {
        this.destination = destination;
        this.embedders = embedders;
        this.access = access;
    }

    void write(Target target, ControlFile control, Path script) throws IOException {
        Path data = destination.data();
        for (String name : List.of("postgresql.conf", "postgresql.auto.conf", "pg_hba.conf", "pg_ident.conf")) {
            Path file = data.resolve(name);
            Path kept = data.resolve(name + ".source");
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.exists(kept, LinkOption.NOFOLLOW_LINKS)) {
                Files.move(file, kept);
            }
        }
        Durable.write(data.resolve("postgresql.conf"), text(all(target, control, script)));
        Durable.write(data.resolve("postgresql.auto.conf"), "");
        Durable.write(data.resolve("pg_ident.conf"), "");
        Durable.write(data.resolve("pg_hba.conf"), String.join("\n", access) + "\n");
        Files.deleteIfExists(data.resolve("standby.signal"));
        Durable.write(data.resolve("recovery.signal"), "");
    }

    private Map<String, String> all(Target target, ControlFile control, Path script) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("cluster_name", "restored");
        control.limits().forEach((name, value) -> all.put(name, Integer.toString(value)));
        all.put("log_timezone", "UTC");
        all.putAll(embedders);
        all.put("listen_addresses", RestoredServer.HOST);
        all.put("unix_socket_directories", "");
        all.put("archive_mode", "off");
        all.put("archive_command", "");
        all.put("archive_library", "");
        all.put("primary_conninfo", "");
        all.put("primary_slot_name", "");
        all.put("synchronous_standby_names", "");
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
