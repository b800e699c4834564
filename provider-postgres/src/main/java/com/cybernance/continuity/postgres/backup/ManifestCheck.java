package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * Holds the server's manifest against the files that came by, while the manifest itself comes by: each is there, once,
 * with its size and checksum, and none is there that the manifest does not name. For one thread.
 */
final class ManifestCheck {
    private static final String OURS = "CRC32C";

    private final FileTable files;
    private final ManifestDigest digest = new ManifestDigest();
    private final JsonParser parser;
    private final ByteArrayFeeder feeder;
    private final Map<String, String> values = new HashMap<>();
    private int depth;
    private boolean inFiles;
    private long named;
    private String claimed = "";
    private String system = "";

    ManifestCheck(FileTable files) {
        this.files = files;
        try {
            parser = new JsonFactory().createNonBlockingByteArrayParser();
        } catch (IOException e) {
            throw corrupt("no parser for it", e);
        }
        feeder = (ByteArrayFeeder) parser.getNonBlockingInputFeeder();
    }

    void feed(byte[] bytes, int offset, int length) {
        digest.update(bytes, offset, length);
        try {
            feeder.feedInput(bytes, offset, offset + length);
            read();
        } catch (IOException e) {
            throw corrupt("it is no JSON", e);
        }
    }

    /**
     * Compares what is left to compare.
     *
     * @param expectedSystem whose manifest it must be, where it says
     */
    void finish(String expectedSystem) {
        feeder.endOfInput();
        try {
            read();
        } catch (IOException e) {
            throw corrupt("it is cut", e);
        }
        if (depth != 0 || named == 0) {
            throw corrupt("it is cut");
        }
        if (!claimed.equals(digest.ofAllButTheLastLine())) {
            throw corrupt("it does not carry its own checksum");
        }
        if (!system.isEmpty() && !system.equals(expectedSystem)) {
            throw corrupt("it is of system %s, expected %s".formatted(system, expectedSystem));
        }
        if (files.left() > 0) {
            throw corrupt("%d of %d files came that it does not name".formatted(files.left(), files.count()));
        }
    }

    private void read() throws IOException {
        for (JsonToken token = parser.nextToken();
                token != null && token != JsonToken.NOT_AVAILABLE;
                token = parser.nextToken()) {
            switch (token) {
                case START_OBJECT, START_ARRAY -> open(token);
                case END_OBJECT, END_ARRAY -> close(token);
                case FIELD_NAME -> {}
                default -> value();
            }
        }
    }

    private void open(JsonToken token) throws IOException {
        depth++;
        if (depth == 2 && token == JsonToken.START_ARRAY) {
            inFiles = "Files".equals(parser.currentName());
        }
        values.clear();
    }

    private void close(JsonToken token) {
        if (depth == 3 && inFiles && token == JsonToken.END_OBJECT) {
            file();
        }
        depth--;
        if (depth < 2) {
            inFiles = false;
        }
    }

    private void value() throws IOException {
        String name = parser.currentName();
        if (name == null) {
            throw corrupt("a value without a name");
        }
        if (depth == 1 && name.equals("Manifest-Checksum")) {
            claimed = parser.getText();
        } else if (depth == 1 && name.equals("System-Identifier")) {
            system = parser.getText();
        } else if (depth == 3) {
            values.put(name, parser.getText());
        }
    }

    private void file() {
        named++;
        byte[] path = path();
        String name = new String(path, StandardCharsets.UTF_8);
        if (!value("Checksum-Algorithm").equals(OURS)) {
            throw corrupt("file %s has a checksum of kind '%s', expected %s"
                    .formatted(name, value("Checksum-Algorithm"), OURS));
        }
        long size;
        int checksum;
        try {
            size = Long.parseLong(value("Size"));
            // The four bytes as they lie in the memory of a little-endian machine.
            checksum = Integer.reverseBytes(HexFormat.fromHexDigits(value("Checksum")));
        } catch (IllegalArgumentException e) {
            throw corrupt("file %s has a size or checksum that is none".formatted(name));
        }
        switch (files.match(path, size, checksum)) {
            case SAME -> {}
            case MISSING -> throw corrupt("file %s did not come".formatted(name));
            case OTHER_SIZE -> throw corrupt("file %s came with another size than %d".formatted(name, size));
            case OTHER_CONTENT -> throw corrupt("file %s came with another content".formatted(name));
            case TWICE -> throw corrupt("file %s is named twice".formatted(name));
        }
    }

    private byte[] path() {
        String encoded = value("Encoded-Path");
        try {
            return encoded.isEmpty()
                    ? value("Path").getBytes(StandardCharsets.UTF_8)
                    : HexFormat.of().parseHex(encoded);
        } catch (IllegalArgumentException e) {
            throw corrupt("a path that is none");
        }
    }

    private String value(String name) {
        return values.getOrDefault(name, "");
    }

    private static ContinuityException corrupt(String why) {
        return new ContinuityException(
                FailureKind.CORRUPT,
                "what the server sent does not agree with its manifest: " + why,
                "take the backup again; if it fails again, look for a broken network or memory");
    }

    private static ContinuityException corrupt(String why, IOException cause) {
        ContinuityException e = corrupt(why);
        e.initCause(cause);
        return e;
    }
}
