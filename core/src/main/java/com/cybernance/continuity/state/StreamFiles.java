package com.cybernance.continuity.state;

import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;

/** Where the files of one stream lie. */
record StreamFiles(Path directory, String stream) {
    private static final Pattern SEGMENT = Pattern.compile("[0-9]{19}\\.log");

    Path lock() {
        return directory.resolve("lock");
    }

    Path head() {
        return directory.resolve("head");
    }

    Path headDraft() {
        return directory.resolve("head.draft");
    }

    /** The segment whose first record has this number. */
    Path segment(long first) {
        return directory.resolve(String.format(Locale.ROOT, "%019d.log", first));
    }

    /** Where the unacknowledged end of a segment is kept. */
    Path torn(long first, long offset) {
        return directory.resolve(String.format(Locale.ROOT, "%019d-%d.torn", first, offset));
    }

    static boolean isSegment(String name) {
        return SEGMENT.matcher(name).matches();
    }

    static long first(String segmentName) {
        return Long.parseLong(segmentName.substring(0, 19));
    }
}
