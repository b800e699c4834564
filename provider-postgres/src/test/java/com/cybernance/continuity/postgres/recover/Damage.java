package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.postgres.backup.TarEntry;
import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.Piece;
import com.cybernance.continuity.postgres.layout.RecordJson;
import com.cybernance.continuity.postgres.wal.TimelinePath;
import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A vault's content in the hands of somebody who knows the format, and covers the traces as well as can be. */
final class Damage {
    final MemoryVault vault;
    final Cluster cluster;
    final String base;

    Damage(MemoryVault vault, Cluster cluster, String backup) {
        this.vault = vault;
        this.cluster = cluster;
        this.base = cluster.base(backup);
    }

    /** One entry of a tar. */
    static final class Item {
        private final TarReader.Entry entry;
        private final byte[] content;

        Item(TarReader.Entry entry, byte[] content) {
            this.entry = entry;
            this.content = content;
        }

        TarReader.Entry entry() {
            return entry;
        }

        byte[] content() {
            return content;
        }

        Item with(byte[] other) {
            return new Item(entry, other);
        }
    }

    String data() {
        return base + "data.tar.zst";
    }

    String manifest() {
        return base + "backup-manifest";
    }

    void remove(String object) {
        if (vault.objects().remove(object) == null) {
            throw new AssertionError("no " + object);
        }
    }

    void put(String object, byte[] content) {
        vault.objects().put(object, content);
    }

    /** Turns one bit over in the middle of an object. */
    void flip(String object) {
        byte[] bytes = vault.bytes(object).clone();
        bytes[bytes.length / 2] ^= 4;
        put(object, bytes);
    }

    void cut(String object) {
        byte[] bytes = vault.bytes(object);
        put(object, Arrays.copyOf(bytes, bytes.length / 2));
    }

    void swap(String one, String other) {
        byte[] first = vault.bytes(one);
        put(one, vault.bytes(other));
        put(other, first);
    }

    /** Replaces the whole text of {@code backup.json} as an editor would. */
    void json(UnaryOperator<String> edit) {
        String before = new String(vault.bytes(base + "backup.json"), StandardCharsets.UTF_8);
        String after = edit.apply(before);
        if (before.equals(after)) {
            throw new AssertionError("nothing changed in " + before);
        }
        put(base + "backup.json", after.getBytes(StandardCharsets.UTF_8));
    }

    /** Makes the backup's record agree with an object that was changed. */
    void agree(String object, long unpacked) {
        BackupRecord record = RecordJson.readBackup(vault.bytes(base + "backup.json"));
        List<BackupRecord.Part> parts = new ArrayList<>();
        for (BackupRecord.Part part : record.objects()) {
            byte[] bytes = vault.bytes(part.name());
            parts.add(
                    part.name().equals(object)
                            ? new BackupRecord.Part(object, bytes.length, MemoryVault.sha256(bytes), unpacked)
                            : part);
        }
        put(
                base + "backup.json",
                RecordJson.write(new BackupRecord(
                        record.id(),
                        record.system(),
                        record.version(),
                        record.timeline(),
                        record.start(),
                        record.stop(),
                        record.startedAt(),
                        record.stoppedAt(),
                        record.slot(),
                        record.label(),
                        record.pageChecksums(),
                        record.pagesChecked(),
                        record.segmentSize(),
                        record.method(),
                        parts,
                        record.tablespaces())));
    }

