package com.cybernance.continuity.benchmarks;

/**
 * One side of a comparison, as scripts of bash.
 *
 * @param prepare what is done before each run and is not measured
 * @param command what is measured
 * @param clean what is done after each run
 */
record Contender(String name, String version, String prepare, String command, String clean) {
    static final String OURS = "continuity";

    boolean ours() {
        return name.equals(OURS);
    }
}
