package com.cybernance.continuity.benchmarks;

import java.nio.file.Path;

/**
 * What the environment asks for.
 *
 * @param mebibytes of the cluster
 * @param runs of each contender that are measured
 * @param seed of the data
 * @param directory where everything lies
 * @param programs of PostgreSQL
 * @param java the program
 * @param out the result file
 * @param revision of ours
 */
record Settings(
        int mebibytes, int runs, int seed, Path directory, Path programs, String java, Path out, String revision) {
    /** Both sides compress at this level, on one thread. */
    static final int LEVEL = 3;

    /** The most heap that ours is given. */
    static final int HEAP_MEBIBYTES = 128;

    static Settings ofEnvironment() {
        return new Settings(
                number("BENCH_MIB", 2048),
                number("BENCH_RUNS", 5),
                number("BENCH_SEED", 20261125),
                Path.of(text("BENCH_DIR", "target/bench")).toAbsolutePath().normalize(),
                Path.of(text("BENCH_PROGRAMS", "/usr/lib/postgresql/15/bin")),
                text("BENCH_JAVA", "java"),
                Path.of(text("BENCH_OUT", "latest.json")).toAbsolutePath().normalize(),
                text("BENCH_REVISION", "unknown"));
    }

    /** How much log is received. */
    int logMebibytes() {
        return mebibytes / 2;
    }

    String program(String name) {
        return programs.resolve(name).toString();
    }

    private static int number(String name, int otherwise) {
        String text = text(name, Integer.toString(otherwise));
        if (!text.matches("[1-9][0-9]{0,8}")) {
            throw new IllegalArgumentException("%s is '%s', expected a number".formatted(name, text));
        }
        return Integer.parseInt(text);
    }

    private static String text(String name, String otherwise) {
        String text = System.getenv(name);
        return text == null || text.isBlank() ? otherwise : text;
    }
}