    /** Changes what is in the data directory, and the backup's record with it; the manifest too if asked. */
    void data(boolean manifestToo, UnaryOperator<List<Item>> edit) {
        TarWriter tar = new TarWriter();
        List<Item> items = edit.apply(items(data()));
        for (Item item : items) {
            switch (item.entry().kind()) {
                case DIRECTORY -> tar.directory(item.entry().name());
                case LINK -> tar.link(item.entry().name(), item.entry().leadsTo());
                case FILE -> tar.file(item.entry().name(), item.content(), tar.manifest(), "");
            }
        }
        byte[] plain = tar.finish();
        put(data(), Zstd.compress(plain));
        agree(data(), plain.length);
        if (manifestToo) {
            BackupRecord record = RecordJson.readBackup(vault.bytes(base + "backup.json"));
            for (BackupRecord.Tablespace each : record.tablespaces()) {
                for (Item item : items(each.object())) {
                    if (item.entry().kind() == TarEntry.Kind.FILE) {
                        tar.manifest()
                                .add(
                                        "pg_tblspc/" + each.oid() + "/"
                                                + item.entry().name(),
                                        item.content());
                    }
                }
            }
            manifest(tar.manifest().finish(record.timeline(), record.start(), record.stop()));
        }
    }

    /** Changes one file of the data directory. */
    void file(boolean manifestToo, String name, UnaryOperator<byte[]> edit) {
        data(manifestToo, items -> items.stream()
                .map(item -> item.entry().name().equals(name)
                        ? item.with(edit.apply(item.content().clone()))
                        : item)
                .toList());
    }

    /** Puts another manifest, and makes the backup's record agree. */
    void manifest(byte[] bytes) {
        put(manifest(), bytes);
        agree(manifest(), bytes.length);
    }

    /** Edits the manifest and gives it its own checksum again. */
    void manifest(UnaryOperator<String> edit) {
        String text = new String(vault.bytes(manifest()), StandardCharsets.UTF_8);
        String edited = edit.apply(text.substring(0, text.indexOf("\"Manifest-Checksum\"")));
        manifest(ManifestWriter.sealed(edited));
    }

    List<Item> items(String object) {
        byte[] packed = vault.bytes(object);
        byte[] plain = Zstd.decompress(packed, (int) Zstd.getFrameContentSize(packed));
        try {
            TarReader tar = new TarReader(new ByteArrayInputStream(plain), object);
            List<Item> items = new ArrayList<>();
            byte[] buffer = new byte[1 << 16];
            for (Optional<TarReader.Entry> entry = tar.next(); entry.isPresent(); entry = tar.next()) {
                ByteArrayOutputStream content = new ByteArrayOutputStream();
                for (int got = tar.read(buffer); got >= 0; got = tar.read(buffer)) {
                    content.write(buffer, 0, got);
                }
                items.add(new Item(entry.get(), content.toByteArray()));
            }
            return items;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A relation's file with at least some pages that hold something. */
    String relation() {
        return items(data()).stream()
                .filter(item -> item.entry().name().matches("base/[0-9]+/[0-9]+") && item.content().length >= 16_384)
                .map(item -> item.entry().name())
                .findFirst()
                .orElseThrow();
    }

    /** The pieces of a timeline that hold more than zeros, by their start. */
    List<Piece> pieces(int timeline) {
        List<Piece> all = VaultedCluster.list(vault, cluster).pieces(timeline, Lsn.ZERO, TimelinePath.NO_END);
        return all.stream().filter(each -> !isZero(bytes(each))).toList();
    }

    private static boolean isZero(byte[] bytes) {
        return Arrays.equals(bytes, new byte[bytes.length]);
    }

    Piece first(int timeline) {
        return pieces(timeline).get(0);
    }

    Piece middle(int timeline) {
        List<Piece> all = pieces(timeline);
        return all.get(all.size() / 2);
    }

    Piece last(int timeline) {
        List<Piece> all = pieces(timeline);
        return all.get(all.size() - 1);
    }

    String object(Piece piece) {
        return piece.object(cluster);
    }

    byte[] bytes(Piece piece) {
        return Zstd.decompress(vault.bytes(object(piece)), (int) piece.size());
    }

    /** Puts other bytes into a piece and forgets its index, which could tell. */
    void piece(Piece piece, UnaryOperator<byte[]> edit) {
        put(object(piece), Zstd.compress(edit.apply(bytes(piece))));
        vault.objects().remove(piece.index(cluster));
    }
}
