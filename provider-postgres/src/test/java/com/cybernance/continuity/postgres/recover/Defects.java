package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.postgres.backup.TarEntry;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.Piece;
import com.github.luben.zstd.Zstd;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/** What can be wrong with a vault, and how to make it so. The backup is of timeline 1, the log goes on on timeline 2. */
record Defects(String name, Consumer<Damage> inflict) {
    static final List<Defects> ALL = List.of(
            new Defects("BASE_BIT_FLIPPED", damage -> damage.flip(damage.data())),
            new Defects(
                    "BASE_BIT_FLIPPED_BEFORE_COMPRESSION",
                    damage -> damage.file(false, damage.relation(), Defects::flipped)),
            new Defects(
                    "PAGE_DAMAGED_BEFORE_THE_BACKUP", damage -> damage.file(true, damage.relation(), Defects::flipped)),
            new Defects("BASE_CUT", damage -> damage.cut(damage.data())),
            new Defects("BASE_CUT_AND_RECORDED_SO", damage -> {
                damage.cut(damage.data());
                damage.agree(damage.data(), 1 << 20);
            }),
            new Defects("BASE_MISSING", damage -> damage.remove(damage.data())),
            new Defects("BASE_EMPTY", damage -> damage.put(damage.data(), new byte[0])),
            new Defects("TABLESPACE_MISSING", damage -> damage.remove(tablespace(damage))),
            new Defects("TABLESPACE_AND_DATA_SWAPPED", damage -> damage.swap(damage.data(), tablespace(damage))),
            new Defects("TABLESPACE_RENAMED", damage -> {
                damage.put(damage.base + "tablespace-99999.tar.zst", damage.vault.bytes(tablespace(damage)));
                damage.remove(tablespace(damage));
            }),
            new Defects(
                    "FOREIGN_OBJECT_BESIDE_THE_BASE",
                    damage -> damage.put(damage.base + "tablespace-77.tar.zst", new byte[10])),
            new Defects(
                    "TABLESPACE_MAP_MISSING",
                    damage -> damage.data(true, items -> items.stream()
                            .filter(item -> !item.entry().name().equals("tablespace_map"))
                            .toList())),
            new Defects(
                    "TABLESPACE_MAP_OF_OTHERS",
                    damage -> damage.file(true, "tablespace_map", old -> text("77 /elsewhere\n"))),
            new Defects(
                    "LINK_SLIPPED_IN",
                    damage -> damage.data(true, items -> {
                        List<Damage.Item> more = new ArrayList<>(items);
                        more.add(new Damage.Item(
                                new TarReader.Entry("pg_tblspc/77", TarEntry.Kind.LINK, 0, "/elsewhere"), new byte[0]));
                        return more;
                    })),
            new Defects("RECORD_WITHOUT_A_MANIFEST", damage -> {
                damage.json(text ->
                        text.replaceFirst(",?\\s*\\{[^{}]*\"name\"( *): \"[^\"]*backup-manifest\"[^{}]*\\}", ""));
                damage.remove(damage.manifest());
            }),
            new Defects("MANIFEST_MISSING", damage -> damage.remove(damage.manifest())),
            new Defects("MANIFEST_EDITED", damage -> {
                byte[] bytes = damage.vault.bytes(damage.manifest()).clone();
                bytes[200] ^= 1;
                damage.manifest(bytes);
            }),
            new Defects("MANIFEST_CUT", damage -> {
                byte[] bytes = damage.vault.bytes(damage.manifest());
                damage.manifest(Arrays.copyOf(bytes, bytes.length / 2));
            }),
            new Defects("MANIFEST_LEAVES_A_FILE_OUT", damage -> damage.manifest(text -> without("PG_VERSION", text))),
            new Defects("MANIFEST_NAMES_A_FILE_MORE", damage -> damage.manifest(Defects::withAFileMore)),
            new Defects("MANIFEST_OF_ANOTHER_RANGE", damage -> damage.manifest(Defects::ofAnotherRange)),
            new Defects(
                    "CONTROL_FILE_OF_ANOTHER_CLUSTER",
                    damage -> damage.file(true, "global/pg_control", Defects::ofAnotherCluster)),
            new Defects("CONTROL_FILE_TORN", damage -> damage.file(true, "global/pg_control", Defects::flippedEarly)),
            new Defects("VERSION_OF_ANOTHER_SERVER", damage -> damage.file(true, "PG_VERSION", old -> text("15\n"))),
            new Defects(
                    "LABEL_MISSING",
                    damage -> damage.data(true, items -> items.stream()
                            .filter(item -> !item.entry().name().equals("backup_label"))
                            .toList())),
            new Defects("LABEL_EDITED", damage -> damage.file(true, "backup_label", Defects::ofAnotherStart)),
            new Defects("FILE_MISSING", damage -> {
                String gone = damage.relation();
                damage.data(false, items -> items.stream()
                        .filter(item -> !item.entry().name().equals(gone))
                        .toList());
            }),
            new Defects(
                    "FILE_TWICE",
                    damage -> damage.data(true, items -> {
                        List<Damage.Item> twice = new ArrayList<>(items);
                        twice.add(twice.stream()
                                .filter(item -> item.entry().name().equals("PG_VERSION"))
                                .findFirst()
                                .orElseThrow());
                        return twice;
                    })),
            new Defects(
                    "LOG_FILE_SLIPPED_IN",
                    damage -> damage.data(true, items -> {
                        List<Damage.Item> more = new ArrayList<>(items);
                        more.add(new Damage.Item(
                                new TarReader.Entry("pg_wal/000000010000000000000004", TarEntry.Kind.FILE, 5, ""),
                                text("stray")));
                        return more;
                    })),
            new Defects("TAR_HEADER_DAMAGED", damage -> {
                byte[] packed = damage.vault.bytes(damage.data());
                byte[] plain = Zstd.decompress(packed, (int) Zstd.getFrameContentSize(packed));
                plain[30] ^= 1;
                damage.put(damage.data(), Zstd.compress(plain));
                damage.agree(damage.data(), plain.length);
            }),
            new Defects("RECORD_MISSING", damage -> damage.remove(damage.base + "backup.json")),
            new Defects("RECORD_CUT", damage -> damage.cut(damage.base + "backup.json")),
            new Defects(
                    "RECORD_OF_ANOTHER_START",
                    damage -> damage.json(text ->
                            text.replaceFirst("\"start\"( *): \"0000000[0-9a-f]{2}", "\"start\"$1: \"0000000ff"))),
            new Defects(
                    "RECORD_OF_A_LATER_STOP",
                    damage -> damage.json(
                            text -> text.replaceFirst("\"stop\"( *): \"00000000", "\"stop\"$1: \"0000000f"))),
            new Defects(
                    "RECORD_OF_ANOTHER_TIMELINE",
                    damage -> damage.json(text -> text.replaceFirst("\"timeline\"( *): 1", "\"timeline\"$1: 2"))),
            new Defects(
                    "RECORD_OF_ANOTHER_VERSION",
                    damage -> damage.json(text -> text.replaceFirst("\"version\"( *): 17", "\"version\"$1: 16"))),
            new Defects(
                    "RECORD_OF_ANOTHER_CLUSTER",
                    damage -> damage.json(text -> text.replaceFirst("\"system\"( *): \"[0-9]", "\"system\"$1: \"1"))),
            new Defects(
                    "RECORD_OF_OTHER_LOG_FILES",
                    damage -> damage.json(
                            text -> text.replaceFirst("\"segmentSize\"( *): 16777216", "\"segmentSize\"$1: 33554432"))),
            new Defects(
                    "RECORD_WITHOUT_CHECKSUMS",
                    damage -> damage.json(
                            text -> text.replaceFirst("\"pageChecksums\"( *): true", "\"pageChecksums\"$1: false"))),
            new Defects(
                    "RECORD_OF_A_LATER_END",
                    damage ->
                            damage.json(text -> text.replaceFirst("\"stoppedAt\"( *): \"20", "\"stoppedAt\"$1: \"21"))),
            new Defects(
                    "RECORD_OF_ANOTHER_DIGEST",
                    damage -> damage.json(
                            text -> text.replaceFirst("\"sha256\"( *): \"[0-9a-f]{4}", "\"sha256\"$1: \"beef"))),
            new Defects(
                    "RECORD_OF_ANOTHER_SIZE",
                    damage -> damage.json(text -> text.replaceFirst("\"unpacked\"( *): ", "\"unpacked\"$1: 1"))),
            new Defects("FIRST_PIECE_MISSING", damage -> damage.remove(damage.object(damage.first(1)))),
            new Defects("FIRST_PIECE_MISSING_WITHOUT_A_TRACE", damage -> gone(damage, damage.first(1))),
            new Defects("MIDDLE_PIECE_MISSING", damage -> gone(damage, damage.middle(1))),
            new Defects("LAST_PIECE_OF_A_TIMELINE_MISSING", damage -> gone(damage, damage.last(1))),
            new Defects("LAST_PIECE_MISSING", damage -> damage.remove(damage.object(damage.last(2)))),
            new Defects("PIECE_BIT_FLIPPED", damage -> damage.flip(damage.object(damage.middle(2)))),
            new Defects(
                    "PIECE_BIT_FLIPPED_BEFORE_COMPRESSION",
                    damage -> damage.piece(full(damage), Defects::flippedEarly)),
            new Defects(
                    "RECORD_SPLICED_IN",
                    damage -> damage.piece(full(damage), bytes -> {
                        System.arraycopy(bytes, 256, bytes, 400, 64);
                        return bytes;
                    })),
            new Defects(
                    "PIECE_OF_ANOTHER_CLUSTER", damage -> damage.piece(damage.first(1), Defects::logOfAnotherCluster)),
            new Defects("PIECE_OF_ZEROS", damage -> damage.piece(damage.middle(2), bytes -> new byte[bytes.length])),
            new Defects("PIECE_EMPTY", damage -> damage.put(damage.object(damage.middle(2)), new byte[0])),
            new Defects(
                    "PIECE_SHORTER_THAN_ITS_NAME",
                    damage -> damage.piece(damage.middle(2), bytes -> Arrays.copyOf(bytes, bytes.length - 1))),
            new Defects(
                    "PIECE_LONGER_THAN_ITS_NAME",
                    damage -> damage.piece(damage.middle(2), bytes -> Arrays.copyOf(bytes, bytes.length + 8))),
            new Defects("PIECE_RENAMED", damage -> {
                Piece piece = damage.middle(1);
                Piece other = new Piece(1, piece.start().plus(8), piece.end().plus(8));
                damage.put(damage.object(other), damage.vault.bytes(damage.object(piece)));
                gone(damage, piece);
            }),
            new Defects("PIECE_OF_ANOTHER_TIMELINE", damage -> {
                Piece piece = damage.last(2);
                Piece other = new Piece(1, piece.start(), piece.end());
                damage.put(damage.object(other), damage.vault.bytes(damage.object(piece)));
                gone(damage, piece);
            }),
            new Defects("OVERLAPPING_PIECE_OF_OTHER_BYTES", damage -> {
                Piece piece = damage.first(1);
                Piece half = new Piece(1, piece.start(), piece.start().plus(piece.size() - 1));
                byte[] bytes = Arrays.copyOf(damage.bytes(piece), (int) half.size());
                bytes[bytes.length / 2] ^= 1;
                damage.put(damage.object(half), Zstd.compress(bytes));
            }),
            new Defects(
                    "STRAY_NAME_IN_THE_LOG", damage -> damage.put(damage.cluster.log(1) + "notes.txt", text("hello"))),
            new Defects(
                    "INDEX_OF_ANOTHER_PIECE",
                    damage -> damage.swap(
                            damage.first(1).index(damage.cluster),
                            damage.last(1).index(damage.cluster))),
            new Defects(
                    "HOLE_RECORDED",
                    damage -> damage.put(
                            damage.cluster.hole(
                                    1,
                                    damage.middle(1).start(),
                                    damage.middle(1).end()),
                            text("{}"))),
            new Defects("HISTORY_MISSING", damage -> damage.remove(damage.cluster.history(2))),
            new Defects("HISTORY_EMPTY", damage -> damage.put(damage.cluster.history(2), new byte[0])),
            new Defects(
                    "HISTORY_OF_ANOTHER_PARENT",
                    damage -> damage.put(damage.cluster.history(2), text("9\t0/3000000\tno reason\n"))),
            new Defects(
                    "HISTORY_OF_A_LATER_SWITCH",
                    damage -> damage.put(damage.cluster.history(2), text("1\t0/FF000000\tno reason\n"))),
            new Defects(
                    "HISTORY_OF_AN_EARLIER_SWITCH",
                    damage -> damage.put(
                            damage.cluster.history(2),
                            text("1\t%s\tno reason\n"
                                    .formatted(damage.last(1).end().plus(-48))))));

