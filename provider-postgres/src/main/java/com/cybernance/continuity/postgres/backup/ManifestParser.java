package com.cybernance.continuity.postgres.backup;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Function;

/**
 * Reads the list that a server makes of a backup's files, while its bytes come by: its size does not matter. What was
 * handed over holds only when {@link #finish} returned. For one thread.
 */
public final class ManifestParser {
    private static final String FILES = "Files";
    private static final String RANGES = "WAL-Ranges";

    private final Reader reader;
    private final Function<String, ContinuityException> damaged;
    private final ManifestDigest digest = new ManifestDigest();
    private final JsonParser parser;
    private final ByteArrayFeeder feeder;
    private final Map<String, String> values = new HashMap<>();
    private String list = "";
    private String system = "";
    private int depth;
    private boolean any;

    /** Takes what the list says, in its order. */
    public interface Reader {
        /**
         * A file.
         *
         * @param path the bytes of its name
         * @param size in bytes
         * @param algorithm of its checksum; {@code ""} when it has none
         * @param checksum in lower-case hex; {@code ""} when it has none
         */
        void file(byte[] path, long size, String algorithm, String checksum);

        /** A part of the log that the backup needs; the end is exclusive. */
        void range(int timeline, Lsn start, Lsn end);
    }

    /** @param damaged what to throw for what is wrong with the list itself */
    public ManifestParser(Reader reader, Function<String, ContinuityException> damaged) {
        this.reader = reader;
        this.damaged = damaged;
        try {
            parser = new JsonFactory().createNonBlockingByteArrayParser();
        } catch (IOException e) {
            throw because("there is no parser for it", e);
        }
        feeder = (ByteArrayFeeder) parser.getNonBlockingInputFeeder();
    }

    /** The next bytes. */
    public void feed(byte[] bytes, int offset, int length) {
        digest.update(bytes, offset, length);
        try {
            feeder.feedInput(bytes, offset, offset + length);
            read();
        } catch (IOException e) {
            throw because("it is no JSON", e);
        }
    }

    /**
     * Ends it: refuses a list that was cut, names no file, or does not end with its own checksum.
     *
     * @return the system identifier that it names; {@code ""} when it names none, as before PostgreSQL 17
     */
    public String finish() {
        feeder.endOfInput();
        try {
            read();
        } catch (IOException e) {
            throw because("it is cut", e);
        }
        if (depth != 0 || !any) {
            throw damaged.apply("it is cut");
        }
        String last = digest.lastLine().strip();
        if (!last.equals("\"Manifest-Checksum\": \"%s\"}".formatted(digest.ofAllButTheLastLine()))) {
            throw damaged.apply("it does not end with its own checksum");
        }
        return system;
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
        if (depth == 2) {
            list = token == JsonToken.START_ARRAY ? String.valueOf(parser.currentName()) : "";
        }
        values.clear();
    }

    private void close(JsonToken token) {
        if (depth == 3 && token == JsonToken.END_OBJECT) {
            entry();
        }
        depth--;
    }

    private void value() throws IOException {
        String name = parser.currentName();
        if (name == null) {
            throw damaged.apply("there is a value without a name");
        }
        if (depth == 1 && name.equals("System-Identifier")) {
            system = parser.getText();
        } else if (depth == 3) {
            values.put(name, parser.getText());
        }
    }

    private void entry() {
        try {
            if (list.equals(FILES)) {
                any = true;
                reader.file(path(), Long.parseLong(value("Size")), value("Checksum-Algorithm"), value("Checksum"));
            } else if (list.equals(RANGES)) {
                reader.range(
                        Integer.parseInt(value("Timeline")),
                        Lsn.parse(value("Start-LSN")),
                        Lsn.parse(value("End-LSN")));
            }
        } catch (IllegalArgumentException e) {
            throw damaged.apply("an entry of %s is not as the server writes it: %s".formatted(list, values));
        }
    }

    private byte[] path() {
        String encoded = value("Encoded-Path");
        byte[] path = encoded.isEmpty()
                ? value("Path").getBytes(StandardCharsets.UTF_8)
                : HexFormat.of().parseHex(encoded);
        if (path.length == 0) {
            throw new IllegalArgumentException("no path");
        }
        return path;
    }

    private String value(String name) {
        return values.getOrDefault(name, "");
    }

    private ContinuityException because(String why, IOException cause) {
        ContinuityException e = damaged.apply(why);
        e.initCause(cause);
        return e;
    }
}
