package com.cybernance.continuity.postgres.backup;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What of a data directory belongs to the running server and not into a backup: the same that the server leaves out of its
 * own. Names of one directory are judged together, because what is unlogged is told by the file beside it.
 */
final class LeftOut {
    /** Kept as empty directories: each start of a server fills them anew, or must find nothing there. */
    private static final Set<String> CONTENTS = Set.of(
            "pg_wal",
            "pg_stat_tmp",
            "pg_replslot",
            "pg_dynshmem",
            "pg_notify",
            "pg_serial",
            "pg_snapshots",
            "pg_subtrans");

    private static final Set<String> FILES = Set.of(
            "postgresql.auto.conf.tmp",
            "current_logfiles.tmp",
            "backup_label",
            "tablespace_map",
            "backup_manifest",
            "postmaster.pid",
            "postmaster.opts");

    private static final List<String> BEGINNINGS = List.of("pg_internal.init", "pgsql_tmp");

    private static final Pattern OF_A_DATABASE =
            Pattern.compile("base/[0-9]+|pg_tblspc/[0-9]+/PG_[0-9]+_[0-9]+/[0-9]+");
    private static final Pattern TEMPORARY = Pattern.compile("t[0-9]+_[0-9]+(?:_(?:fsm|vm|init))?(?:\\.[0-9]+)?");
    private static final Pattern RELATION = Pattern.compile("([0-9]+)(_(?:fsm|vm|init))?(?:\\.[0-9]+)?");

    private final boolean database;
    private final Set<String> unlogged = new HashSet<>();

    /**
     * For one directory.
     *
     * @param directory by its path in the data directory; {@code ""} for that itself
     * @param names all that lies in it
     */
    LeftOut(String directory, List<String> names) {
        database = OF_A_DATABASE.matcher(directory).matches();
        for (String name : names) {
            if (database && name.endsWith("_init")) {
                unlogged.add(name.substring(0, name.length() - "_init".length()));
            }
        }
    }

    /** Whether something in that directory is left out. */
    boolean contains(String name) {
        return FILES.contains(name)
                || BEGINNINGS.stream().anyMatch(name::startsWith)
                || (database && (TEMPORARY.matcher(name).matches() || isUnlogged(name)));
    }

    /** Whether of a directory, by its path, only the name is kept. */
    static boolean contentsOf(String directory) {
        return CONTENTS.contains(directory);
    }

    /** After a crash, and so after a restore, the server makes such a relation anew from its file for that. */
    private boolean isUnlogged(String name) {
        Matcher relation = RELATION.matcher(name);
        return relation.matches() && !"_init".equals(relation.group(2)) && unlogged.contains(relation.group(1));
    }
}
