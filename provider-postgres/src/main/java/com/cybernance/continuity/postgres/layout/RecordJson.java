package com.cybernance.continuity.postgres.layout;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * The records of a vault as JSON, exactly as {@code docs/format-postgres.md} describes them. Readers take nothing on
 * trust: bytes that are not such a record are {@code CORRUPT}, with the field and what stands there; a newer format is
 * {@code UNSUPPORTED}. Messages do not name the object that the bytes came from, which the caller knows. Thread-safe.
 */
public final class RecordJson {
    /** The newest format that is read, and the one that is written. */
    public static final int FORMAT = 1;

    /** No record is larger, in bytes. */
    public static final int MOST_BYTES = 1 << 20;

    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** The same on every system: one field a line, for people and for {@code sed}. */
    private static final DefaultPrettyPrinter PRINTER =
            new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));

    private RecordJson() {}

    /** The bytes of {@code backup.json}. */
    public static byte[] write(BackupRecord backup) {
        return bytes(BackupJson.tree(begin(), backup), RecordJson::readBackup);
    }

    /** Reads {@code backup.json}. */
    public static BackupRecord readBackup(byte[] json) {
        return BackupJson.read(fields("the record of a backup", json));
    }

    /** The bytes of a piece's index. */
    public static byte[] write(PieceIndex index) {
        return bytes(LogJson.tree(begin(), index), RecordJson::readIndex);
    }

    /** Reads a piece's index. It says nothing until it was held against the piece. */
    public static PieceIndex readIndex(byte[] json) {
        return LogJson.readIndex(fields("the index of a log piece", json));
    }

    /** The bytes of a hole's record. */
    public static byte[] write(Hole hole) {
        return bytes(LogJson.tree(begin(), hole), RecordJson::readHole);
    }

    /** Reads a hole's record. */
    public static Hole readHole(byte[] json) {
        return LogJson.readHole(fields("the record of a hole", json));
    }

    private static ObjectNode begin() {
        return JSON.createObjectNode().put("format", FORMAT);
    }

    /** Nothing is written that could not be read. */
    private static byte[] bytes(ObjectNode tree, Consumer<byte[]> reader) {
        byte[] json;
        try {
            json = JSON.writer(PRINTER).writeValueAsBytes(tree);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
        try {
            reader.accept(json);
        } catch (ContinuityException unreadable) {
            throw new ContinuityException(
                    FailureKind.UNEXPECTED,
                    "a record was to be written that nobody could read: " + unreadable.getMessage(),
                    "report this; nothing was written",
                    unreadable);
        }
        return json;
    }

    private static Fields fields(String record, byte[] json) {
        if (json.length > MOST_BYTES) {
            throw new ContinuityException(
                    FailureKind.CORRUPT,
                    "%s is damaged: it is %d bytes long, expected at most %d"
                            .formatted(record, json.length, MOST_BYTES),
                    "use another copy; this one was not written by this library");
        }
        JsonNode root;
        try {
            root = JSON.readTree(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(json))
                    .toString());
        } catch (CharacterCodingException notUtf8) {
            throw notJson(record, "it is not UTF-8");
        } catch (JsonProcessingException malformed) {
            // The parser's own words quote the content.
            var where = malformed.getLocation();
            throw notJson(
                    record,
                    "it is not JSON"
                            + (where == null
                                    ? ""
                                    : " at line %d, column %d".formatted(where.getLineNr(), where.getColumnNr())));
        }
        Fields fields = new Fields(record, root);
        int format = fields.number("format", 1);
        if (format > FORMAT) {
            throw new ContinuityException(
                    FailureKind.UNSUPPORTED,
                    "%s has format %d, and this release reads formats up to %d".formatted(record, format, FORMAT),
                    "read it with the release that wrote it, or a newer one");
        }
        return fields;
    }

    private static ContinuityException notJson(String record, String what) {
        return new ContinuityException(
                FailureKind.CORRUPT,
                "%s is damaged: %s".formatted(record, what),
                "use another copy; this one was cut or damaged");
    }
}
