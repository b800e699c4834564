package com.cybernance.continuity.internal.disk;

/** How much of a counted test this run does. */
public final class Count {
    private static final int FRACTION = Integer.getInteger("continuity.fraction", 20);

    private Count() {}

    public static int of(int full) {
        return Math.max(1, full / FRACTION);
    }

    public static int fraction() {
        return FRACTION;
    }

    /** A fixed seed and a fresh one, or the one to replay. */
    public static long[] seeds() {
        Long replay = Long.getLong("continuity.seed");
        return replay == null ? new long[] {20_261_123L, System.nanoTime()} : new long[] {replay};
    }

    public static void say(String what) {
        System.err.println(what);
    }
}
