package com.cybernance.continuity.postgres.layout;

/**
 * One cluster in a vault, by the identifier that its servers share; and where its objects are.
 *
 * @param system the system identifier in decimal
 */
public record Cluster(String system) {
    public Cluster {
        if (!system.matches("[0-9]{1,20}")) {
            throw new IllegalArgumentException("a system identifier that is no number");
        }
    }

    /** What all names begin with. */
    public String prefix() {
        return "pg/" + system + "/";
    }

    public String base() {
        return prefix() + "base/";
    }

    /** What the names of one backup's objects begin with. */
    public String base(String backup) {
        return base() + backup + "/";
    }

    public String log() {
        return prefix() + "log/";
    }

    public String log(int timeline) {
        return log() + digits(timeline) + "/";
    }

    public String holes() {
        return prefix() + "hole/";
    }

    public String hole(int timeline, Lsn from, Lsn to) {
        return holes() + digits(timeline) + "/" + from.hex() + "-" + to.hex() + ".json";
    }

    public String timelines() {
        return prefix() + "timeline/";
    }

    public String history(int timeline) {
        return timelines() + digits(timeline) + ".history";
    }

    private static String digits(int timeline) {
        return "%08x".formatted(timeline);
    }
}
