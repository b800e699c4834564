package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.CRC32C;

/**
 * Holds the files of a backup against the backup's manifest while they pass by. Where that cannot be read, it only notes
 * their sizes. For one thread.
 */
final class FileFacts {
    private final Optional<ServerManifest> manifest;
    private final String prefix;
    private final Map<String, Long> seen;

    private FileFacts(Optional<ServerManifest> manifest, String prefix, Map<String, Long> seen) {
        this.manifest = manifest;
        this.prefix = prefix;
        this.seen = seen;
    }

    static FileFacts against(ServerManifest manifest) {
        return against(Optional.of(manifest));
    }

    /** @param manifest empty for an audit that goes on without one, after it has said so */
    static FileFacts against(Optional<ServerManifest> manifest) {
        return new FileFacts(manifest, "", new HashMap<>());
    }

    /** The same, for an archive whose files the manifest knows under a directory. */
    FileFacts below(String directory) {
        return new FileFacts(manifest, directory, seen);
    }

    /** The name as the manifest has it. */
    String fullName(String name) {
        return prefix + name;
    }

    Sum begin(String name) {
        return Sum.of(manifest.flatMap(all -> all.find(prefix + name))
                .map(ServerManifest.Entry::algorithm)
                .orElse("NONE"));
    }

    void end(String name, long size, Sum sum) {
        String full = prefix + name;
        seen.put(full, size);
        if (manifest.isEmpty()) {
            return;
        }
        ServerManifest.Entry entry = manifest.get()
                .find(full)
                .orElseThrow(() -> Words.corrupt("file %s is not in the backup's manifest".formatted(full)));
        if (entry.size() != size) {
            throw Words.corrupt(
                    "file %s has %d bytes, the backup's manifest says %d".formatted(full, size, entry.size()));
        }
        String checksum = sum.hex();
        if (!entry.checksum().equals(checksum)) {
            throw Words.corrupt("file %s has %s %s, the backup's manifest says %s"
                    .formatted(full, entry.algorithm(), checksum, entry.checksum()));
        }
    }

    /** Refuses when the manifest names a file that did not come by. */
    void requireAll() {
        TreeSet<String> missing =
                new TreeSet<>(manifest.map(ServerManifest::names).orElse(Set.of()));
        missing.removeAll(seen.keySet());
        if (!missing.isEmpty()) {
            throw Words.corrupt("%d files of the backup's manifest are missing, the first is %s"
                    .formatted(missing.size(), missing.first()));
        }
    }

    int count() {
        return seen.size();
    }

    /** A checksum as manifests have it. */
    interface Sum {
        void update(byte[] bytes, int length);

        /** In lower-case hex; {@code ""} for none. */
        String hex();

        static Sum of(String algorithm) {
            return switch (algorithm) {
                case "NONE" -> new None();
                case "CRC32C" -> new Crc(new CRC32C());
                case "SHA224", "SHA256", "SHA384", "SHA512" ->
                    new Digest(digest("SHA-" + algorithm.substring("SHA".length())));
                default ->
                    throw new ContinuityException(
                            FailureKind.UNSUPPORTED,
                            "the backup's manifest has checksums of kind " + algorithm,
                            "take the release of this library that knows them");
            };
        }

        private static MessageDigest digest(String name) {
            try {
                return MessageDigest.getInstance(name);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private record None() implements Sum {
        @Override
        public void update(byte[] bytes, int length) {}

        @Override
        public String hex() {
            return "";
        }
    }

    private record Crc(CRC32C crc) implements Sum {
        @Override
        public void update(byte[] bytes, int length) {
            crc.update(bytes, 0, length);
        }

        @Override
        public String hex() {
            // The server writes the four bytes as they lie in its memory.
            return HexFormat.of()
                    .formatHex(ByteBuffer.allocate(4)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putInt((int) crc.getValue())
                            .array());
        }
    }

    private record Digest(MessageDigest digest) implements Sum {
        @Override
        public void update(byte[] bytes, int length) {
            digest.update(bytes, 0, length);
        }

        @Override
        public String hex() {
            return HexFormat.of().formatHex(digest.digest());
        }
    }
}
