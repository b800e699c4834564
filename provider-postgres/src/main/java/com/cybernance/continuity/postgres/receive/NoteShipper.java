package com.cybernance.continuity.postgres.receive;

import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.layout.Hole;
import com.cybernance.continuity.postgres.layout.RecordJson;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Brings to one vault what the spool has beside the log: histories of timelines, and holes. For one thread. */
final class NoteShipper {
    private final Cluster cluster;
    private final Spool spool;
    private final PieceWriter writer;
    private final Holdings holdings;
    private final Set<String> put = new HashSet<>();

    NoteShipper(Cluster cluster, Spool spool, PieceWriter writer, Holdings holdings) {
        this.cluster = cluster;
        this.spool = spool;
        this.writer = writer;
        this.holdings = holdings;
    }

    /** What is new; to be called before what was received after it is shipped. */
    void ship() {
        for (Map.Entry<Integer, byte[]> history : spool.notes().histories().entrySet()) {
            String object = cluster.history(history.getKey());
            if (!put.contains(object)) {
                if (!writer.put(object, history.getValue())) {
                    throw writer.other(object, "another history than the server's");
                }
                put.add(object);
            }
        }
        boolean looked = false;
        for (Hole hole : spool.notes().holes()) {
            String object = object(hole);
            if (!put.contains(object)) {
                if (!looked) {
                    holdings.look();
                    looked = true;
                }
                // Another receiver may have noticed the same hole at another time.
                holdings.missing(hole).forEach(part -> writer.put(object(part), RecordJson.write(part)));
                put.add(object);
            }
        }
    }

    private String object(Hole hole) {
        return cluster.hole(hole.timeline(), hole.from(), hole.to());
    }
}
