package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.postgres.layout.Piece;
import com.cybernance.continuity.postgres.wal.TimelinePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Reads all history files of a cluster and holds them against each other and against the log. */
final class HistoryAudit {
    private final VaultedCluster vaulted;
    private final List<Defect> defects;

    HistoryAudit(VaultedCluster vaulted, List<Defect> defects) {
        this.vaulted = vaulted;
        this.defects = defects;
    }

    /** Those that could be read. */
    List<TimelinePath> all(int least) {
        List<TimelinePath> histories = new ArrayList<>();
        String prefix = vaulted.cluster().timelines();
        for (String name : vaulted.objects().subMap(prefix, prefix + "~").keySet()) {
            if (!name.substring(prefix.length()).matches("[0-7][0-9a-f]{7}\\.history")) {
                defects.add(new Defect(name, "", "no history file has such a name"));
            }
        }
        for (int timeline : vaulted.timelines()) {
            try {
                histories.add(vaulted.history(timeline));
            } catch (ContinuityException e) {
                VaultVerifier.note(defects, vaulted.cluster().history(timeline), "", e);
            }
        }
        for (TimelinePath history : histories) {
            agree(history, histories);
        }
        requireForTheLog(least);
        return histories;
    }

    private void agree(TimelinePath history, List<TimelinePath> histories) {
        for (TimelinePath.Leg stretch : history.legs()) {
            Optional<TimelinePath> ancestor = histories.stream()
                    .filter(each -> each.timeline() == stretch.timeline() && each.timeline() != history.timeline())
                    .findFirst();
            if (ancestor.isPresent() && !history.agreesWith(ancestor.get())) {
                defects.add(new Defect(
                        vaulted.cluster().history(history.timeline()),
                        "",
                        "it does not go on where the history of timeline %d leads".formatted(stretch.timeline())));
            }
        }
    }

    /** Who has log of a timeline must know how it came to be. */
    private void requireForTheLog(int least) {
        TreeSet<Integer> logged = new TreeSet<>();
        String prefix = vaulted.cluster().log();
        for (String name : vaulted.objects().subMap(prefix, prefix + "~").keySet()) {
            Piece.of(vaulted.cluster(), name).ifPresent(piece -> logged.add(piece.timeline()));
        }
        logged.removeAll(vaulted.timelines());
        for (int timeline : logged.tailSet(Math.max(2, least), true)) {
            defects.add(new Defect(
                    vaulted.cluster().history(timeline),
                    "",
                    "there is log of timeline %d, and no history file".formatted(timeline)));
        }
    }
}
