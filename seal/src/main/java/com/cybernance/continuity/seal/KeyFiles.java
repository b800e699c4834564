package com.cybernance.continuity.seal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.google.crypto.tink.KeyStatus;
import com.google.crypto.tink.KeysetHandle;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Files with keys: keysets of Tink as JSON, so that Tink's own tools can read and change them. A file is readable by its
 * owner alone, and refused where others may read or write it. Needs a file system with POSIX permissions.
 */
public final class KeyFiles {
    private static final int LIMIT = 64 << 10;
    private static final Set<PosixFilePermission> OWNER =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private KeyFiles() {}

    /**
     * Makes the keys of a platform: an online one, and a recovery key in two halves. Overwrites nothing.
     *
     * @param online where the online key goes
     * @param recoveryPublic where the recovery key's public half goes, beside the first
     * @param recoveryPrivate where its private half goes: in another directory, to be carried away from the platform and
     *     kept where people who restore can find it
     */
    public static void make(Path online, Path recoveryPublic, Path recoveryPrivate) {
        if (directory(recoveryPrivate).equals(directory(online))
                || directory(recoveryPrivate).equals(directory(recoveryPublic))) {
            throw new ContinuityException(
                    FailureKind.MISCONFIGURED,
                    "the private recovery key would lie in " + directory(recoveryPrivate)
                            + ", beside what the platform uses",
                    "name a file on a medium that leaves the platform");
        }
        for (Path each : new Path[] {online, recoveryPublic, recoveryPrivate}) {
            if (Files.exists(each)) {
                throw exists(each);
            }
        }
        try {
            KeysetHandle recovery = KeysetHandle.generateNew(Keysets.RECOVERY);
            write(recoveryPrivate, Keysets.write(recovery));
            write(recoveryPublic, Keysets.write(recovery.getPublicKeysetHandle()));
            write(online, Keysets.write(KeysetHandle.generateNew(Keysets.ONLINE)));
        } catch (GeneralSecurityException e) {
            throw Failures.unexpected("keys cannot be made on this Java platform", e);
        }
    }

    /**
     * Adds a new online key and seals with it from the next opening of the file on; the ones before still open.
     * The file is replaced at once or not at all.
     *
     * @throws ContinuityException of kind {@code CONFLICT} while somebody else changes the file
     */
    public static void rotate(Path online) {
        KeyFileLock.during(online, () -> rotateAlone(online));
    }

    private static void rotateAlone(Path online) {
        KeysetHandle.Builder keys = KeysetHandle.newBuilder(readOnline(online));
        replace(
                online,
                keys.addEntry(KeysetHandle.generateEntryFromParameters(Keysets.ONLINE)
                        .withRandomId()
                        .makePrimary()));
    }

    /**
     * Disables an online key from the next opening of the file on. What is sealed for it and was not rewrapped then
     * opens with the recovery key alone. The file is replaced at once or not at all.
     *
     * @param key the key's id
     * @throws ContinuityException of kind {@code NOT_FOUND} when the file has no such key; {@code CONFLICT} when the key
     *     is the one that seals, or while somebody else changes the file
     */
    public static void disable(Path online, String key) {
        KeyFileLock.during(online, () -> disableAlone(online, key));
    }

    private static void disableAlone(Path online, String key) {
        KeysetHandle old = readOnline(online);
        if (key.equals(Keysets.primary(old, LocalKeyRing.ONLINE))) {
            throw new ContinuityException(
                    FailureKind.CONFLICT,
                    "key " + key + " cannot be disabled: it is the one that seals",
                    "rotate first, and rewrap what is to be opened with the new key");
        }
        KeysetHandle.Builder keys = KeysetHandle.newBuilder(old);
        int at = List.copyOf(Keysets.ids(old, LocalKeyRing.ONLINE).keySet()).indexOf(key);
        if (at < 0) {
            throw new ContinuityException(
                    FailureKind.NOT_FOUND, "key file " + online + " has no key " + key, "name one of its keys");
        }
        keys.getAt(at).setStatus(KeyStatus.DISABLED);
        replace(online, keys);
    }

