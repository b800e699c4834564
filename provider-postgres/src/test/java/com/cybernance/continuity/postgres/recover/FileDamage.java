package com.cybernance.continuity.postgres.recover;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** Damage to backups that are files in a directory. */
final class FileDamage {
    private FileDamage() {}

    static void edit(Path root, String name, UnaryOperator<byte[]> change) throws IOException {
        byte[] old = Files.readAllBytes(root.resolve(name));
        byte[] changed = change.apply(old.clone());
        assertThat(changed).as(name).isNotEqualTo(old);
        try (RandomAccessFile file = new RandomAccessFile(root.resolve(name).toFile(), "rw")) {
            file.setLength(0);
            file.write(changed);
        }
    }

    static void twice(Path root, String name, UnaryOperator<byte[]> change) throws IOException {
        edit(root, name, change);
        edit(root, name + ".copy", change);
    }

    /** Edits the manifest and gives it its own checksum again. */
    static void manifest(Path root, UnaryOperator<String> change) throws IOException {
        edit(root, "backup_manifest", bytes -> {
            String text = new String(bytes, StandardCharsets.UTF_8);
            String edited = change.apply(text.substring(0, text.indexOf("\"Manifest-Checksum\"")));
            // A list does not end with a comma.
            return ManifestWriter.sealed(edited.replace("},\n],", "}\n],"));
        });
    }

    /** Changes a file, and the manifest with it; a file that ends with its own checksum and zeros keeps its CRC. */
    static void agreed(Path root, String name, UnaryOperator<byte[]> change) throws IOException {
        String before = entry(root, name);
        edit(root, name, change);
        byte[] now = Files.readAllBytes(root.resolve(name));
        CRC32C crc = new CRC32C();
        crc.update(now);
        String after = before.replaceFirst("\"Size\": [0-9]+", "\"Size\": " + now.length)
                .replaceFirst(
                        "\"Checksum\": \"[0-9a-f]{8}",
                        "\"Checksum\": \"%08x".formatted(Integer.reverseBytes((int) crc.getValue())));
        if (!after.equals(before)) {
            manifest(root, text -> text.replace(before, after));
        }
    }

    static String entry(Path root, String name) throws IOException {
        return Files.readString(root.resolve("backup_manifest"))
                .lines()
                .filter(line -> line.contains("\"Path\": \"%s\"".formatted(name)))
                .findFirst()
                .orElseThrow();
    }

    static String only(Path in, String pattern) throws IOException {
        return all(in, pattern).get(0);
    }

    static List<String> all(Path in, String pattern) throws IOException {
        try (Stream<Path> all = Files.list(in)) {
            return all.map(each -> each.getFileName().toString())
                    .filter(name -> name.matches(pattern))
                    .sorted()
                    .toList();
        }
    }

    static byte[] flipped(byte[] bytes) {
        bytes[bytes.length / 2] ^= 4;
        return bytes;
    }

    /** Within the first record, which every backup needs. */
    static byte[] flippedEarly(byte[] bytes) {
        bytes[70] ^= 1;
        return bytes;
    }

    static byte[] half(byte[] bytes) {
        return Arrays.copyOf(bytes, bytes.length / 2);
    }
}
