package com.cybernance.continuity.examples.proof;

import java.util.List;

/** What a reader might believe after a good report, and should not. */
final class NotProven {
    static final List<String> LIST = List.of(
            "Anything about production. This is a rehearsal; its evidence never counts elsewhere.",
            "Anything about AWS or GitHub. Clauses that name a vendor wait for that vendor's own answer.",
            "Four buildings. The servers and the vaults share this host, its disk and its power; places are declared, not observed.",
            "Power loss. That a disk keeps what it says it has flushed is taken on trust.",
            "Sessions that weaken their own commits with SET, and waits that were cancelled: no view shows them.",
            "Unlogged tables of other databases on the same servers: a connection sees those of its own database only.",
            "Failover. Nothing was failed over in this run.",
            "A day. All periods are scaled, so that seconds of looking stand for 24 hours.");

    private NotProven() {}
}
