package com.cybernance.continuity.examples.proof;

import com.cybernance.continuity.examples.proof.sabotage.Sabotage;
import com.cybernance.continuity.examples.proof.sabotage.Sabotages;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The sabotages that somebody names. */
final class Chosen {
    private static final String ALL = "all";

    private Chosen() {}

    /**
     * Those of these names, in the order in which they are best tried. Touches no file.
     *
     * @param run the directory of the run in which they are to be done
     * @throws BadInput when nothing has one of the names
     */
    static List<Sabotage> of(List<String> names, Path run) {
        List<Sabotage> all = Sabotages.of(run);
        List<String> unknown = new ArrayList<>(names);
        unknown.removeAll(all.stream().map(Sabotage::name).toList());
        unknown.remove(ALL);
        if (!unknown.isEmpty()) {
            throw new BadInput("no sabotage is called '%s'. Hint: all, or some of %s"
                    .formatted(
                            unknown.get(0),
                            String.join(", ", all.stream().map(Sabotage::name).toList())));
        }
        return all.stream()
                .filter(each -> names.contains(ALL) || names.contains(each.name()))
                .toList();
    }
}
