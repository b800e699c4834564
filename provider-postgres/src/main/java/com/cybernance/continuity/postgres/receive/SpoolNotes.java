package com.cybernance.continuity.postgres.receive;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.Hole;
import com.cybernance.continuity.postgres.layout.RecordJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the spool remembers beside the log: whose it is, the histories of timelines, and the holes. Each is a small file
 * that is written once. Thread-safe.
 */
final class SpoolNotes {
    private static final String LINEAGE = "lineage";
    private static final Pattern LINEAGE_TEXT = Pattern.compile("1 ([0-9]{1,20}) ([0-9]{1,10})\n");
    private static final Pattern HISTORY = Pattern.compile("([0-9a-f]{8})\\.history");
    private static final int LONGEST = 1 << 20;

    private final SpoolDisk disk;
    private final Path directory;
    private final SortedMap<Integer, byte[]> histories = new TreeMap<>();
    private final List<Hole> holes = new ArrayList<>();
    private @Nullable Lineage lineage;

    private SpoolNotes(SpoolDisk disk, Path directory) {
        this.disk = disk;
        this.directory = directory;
    }

    static SpoolNotes read(SpoolDisk disk, Path directory) throws IOException {
        SpoolNotes notes = new SpoolNotes(disk, directory);
        for (String name : disk.list(directory)) {
            if (name.endsWith(".new")) {
                disk.delete(directory.resolve(name));
            } else if (name.equals(LINEAGE)) {
                notes.lineage = lineage(directory.resolve(name), notes.content(name));
            } else if (name.startsWith("hole-")) {
                notes.holes.add(RecordJson.readHole(notes.content(name)));
            } else {
                Matcher history = HISTORY.matcher(name);
                if (history.matches()) {
                    notes.histories.put(Integer.parseInt(history.group(1), 16), notes.content(name));
                }
            }
        }
        return notes;
    }

    /** Whether it is known whose log this is. */
    synchronized boolean known() {
        return lineage != null;
    }

    synchronized Lineage lineage() {
        if (lineage == null) {
            throw new ContinuityException(
                    FailureKind.CORRUPT,
                    "the spool %s holds a log and does not say whose".formatted(directory),
                    "its file 'lineage' is gone; begin with an empty directory");
        }
        return lineage;
    }

    /** Remembers whose log this is. */
    synchronized void belongsTo(Lineage which) {
        if (lineage == null) {
            write(
                    LINEAGE,
                    "1 %s %d\n".formatted(which.system(), which.segmentSize()).getBytes(StandardCharsets.US_ASCII));
            lineage = which;
        }
    }

    synchronized SortedMap<Integer, byte[]> histories() {
        return new TreeMap<>(histories);
    }

    /** Remembers the history of a timeline. */
    synchronized void history(int timeline, byte[] content) {
        byte[] known = histories.get(timeline);
        if (known == null) {
            write("%08x.history".formatted(timeline), content);
            histories.put(timeline, content.clone());
        } else if (!Arrays.equals(known, content)) {
            throw new ContinuityException(
                    FailureKind.CONFLICT,
                    "the server's history of timeline %d is not the one in the spool %s".formatted(timeline, directory),
                    "two servers were promoted to the same timeline, or one was restored; begin with a spool and a"
                            + " vault of its own for the one that shall live");
        }
    }

    synchronized List<Hole> holes() {
        return List.copyOf(holes);
    }

    /** Remembers a range that can no longer be had. */
    synchronized void hole(Hole hole) {
        boolean known = holes.stream()
                .anyMatch(each -> each.timeline() == hole.timeline()
                        && each.from().equals(hole.from())
                        && each.to().equals(hole.to()));
        if (!known) {
            write(
                    "hole-%08x-%s-%s"
                            .formatted(
                                    hole.timeline(),
                                    hole.from().hex(),
                                    hole.to().hex()),
                    RecordJson.write(hole));
            holes.add(hole);
        }
    }

    private byte[] content(String name) throws IOException {
        try (SpoolDisk.Handle handle = disk.open(directory.resolve(name))) {
            byte[] content = new byte[(int) Math.min(LONGEST, handle.size())];
            int read = handle.read(0, content, 0, content.length);
            return read == content.length ? content : Arrays.copyOf(content, read);
        }
    }

    private static Lineage lineage(Path file, byte[] content) {
        Matcher text = LINEAGE_TEXT.matcher(new String(content, StandardCharsets.US_ASCII));
        if (!text.matches()) {
            throw SpoolFailures.rot(file, 0, "expected a format, a system identifier and a segment size");
        }
        return new Lineage(text.group(1), Integer.parseInt(text.group(2)));
    }

    /** A name stands for whole, durable content, whenever the process or the machine dies. */
    private void write(String name, byte[] content) {
        Path fresh = directory.resolve(name + ".new");
        try {
            if (disk.list(directory).contains(name + ".new")) {
                disk.delete(fresh);
            }
            try (SpoolDisk.Handle handle = disk.create(fresh)) {
                handle.write(0, content, 0, content.length);
                handle.force();
            }
            disk.rename(fresh, directory.resolve(name));
            disk.forceDirectory(directory);
        } catch (IOException e) {
            throw SpoolFailures.io("writing " + name, directory, e);
        }
    }
}