    void inflict(Damage damage) {
        inflict.accept(damage);
    }

    private static String tablespace(Damage damage) {
        return damage.vault.objects().keySet().stream()
                .filter(name -> name.startsWith(damage.base + "tablespace-"))
                .findFirst()
                .orElseThrow();
    }

    private static void gone(Damage damage, Piece piece) {
        damage.remove(damage.object(piece));
        damage.vault.objects().remove(piece.index(damage.cluster));
    }

    /** A piece of timeline 1 that has more than a few records. */
    private static Piece full(Damage damage) {
        Lsn start = damage.pieces(1).get(0).start();
        return damage.pieces(1).stream()
                .filter(piece -> piece.size() > 2_000 && piece.start().isAfter(start))
                .findFirst()
                .orElseGet(() -> damage.first(1));
    }

    private static byte[] flipped(byte[] bytes) {
        bytes[8_192 + 4_000] ^= 1;
        return bytes;
    }

    private static byte[] flippedEarly(byte[] bytes) {
        bytes[(Math.min(500, bytes.length / 2) & ~7) | 1] ^= 1;
        return bytes;
    }

    /** A manifest's text that does not name a file. */
    static String without(String file, String manifest) {
        return manifest.replaceFirst("\\{ \"Path\": \"%s\"[^}]*\\},?\n".formatted(file), "");
    }

