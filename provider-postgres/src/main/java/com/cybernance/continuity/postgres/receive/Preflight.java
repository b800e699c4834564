package com.cybernance.continuity.postgres.receive;

import com.cybernance.continuity.postgres.wire.ReplicationConnection;
import com.cybernance.continuity.postgres.wire.SynchronousNames;
import java.util.ArrayList;
import java.util.List;

/** Looks whether a server is set up so that a receiver can do it no harm. */
final class Preflight {
    private Preflight() {}

    /** What speaks against receiving from this server, each with what mends it; empty when nothing does. */
    static List<String> of(ReplicationConnection server, String applicationName) {
        return judge(
                server.show("max_slot_wal_keep_size"),
                server.show("synchronous_standby_names"),
                server.show("synchronous_commit"),
                applicationName);
    }

    /** What is the server's owner's choice, and must not go unsaid. */
    static List<String> remarks(ReplicationConnection server, String applicationName) {
        return remarks(server.show("synchronous_standby_names"), applicationName);
    }

    static List<String> remarks(String standbyNames, String applicationName) {
        SynchronousNames names = SynchronousNames.parse(standbyNames);
        return names.name(applicationName) && names.count() >= names.names().size()
                ? List.of("synchronous_standby_names is '%s', so that no commit ends while this receiver is stopped;"
                                .formatted(standbyNames)
                        + " name one more standby, or wait for fewer")
                : List.of();
    }

    static List<String> judge(String keepSize, String standbyNames, String level, String applicationName) {
        List<String> against = new ArrayList<>();
        if (keepSize.equals("-1")) {
            against.add("max_slot_wal_keep_size is -1, expected a bound: a receiver that stops would fill the server's"
                    + " disk; ALTER SYSTEM SET max_slot_wal_keep_size = '10GB'");
        }
        SynchronousNames names = SynchronousNames.parse(standbyNames);
        boolean waitedFor = names.name(applicationName);
        if (names.wildcard()) {
            against.add(
                    "synchronous_standby_names is '%s', which counts any client, this receiver included, as a standby;"
                                    .formatted(standbyNames)
                            + " name the standbys");
        } else if (waitedFor && names.names().size() < 2) {
            against.add("synchronous_standby_names is '%s', expected another candidate beside this receiver, which can"
                            .formatted(standbyNames)
                    + " never be promoted; name a standby too");
        }
        if (waitedFor && level.equals("remote_apply")) {
            against.add("synchronous_commit is remote_apply, expected on: a receiver applies nothing, so commits would"
                    + " hang for ever");
        }
        return against;
    }
}
