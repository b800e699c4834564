package com.cybernance.continuity.benchmarks;

import com.cybernance.continuity.spi.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Where the time of one run of ours goes: the whole of it, cut into named phases. For one thread. */
final class Phases {
    private static final int LOOK_MILLIS = 5;

    private final LongSupplier nanos;
    private final Map<String, Long> taken = new LinkedHashMap<>();
    private long last;

    /** @param sinceStart nanoseconds since the process began, which are the first phase */
    Phases(LongSupplier nanos, long sinceStart) {
        this.nanos = nanos;
        this.last = nanos.getAsLong();
        taken.put("start of Java", sinceStart);
    }

    /** What went on since the last phase ended was this one. A phase that comes again is added up. */
    void ended(String phase) {
        endedAt(phase, nanos.getAsLong());
    }

    private void endedAt(String phase, long now) {
        taken.merge(phase, now - last, Long::sum);
        last = now;
    }

    /**
     * Waits for work that goes on elsewhere. Each kind of detail that it tells is a phase; what follows the last change of a
     * detail that counts is one of its own, {@code "..., its end"}.
     */
    Progress wait(String work, Supplier<Progress> asked) throws InterruptedException {
        Progress progress = asked.get();
        String detail = progress.detail();
        boolean counted = false;
        long changed = nanos.getAsLong();
        while (progress.state() == Progress.State.RUNNING) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            progress = asked.get();
            long now = nanos.getAsLong();
            boolean same = progress.state() == Progress.State.RUNNING
                    && kind(progress.detail()).equals(kind(detail));
            if (!same) {
                if (counted) {
                    endedAt(work + ": " + kind(detail), changed);
                }
                endedAt(work + ": " + kind(detail) + (counted ? ", its end" : ""), now);
                counted = false;
                changed = now;
            } else if (!progress.detail().equals(detail)) {
                counted = true;
                changed = now;
            }
            detail = progress.detail();
        }
        return progress;
    }

    /** The words before the first number or punctuation. */
    private static String kind(String detail) {
        return detail.split("[0-9:;,(]", 2)[0].strip();
    }

    /** In milliseconds, by name, in the order in which they began. */
    Map<String, Long> millis() {
        Map<String, Long> millis = new LinkedHashMap<>();
        taken.forEach((phase, time) -> millis.put(phase, TimeUnit.NANOSECONDS.toMillis(time)));
        return millis;
    }

    /** Writes them down for {@link #read}. */
    void write(Path file) throws IOException {
        StringBuilder lines = new StringBuilder();
        millis().forEach((phase, time) -> lines.append(String.format(Locale.ROOT, "%d %s%n", time, phase)));
        Files.writeString(file, lines);
    }

    /** What a run wrote down, in seconds. */
    static Map<String, Double> read(Path file) throws IOException {
        Map<String, Double> seconds = new LinkedHashMap<>();
        for (String line : Files.readAllLines(file)) {
            int space = line.indexOf(' ');
            seconds.put(line.substring(space + 1), Long.parseLong(line.substring(0, space)) / 1000.0);
        }
        return seconds;
    }
}
