package com.cybernance.continuity.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Files that want to cost time or memory, read in a Java process that has 64 MiB. */
class HostileFilesTest {
    private static final int MIB = 1 << 20;
    private static final long MOST_MILLIS = 250;

    @Test
    @Timeout(300)
    void read_ofTheWorstFiles_refusesEachInTimeAndIn64MiB() throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HostileFilesTest.class.getName())
                .redirectErrorStream(true)
                .start();
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(child.exitValue()).as(said).isZero();
        List<String> lines = said.lines().toList();
        assertThat(lines).hasSize(files().size());
        assertThat(lines).allSatisfy(line -> {
            assertThat(line).contains(" refused in ");
            assertThat(Long.parseLong(line.replaceAll(".* refused in ([0-9]+) ms.*", "$1")))
                    .as(line)
                    .isLessThanOrEqualTo(MOST_MILLIS);
        });
    }

    @Test
    void read_ofAnEndlessStream_takesNoMoreThanTheLongestFileAndOneByte() {
        Endless stream = new Endless('#');

        assertThat(outcome(stream)).contains("longer than 1048576 bytes");
        assertThat(stream.taken).isEqualTo(PolicyReader.MOST_BYTES + 1);
    }

    /** The child: reads each file three times and tells the best time of its own work, for the machine may be busy. */
    public static void main(String[] args) throws IOException {
        for (int i = 0; i < 30; i++) {
            PolicyReader.read(Samples.CYBERNANCE);
        }
        for (Map.Entry<String, Supplier<byte[]>> file : files().entrySet()) {
            byte[] bytes = file.getValue().get();
            long best = Long.MAX_VALUE;
            String outcome = "";
            for (int i = 0; i < 3; i++) {
                InputStream in = bytes.length == 1 ? new Endless(bytes[0]) : new ByteArrayInputStream(bytes);
                long start = work();
                outcome = outcome(in);
                best = Math.min(best, work() - start);
            }
            System.out.printf(
                    "%s: %s in %d ms: %s%n",
                    file.getKey(),
                    outcome.startsWith("!") ? outcome : "refused",
                    TimeUnit.NANOSECONDS.toMillis(best),
                    outcome);
        }
    }

    private static long work() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static String outcome(InputStream in) {
        try {
            PolicyReader.read(in);
            return "!taken";
        } catch (PolicyException e) {
            return e.mistakes().get(0).message();
        } catch (RuntimeException | Error e) {
            return "!" + e;
        }
    }

    /** By name; a single byte stands for a gibibyte of it. */
    private static Map<String, Supplier<byte[]>> files() {
        Map<String, Supplier<byte[]>> files = new LinkedHashMap<>();
        files.put("a gibibyte of comment", () -> new byte[] {'#'});
        files.put("a gibibyte of NUL", () -> new byte[] {0});
        String clauses = "clauses:\n";
        files.put("20,000 brackets", text(() -> "[".repeat(20_000)));
        files.put("a mebibyte of brackets", text(() -> "[".repeat(MIB)));
        files.put("nested braces", text(() -> "{a: ".repeat(20_000)));
        files.put("nested dashes", text(() -> fill("- ")));
        files.put("nested questions", text(() -> fill("? ")));
        files.put("closed brackets", text(() -> "[".repeat(10_000) + "]".repeat(10_000)));
        files.put("items", text(() -> clauses + fill("- a\n")));
        files.put("short items in one line", text(() -> "clauses: [" + fill("a,") + "]"));
        files.put("mappings in one line", text(() -> "clauses: [" + fill("{},") + "]"));
        files.put("clauses without values", text(() -> clauses + fill("- {}\n")));
        files.put("one key again and again", text(() -> fill("a: b\n")));
        files.put("keys", text(() -> keys()));
        files.put("one long key", text(() -> "a".repeat(MIB - 10) + ": 1"));
        files.put("one long value", text(() -> "name: " + "a".repeat(MIB - 10)));
        files.put("one long quote", text(() -> "name: \"" + "\\u0061".repeat(MIB / 6 - 10) + "\""));
        files.put("an open quote", text(() -> "name: \"" + "a\n ".repeat(MIB / 3 - 10)));
        files.put("a long literal", text(() -> "name: |\n" + fill(" a\n")));
        files.put("spaces", text(() -> " ".repeat(MIB)));
        files.put("lines", text(() -> "\n".repeat(MIB)));
        files.put("tabs", text(() -> "\t".repeat(MIB)));
        files.put("comments", text(() -> fill("#\n")));
        files.put("documents", text(() -> fill("---\n")));
        files.put("directives", text(() -> fill("%a b\n")));
        files.put("colons", text(() -> fill("a:")));
        files.put("spaced colons", text(() -> fill(": ")));
        files.put("an alias", text(() -> "clauses: *a"));
        files.put("laughs", text(() -> "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"));
        files.put("a tag", text(() -> "!%20 x"));
        files.put("a long tag", text(() -> "!" + "%20".repeat(MIB / 3 - 10) + " x"));
        files.put("a NUL", text(() -> "name: \0"));
        files.put("a byte order mark", text(() -> "\uFEFFclauses: []"));
        files.put("misspelt keys", text(() -> clauses + fill("- {subjec: a, objectiv: b}\n")));
        files.put("misspelt objectives", text(() -> clauses + fill("- {subject: a, objective: stateles}\n")));
        files.put("clauses of one name", text(() -> clauses + fill("- {subject: a, objective: stateless}\n")));
        files.put("waivers for nothing", text(() -> "waivers:\n" + fill("- {clause: a}\n")));
        files.put("waivers for unknown clauses", text(() -> waiversForUnknownClauses()));
        files.put("standbys and inventories", text(() -> standbysAndInventories()));
        files.put("bases for unknown kinds", text(() -> basesForUnknownKinds()));
        files.put("sentences of long inventories", text(() -> sentencesOfLongInventories()));
        files.put("conflicts with a long inventory", text(() -> conflictsWithALongInventory()));
        files.put("no text", () -> fill("\u00FF").getBytes(StandardCharsets.ISO_8859_1));
        return files;
    }

    private static Supplier<byte[]> text(Supplier<String> text) {
        return () -> text.get().getBytes(StandardCharsets.UTF_8);
    }

    private static String fill(String piece) {
        return piece.repeat((MIB - 30) / piece.length());
    }

    /** Each word could be meant by each waiver, as far as its length tells. */
    private static String waiversForUnknownClauses() {
        return "clauses:\n"
                + each(2_500, "- {id: clause-%032d, subject: a, objective: stateless}\n")
                + "waivers:\n"
                + each(180, "- {clause: waiver-%032d, owner: o, reason: r, from: 2026-01-01, until: 2026-01-02}\n");
    }

    private static String standbysAndInventories() {
        return "clauses:\n"
                + each(600, "- {id: s%d, subject: server, objective: {standby: {members: 3}}}\n")
                + each(600, "- {id: i%d, subject: all, objective: {inventory: {server: 1}}}\n");
    }

    private static String basesForUnknownKinds() {
        return "clauses:\n- subject: a\n  objective:\n    inventory:\n"
                + each(5_000, "      k%039d: 1\n")
                + "  basis:\n"
                + each(2_000, "    b%039d: document\n");
    }

    /** Two clauses that agree in thousands of sentences about thousands of kinds, and in the end do not. */
    private static String sentencesOfLongInventories() {
        String clause = "  subject: all\n  objective:\n    inventory:\n"
                + each(2_400, "      kind%d: 1\n")
                + "  sentences:\n"
                + each(2_400, "  - s%d\n");
        return "clauses:\n- id: a\n" + clause + "- id: b\n" + clause + "waivers: [{clause: c}]\n";
    }

    private static String conflictsWithALongInventory() {
        return "clauses:\n- id: a\n  subject: all\n  objective:\n    inventory:\n"
                + each(4_000, "      a-kind-with-a-name-that-is-as-long-as-a-name-of-a-kind-can-be%d: 1\n")
                + "  sentences: [1]\n"
                + each(500, "- {id: b%d, subject: all, objective: {inventory: {a: 1}}, sentences: [1]}\n");
    }

    private static String each(int count, String piece) {
        StringBuilder pieces = new StringBuilder();
        for (int i = 0; i < count; i++) {
            pieces.append(piece.formatted(i));
        }
        return pieces.toString();
    }

    private static String keys() {
        StringBuilder keys = new StringBuilder();
        for (int i = 0; keys.length() < MIB - 20; i++) {
            keys.append('k').append(i).append(": 1\n");
        }
        return keys.toString();
    }

    /** A gibibyte of one byte, and how much of it was taken. */
    private static final class Endless extends InputStream {
        private final int each;
        private int taken;

        Endless(int each) {
            this.each = each;
        }

        @Override
        public int read() {
            return taken++ < 1 << 30 ? each : -1;
        }

        @Override
        public int read(byte[] into, int from, int most) {
            int count = Math.min(most, (1 << 30) - taken);
            Arrays.fill(into, from, from + count, (byte) each);
            taken += count;
            return count == 0 && most > 0 ? -1 : count;
        }
    }
}
