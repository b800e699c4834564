package com.cybernance.continuity.postgres.layout;

import com.cybernance.continuity.postgres.layout.BackupRecord.Method;
import com.cybernance.continuity.postgres.layout.BackupRecord.Part;
import com.cybernance.continuity.postgres.layout.BackupRecord.Tablespace;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A backup's record to and from JSON. */
final class BackupJson {
    private static final int LEAST_SEGMENT = 1 << 20;
    private static final int MOST_SEGMENT = 1 << 30;
    private static final long MOST_OID = 0xFFFF_FFFFL;

    private BackupJson() {}

    static ObjectNode tree(ObjectNode tree, BackupRecord backup) {
        tree.put("id", backup.id())
                .put("system", backup.system())
                .put("version", backup.version())
                .put("timeline", backup.timeline())
                .put("start", backup.start().hex())
                .put("stop", backup.stop().hex())
                .put("startedAt", Fields.time(backup.startedAt()))
                .put("stoppedAt", Fields.time(backup.stoppedAt()))
                .put("slot", backup.slot())
                .put("label", backup.label())
                .put("pageChecksums", backup.pageChecksums())
                .put("pagesChecked", backup.pagesChecked())
                .put("segmentSize", backup.segmentSize())
                .put("method", backup.method().name().toLowerCase(Locale.ROOT));
        ArrayNode objects = tree.putArray("objects");
        for (Part part : backup.objects()) {
            objects.addObject()
                    .put("name", part.name())
                    .put("size", part.size())
                    .put("sha256", part.sha256())
                    .put("unpacked", part.unpacked());
        }
        ArrayNode tablespaces = tree.putArray("tablespaces");
        for (Tablespace tablespace : backup.tablespaces()) {
            tablespaces
                    .addObject()
                    .put("oid", tablespace.oid())
                    .put("location", tablespace.location())
                    .put("object", tablespace.object());
        }
        return tree;
    }

    static BackupRecord read(Fields fields) {
        String system = fields.text("system", "[0-9]{1,20}", "a system identifier in decimal");
        int timeline = fields.number("timeline", 1);
        Lsn start = fields.position("start");
        Lsn stop = fields.position("stop");
        if (!start.isBefore(stop)) {
            throw fields.wrong("stop", "a position after start");
        }
        String id = fields.text(
                "id",
                "[0-9]{8}t[0-9]{6}z-%08x-%s".formatted(timeline, start.hex()),
                "a start time, then timeline %d and position %s".formatted(timeline, start));
        int segmentSize = (int) fields.number("segmentSize", LEAST_SEGMENT, MOST_SEGMENT);
        if (Integer.bitCount(segmentSize) != 1) {
            throw fields.wrong("segmentSize", "a power of two");
        }
        Set<String> names = new HashSet<>();
        List<Part> objects = parts(fields, new Cluster(system).base(id), names);
        return new BackupRecord(
                id,
                system,
                fields.number("version", 10_000),
                timeline,
                start,
                stop,
                fields.time("startedAt"),
                fields.time("stoppedAt"),
                fields.text("slot"),
                fields.text("label"),
                fields.truth("pageChecksums"),
                fields.number("pagesChecked", 0, Long.MAX_VALUE),
                segmentSize,
                Method.valueOf(fields.text("method", "replication|sql", "replication or sql")
                        .toUpperCase(Locale.ROOT)),
                objects,
                tablespaces(fields, names));
    }

    private static List<Part> parts(Fields fields, String prefix, Set<String> names) {
        List<Part> parts = new ArrayList<>();
        for (Fields each : fields.list("objects")) {
            String name = each.text("name");
            if (!name.startsWith(prefix) || !name.substring(prefix.length()).matches("[a-z0-9][a-z0-9._-]{0,127}")) {
                throw each.wrong("name", "an object of this backup, %s...".formatted(prefix));
            }
            if (!names.add(name)) {
                throw each.wrong("name", "each object once");
            }
            parts.add(new Part(
                    name,
                    each.number("size", 0, Long.MAX_VALUE),
                    each.sha256("sha256"),
                    each.number("unpacked", 0, Long.MAX_VALUE)));
        }
        if (!names.contains(prefix + "data.tar.zst")) {
            throw fields.wrong("objects", "data.tar.zst among them");
        }
        return parts;
    }

    private static List<Tablespace> tablespaces(Fields fields, Set<String> names) {
        List<Tablespace> tablespaces = new ArrayList<>();
        for (Fields each : fields.list("tablespaces")) {
            if (!names.contains(each.text("object"))) {
                throw each.wrong("object", "one of the backup's objects");
            }
            tablespaces.add(
                    new Tablespace(each.number("oid", 1, MOST_OID), each.text("location"), each.text("object")));
        }
        return tablespaces;
    }
}