    static String withAFileMore(String manifest) {
        return manifest.replaceFirst(
                "\"Files\": \\[\n",
                "\"Files\": [\n{ \"Path\": \"base/1/999999\", \"Size\": 0, \"Last-Modified\": \"2026-11-23 00:00:00 GMT\", \"Checksum-Algorithm\": \"CRC32C\", \"Checksum\": \"00000000\" },\n");
    }

    static String ofAnotherRange(String manifest) {
        return manifest.replaceFirst("\"End-LSN\": \"0/", "\"End-LSN\": \"1/");
    }

    static byte[] ofAnotherStart(byte[] label) {
        return text(new String(label, StandardCharsets.UTF_8)
                .replaceFirst("START WAL LOCATION: 0/", "START WAL LOCATION: 1/"));
    }

    static byte[] ofAnotherCluster(byte[] control) {
        ByteBuffer bytes = ByteBuffer.wrap(control).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(0, bytes.getLong(0) ^ 1);
        CRC32C crc = new CRC32C();
        crc.update(control, 0, 288);
        bytes.putInt(288, (int) crc.getValue());
        return control;
    }

    /** The first page of a log file names its cluster. */
    static byte[] logOfAnotherCluster(byte[] log) {
        log[24] ^= 1;
        return log;
    }

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
