package com.cybernance.continuity.postgres.backup;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** Writes what a compressed tar holds into a directory, as files of our own. */
final class Unpacking implements TarParser.Listener {
    private final Path into;
    private @Nullable OutputStream file;

    private Unpacking(Path into) {
        this.into = into;
    }

    static void unpack(InputStream packed, Path into) throws IOException {
        Unpacking unpacking = new Unpacking(into);
        TarParser tar = new TarParser(unpacking);
        try (ZstdInputStream in = new ZstdInputStream(packed)) {
            byte[] buffer = new byte[50_000];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                tar.feed(buffer, 0, read);
            }
        }
        tar.finish();
    }

    @Override
    public void begin(TarEntry entry) {
        try {
            Path path = into.resolve(entry.name()).normalize();
            if (entry.kind() == TarEntry.Kind.DIRECTORY) {
                Files.createDirectories(path);
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
            } else if (entry.kind() == TarEntry.Kind.FILE) {
                Files.createDirectories(path.getParent());
                file = Files.newOutputStream(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void content(byte[] bytes, int offset, int length) {
        try {
            if (file != null) {
                file.write(bytes, offset, length);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void end() {
        try {
            if (file != null) {
                file.close();
            }
            file = null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
