package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.wal.TimelinePath;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The server's own list of what a backup consists of, read from the exact bytes that it wrote. Immutable. */
final class ServerManifest {
    /** No manifest is larger, in bytes; about 400,000 files. */
    static final int MOST_BYTES = 64 << 20;

    private static final byte[] CHECKSUM = "\"Manifest-Checksum\"".getBytes(StandardCharsets.US_ASCII);
    private static final JsonFactory JSON = new JsonFactory();

    private final boolean there;
    private final Map<String, Entry> entries = new HashMap<>();
    private final List<TimelinePath.Leg> logRanges = new ArrayList<>();
    private String system = "";

    private ServerManifest(boolean there) {
        this.there = there;
    }

    /**
     * One file.
     *
     * @param checksum in lower-case hex; {@code ""} when its algorithm is {@code NONE}
     */
    record Entry(long size, String algorithm, String checksum) {}

    /** Of a backup that the server made no manifest for. */
    static ServerManifest none() {
        return new ServerManifest(false);
    }

    /**
     * Reads it.
     *
     * @throws ContinuityException of kind {@code CORRUPT} when the bytes are not what the server wrote
     */
    static ServerManifest parse(byte[] bytes) {
        requireChecksum(bytes);
        ServerManifest manifest = new ServerManifest(true);
        try (JsonParser json = JSON.createParser(bytes)) {
            manifest.read(json);
        } catch (IOException | IllegalArgumentException e) {
            throw Words.corrupt("the server's manifest is damaged: it is not such JSON as the server writes");
        }
        return manifest;
    }

    boolean isThere() {
        return there;
    }

    Optional<Entry> find(String file) {
        return Optional.ofNullable(entries.get(file));
    }

    Set<String> names() {
        return entries.keySet();
    }

    /** The log that the backup needs. */
    List<TimelinePath.Leg> logRanges() {
        return logRanges;
    }

    /** The cluster's system identifier; {@code ""} when the manifest does not tell, as before PostgreSQL 17. */
    String system() {
        return system;
    }

    private static void requireChecksum(byte[] bytes) {
        int at = lastIndexOf(bytes, CHECKSUM);
        if (at < 0) {
            throw Words.corrupt("the server's manifest is damaged: it has no checksum of its own");
        }
        String line = new String(bytes, at, bytes.length - at, StandardCharsets.UTF_8);
        String actual = sha256(bytes, at);
        if (!line.strip().equals("\"Manifest-Checksum\": \"%s\"}".formatted(actual))) {
            throw Words.corrupt("the server's manifest is damaged: its own checksum is not " + actual);
        }
    }

    private void read(JsonParser json) throws IOException {
        require(json.nextToken() == JsonToken.START_OBJECT);
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "Files" -> files(json);
                case "WAL-Ranges" -> ranges(json);
                case "System-Identifier" -> system = json.getText();
                default -> json.skipChildren();
            }
        }
    }

    private void files(JsonParser json) throws IOException {
        while (json.nextToken() == JsonToken.START_OBJECT) {
            Map<String, String> fields = fields(json);
            String path = Optional.ofNullable(fields.get("Path"))
                    .orElseGet(() ->
                            new String(HexFormat.of().parseHex(field(fields, "Encoded-Path")), StandardCharsets.UTF_8));
            Entry entry = new Entry(
                    Long.parseLong(field(fields, "Size")),
                    fields.getOrDefault("Checksum-Algorithm", "NONE").toUpperCase(Locale.ROOT),
                    fields.getOrDefault("Checksum", ""));
            require(entries.put(path, entry) == null);
        }
    }

    private void ranges(JsonParser json) throws IOException {
        while (json.nextToken() == JsonToken.START_OBJECT) {
            Map<String, String> fields = fields(json);
            logRanges.add(new TimelinePath.Leg(
                    Integer.parseInt(field(fields, "Timeline")),
                    Lsn.parse(field(fields, "Start-LSN")),
                    Lsn.parse(field(fields, "End-LSN"))));
        }
    }

    private static Map<String, String> fields(JsonParser json) throws IOException {
        Map<String, String> fields = new HashMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            fields.put(name, json.getText());
        }
        return fields;
    }

    private static String field(Map<String, String> fields, String name) {
        return Optional.ofNullable(fields.get(name)).orElseThrow(IllegalArgumentException::new);
    }

    private static void require(boolean asExpected) {
        if (!asExpected) {
            throw new IllegalArgumentException("not a manifest");
        }
    }

    private static int lastIndexOf(byte[] bytes, byte[] wanted) {
        for (int at = bytes.length - wanted.length; at >= 0; at--) {
            if (java.util.Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
                return at;
            }
        }
        return -1;
    }

    private static String sha256(byte[] bytes, int length) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes, 0, length);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
