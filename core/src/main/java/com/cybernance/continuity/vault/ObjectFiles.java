package com.cybernance.continuity.vault;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.internal.disk.Disk;
import com.cybernance.continuity.spi.Stored;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The files of one object. */
final class ObjectFiles {
    static final String CONTENT = "content";
    static final String RECORD = "content.sha256";

    /** Lies in every directory that only begins names, so that no rename can ever replace one. */
    static final String PREFIX = ".prefix";

    private ObjectFiles() {}

    /** What is kept under a name; null when there surely is no such object. */
    static @Nullable Stored find(VaultRoot vault, String object) throws IOException {
        vault.require();
        List<String> parts = Names.parts(object);
        Stored found = vault.standing(parts) == Standing.OBJECT ? readIfThere(vault, vault.path(parts), object) : null;
        if (found == null) {
            // A file system that was taken away meanwhile looks like a vault without the object.
            vault.require();
        }
        return found;
    }

    /** What is kept at a path where an object stood a moment ago; null when its keeper deleted it since. */
    static @Nullable Stored readIfThere(VaultRoot vault, Path path, String object) throws IOException {
        try {
            return read(vault, path, object);
        } catch (NoSuchFileException e) {
            if (vault.standing(path) == Standing.OBJECT) {
                throw vault.corrupt("object '" + object + "' has no " + e.getFile());
            }
            return null;
        }
    }

    /** Reads the record of an object that is there, and checks what can be checked without reading the content. */
    private static Stored read(VaultRoot vault, Path path, String object) throws IOException {
        Path content = path.resolve(CONTENT);
        Path record = path.resolve(RECORD);
        vault.requireReal(content);
        vault.requireReal(record);
        byte[] bytes = CheckedText.read(vault.disk(), record);
        Stored stored = ObjectRecord.parse(bytes);
        String version = ObjectRecord.otherVersion(bytes);
        if (version != null) {
            throw vault.unsupported("object '" + object + "' has format version " + version);
        }
        if (stored == null) {
            throw vault.corrupt("object '" + object + "': its record " + record + " is not what was written");
        }
        if (!stored.name().equals(object)) {
            throw vault.corrupt("object '" + object + "': its record says that it is '" + stored.name() + "'");
        }
        long size = vault.disk().size(content);
        if (size != stored.size()) {
            throw vault.corrupt("object '" + object + "': expected " + stored.size() + " bytes in " + content
                    + ", observed " + size);
        }
        return stored;
    }

    /** Opens the content of an object that {@link #find} found. */
    static Disk.@Nullable Handle content(VaultRoot vault, String object) throws IOException {
        try {
            return vault.disk().open(vault.path(Names.parts(object)).resolve(CONTENT), Disk.Access.READ);
        } catch (NoSuchFileException e) {
            vault.require();
            return null;
        }
    }

    static ContinuityException notFound(VaultRoot vault, String object) {
        return vault.failure(
                FailureKind.NOT_FOUND, "there is no object '" + object + "'", "list the vault to see what is there");
    }
}
