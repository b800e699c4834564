package com.cybernance.continuity.vault;

import com.cybernance.continuity.spi.Stored;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What lies beside the content of an object and says what it is, for us and for {@code sha256sum -c}. */
final class ObjectRecord {
    private static final String KIND = "# continuity object, format ";
    private static final String VERSION = "1";
    private static final String NAME = "# name: ";
    private static final String SIZE = "# size: ";
    private static final String SINCE = "# since: ";
    private static final int LINES = 5;

    private ObjectRecord() {}

    static byte[] of(Stored object) {
        return CheckedText.of(lines(object));
    }

    private static List<String> lines(Stored object) {
        return List.of(
                KIND + VERSION,
                NAME + object.name(),
                SIZE + object.size(),
                SINCE + object.since(),
                object.sha256() + "  " + ObjectFiles.CONTENT);
    }

    /** The format version of a record of another version; null when it is of ours, or no record at all. */
    static @Nullable String otherVersion(byte[] bytes) {
        List<String> lines = CheckedText.lines(bytes);
        String first = lines == null ? "" : lines.get(0);
        boolean other = first.startsWith(KIND) && !first.equals(KIND + VERSION);
        return other ? first.substring(KIND.length()) : null;
    }

    /** What a record of our version says; null when it is not what was written. */
    static @Nullable Stored parse(byte[] bytes) {
        List<String> lines = CheckedText.lines(bytes);
        if (lines == null
                || lines.size() != LINES
                || !lines.get(1).startsWith(NAME)
                || !lines.get(2).startsWith(SIZE)
                || !lines.get(3).startsWith(SINCE)) {
            return null;
        }
        try {
            Stored object = new Stored(
                    lines.get(1).substring(NAME.length()),
                    Long.parseLong(lines.get(2).substring(SIZE.length())),
                    lines.get(4).replaceFirst(" .*", ""),
                    Instant.parse(lines.get(3).substring(SINCE.length())));
            return lines(object).equals(lines) ? object : null;
        } catch (DateTimeException | NumberFormatException e) {
            return null;
        }
    }
}
