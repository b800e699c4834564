package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.spi.Stored;
import com.cybernance.continuity.spi.Vault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Sorts the pieces of a base backup into objects of the vault: the archives, then the manifest. For one thread. */
final class BaseStream implements AutoCloseable {
    private static final Pattern TABLESPACE = Pattern.compile("([0-9]{1,10})\\.tar");

    private final Vault vault;
    private final String prefix;
    private final int level;
    private final FileTable files = new FileTable();
    private final Archive archive;
    private final List<BackupRecord.Part> parts = new ArrayList<>();
    private @Nullable Packed packed;
    private @Nullable TarParser tar;
    private Vault.@Nullable Draft manifest;
    private @Nullable ManifestCheck manifestCheck;
    private long manifestSize;
    private boolean manifestCommitted;

    /**
     * @param prefix what the names of the backup's objects begin with
     * @param pages null when pages carry no checksums
     */
    BaseStream(Vault vault, String prefix, int level, @Nullable PageCheck pages) {
        this.vault = vault;
        this.prefix = prefix;
        this.level = level;
        this.archive = new Archive(files, pages);
    }

    static String tablespace(String oid) {
        return "tablespace-" + oid + ".tar.zst";
    }

    void piece(ByteBuffer piece) throws IOException {
        char kind = (char) (piece.get() & 0xff);
        switch (kind) {
            case 'n' -> begin(text(piece));
            case 'd' -> data(piece.array(), piece.arrayOffset() + piece.position(), piece.remaining());
            case 'm' -> beginManifest();
            case 'p' -> {}
            default -> throw BaseCopy.unexpected("a piece of kind '%s'".formatted(kind));
        }
    }

    /** Ends the last object and judges the whole. */
    ControlData finish(String system, Lsn start) throws IOException {
        Vault.Draft draft = manifest;
        ManifestCheck check = manifestCheck;
        if (draft == null || check == null) {
            throw BaseCopy.unexpected("no manifest");
        }
        check.finish(system);
        ControlData control = ControlData.of(kept(Archive.CONTROL));
        if (!control.system().equals(system)) {
            throw new ContinuityException(
                    FailureKind.CONFLICT,
                    "the copy is of system %s, expected %s".formatted(control.system(), system),
                    "see whether another server took the address meanwhile");
        }
        BaseCopy.requireLabel(kept(Archive.LABEL), start);
        Stored stored = draft.commit();
        manifestCommitted = true;
        parts.add(new BackupRecord.Part(stored.name(), stored.size(), stored.sha256(), manifestSize));
        return control;
    }

    List<BackupRecord.Part> parts() {
        return List.copyOf(parts);
    }

    @Override
    public void close() {
        if (packed != null) {
            packed.close();
        }
        if (manifest != null && !manifestCommitted) {
            manifest.close();
        }
    }

    private void begin(String name) throws IOException {
        endArchive();
        Matcher tablespace = TABLESPACE.matcher(name);
        String object;
        if (name.equals("base.tar")) {
            object = "data.tar.zst";
            archive.under("");
        } else if (tablespace.matches()) {
            object = tablespace(tablespace.group(1));
            archive.under("pg_tblspc/%s/".formatted(tablespace.group(1)));
        } else {
            throw BaseCopy.unexpected("an archive named '%s'".formatted(name));
        }
        packed = new Packed(vault, prefix + object, level);
        tar = new TarParser(archive);
    }

    private void beginManifest() throws IOException {
        endArchive();
        manifest = vault.create(prefix + "backup-manifest");
        manifestCheck = new ManifestCheck(files);
    }

    private void data(byte[] bytes, int offset, int length) throws IOException {
        Packed into = packed;
        TarParser parser = tar;
        if (manifest != null && manifestCheck != null) {
            manifest.write(bytes, offset, length);
            manifestSize += length;
            manifestCheck.feed(bytes, offset, length);
        } else if (into != null && parser != null) {
            parser.feed(bytes, offset, length);
            into.write(bytes, offset, length);
        } else {
            throw BaseCopy.unexpected("data before an archive");
        }
    }

    private void endArchive() throws IOException {
        Packed ended = packed;
        TarParser parser = tar;
        if (ended != null && parser != null) {
            parser.finish();
            parts.add(ended.commit());
            packed = null;
            tar = null;
        }
    }

    private byte[] kept(String name) {
        return archive.kept(name)
                .orElseThrow(() -> new ContinuityException(
                        FailureKind.CORRUPT, "the server sent no %s".formatted(name), "take the backup again"));
    }

    private static String text(ByteBuffer piece) {
        ByteBuffer start = piece.duplicate();
        int length = 0;
        while (piece.hasRemaining() && piece.get() != 0) {
            length++;
        }
        byte[] bytes = new byte[length];
        start.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
