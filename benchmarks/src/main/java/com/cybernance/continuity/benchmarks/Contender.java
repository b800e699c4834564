package com.cybernance.continuity.benchmarks;

/**
 * One side of a comparison, as scripts of bash.
 *
 * @param prepare what is done before each run and is not measured
 * @param command what is measured
 * @param clean what is done after each run
 * @param equal whether it does the same work at the same terms; who does not is shown and not compared with
 */
record Contender(String name, String version, String prepare, String command, String clean, boolean equal) {
    static final String OURS = "continuity";

    Contender(String name, String version, String prepare, String command, String clean) {
        this(name, version, prepare, command, clean, true);
    }

    boolean ours() {
        return name.equals(OURS);
    }
}