    private static KeysetHandle readOnline(Path online) {
        KeysetHandle keys = read(online);
        Keysets.requireOnline(keys, online);
        return keys;
    }

    private static void replace(Path file, KeysetHandle.Builder keys) {
        Path draft = file.resolveSibling(file.getFileName() + ".draft");
        try {
            String content = Keysets.write(keys.build());
            Files.deleteIfExists(draft);
            write(draft, content);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
            forceDirectory(file);
        } catch (GeneralSecurityException e) {
            throw Failures.unexpected("keys cannot be made on this Java platform", e);
        } catch (IOException e) {
            throw failed("key file " + file + " could not be replaced", e);
        }
    }

    static KeysetHandle read(Path file) {
        try {
            requirePrivate(file);
            if (Files.size(file) > LIMIT) {
                throw unreadable(file, "it is longer than " + LIMIT + " bytes", null);
            }
            return Keysets.parse(Files.readString(file, UTF_8));
        } catch (NoSuchFileException e) {
            throw new ContinuityException(
                    FailureKind.NOT_FOUND, "there is no key file " + file, "make keys first, or correct the path", e);
        } catch (IOException e) {
            throw failed("key file " + file + " could not be read", e);
        } catch (GeneralSecurityException | RuntimeException e) {
            if (e instanceof ContinuityException known) {
                throw known;
            }
            // Not as a cause: a parser's message may quote what it read.
            throw unreadable(
                    file, "it is no keyset of Tink in JSON (" + e.getClass().getSimpleName() + ")", null);
        }
    }

    private static void requirePrivate(Path file) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (view == null) {
            throw unreadable(file, "its file system has no POSIX permissions, so nobody knows who reads it", null);
        }
        Set<PosixFilePermission> permissions = view.readAttributes().permissions();
        if (permissions.stream().anyMatch(each -> !each.name().startsWith("OWNER_"))) {
            throw new ContinuityException(
                    FailureKind.MISCONFIGURED,
                    "key file " + file + " has the permissions " + PosixFilePermissions.toString(permissions)
                            + ", expected none for group and others",
                    "chmod 600, and replace the keys if anybody else may have read them");
        }
    }

    private static void write(Path file, String content) {
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER));
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                ByteBuffer rest = ByteBuffer.wrap(content.getBytes(UTF_8));
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
                channel.force(true);
            }
            forceDirectory(file);
        } catch (FileAlreadyExistsException e) {
            throw exists(file);
        } catch (UnsupportedOperationException e) {
            throw unreadable(file, "its file system has no POSIX permissions", e);
        } catch (IOException e) {
            throw failed("key file " + file + " could not be written", e);
        }
    }

    private static void forceDirectory(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(directory(file), StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static Path directory(Path file) {
        Path directory = file.toAbsolutePath().normalize().getParent();
        return directory == null ? file.toAbsolutePath() : directory;
    }

    private static ContinuityException exists(Path file) {
        return new ContinuityException(
                FailureKind.CONFLICT,
                "there is a file " + file + " already",
                "keys are never overwritten: name another");
    }

    private static ContinuityException unreadable(Path file, String why, @Nullable Throwable cause) {
        String what = "key file " + file + " cannot be used: " + why;
        String hint = "make keys with KeyFiles, or with Tink's tools in the same form";
        return cause == null
                ? new ContinuityException(FailureKind.MISCONFIGURED, what, hint)
                : new ContinuityException(FailureKind.MISCONFIGURED, what, hint, cause);
    }

    private static ContinuityException failed(String what, IOException cause) {
        return new ContinuityException(
                FailureKind.UNREACHABLE,
                what + ": " + cause.getClass().getSimpleName(),
                "check the directory and its rights",
                cause);
    }
}
