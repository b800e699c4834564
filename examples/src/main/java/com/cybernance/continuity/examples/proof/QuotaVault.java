package com.cybernance.continuity.examples.proof;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.spi.Stored;
import com.cybernance.continuity.spi.Vault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A vault whose directory may hold so many bytes, as a file beside it says: nobody but root can make a file system that
 * is really full. Writing what does not fit fails as on a full disk. Reading never does.
 */
final class QuotaVault implements Vault {
    private static final long PLENTY = 4L << 30;

    private final Vault vault;
    private final Path directory;
    private final Path quota;

    private QuotaVault(Vault vault, Path directory) {
        this.vault = vault;
        this.directory = directory;
        this.quota = directory.resolveSibling(directory.getFileName() + ".quota");
    }

    /** Gives a vault more room than a run needs. */
    static QuotaVault around(Vault vault, Path directory) throws IOException {
        QuotaVault limited = new QuotaVault(vault, directory);
        Files.writeString(limited.quota, Long.toString(PLENTY));
        return limited;
    }

    @Override
    public String name() {
        return vault.name();
    }

    @Override
    public Draft create(String object) {
        long room = left();
        Draft draft = vault.create(object);
        return new Draft() {
            private long left = room;

            @Override
            public void write(int one) throws IOException {
                write(new byte[] {(byte) one}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                left -= length;
                if (left < 0) {
                    throw new ContinuityException(
                            FailureKind.UNEXPECTED,
                            "vault %s: writing object '%s' failed: no space left, %s bytes are its quota"
                                    .formatted(vault.name(), object, quota()),
                            "free space on the vault's file system, or give it more, then do it again");
                }
                draft.write(bytes, offset, length);
            }

            @Override
            public Stored commit() {
                return draft.commit();
            }

            @Override
            public void close() {
                draft.close();
            }
        };
    }

    /** What is written and given up meanwhile may count or not. */
    private long left() {
        long[] used = {0};
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    used[0] += attributes.size();
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path gone, IOException why) {
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path left, @Nullable IOException changed) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw unreadable(directory, e);
        }
        return Long.parseLong(quota()) - used[0];
    }

    private String quota() {
        try {
            return Files.readString(quota);
        } catch (IOException e) {
            throw unreadable(quota, e);
        }
    }

    private ContinuityException unreadable(Path what, IOException e) {
        return new ContinuityException(
                FailureKind.UNREACHABLE,
                "vault %s: how much room there is cannot be read from %s".formatted(vault.name(), what),
                "see whether somebody removed it",
                e);
    }

    @Override
    public InputStream open(String object) {
        return vault.open(object);
    }

    @Override
    public Optional<Stored> find(String object) {
        return vault.find(object);
    }

    @Override
    public void list(String prefix, Consumer<Stored> each) {
        vault.list(prefix, each);
    }

    @Override
    public String toString() {
        return vault.toString();
    }
}
