package com.cybernance.continuity.policy;

import com.cybernance.continuity.internal.words.InWords;
import java.time.Duration;
import java.util.List;

/**
 * A customer who leaves gets their data.
 *
 * @param within the longest time from the request to the delivered file, inclusive
 */
public record ExportOnTermination(Duration within) implements Objective {
    public ExportOnTermination {
        Figures.time("within", within);
    }

    @Override
    public String word() {
        return "export-on-termination";
    }

    @Override
    public List<String> weakerThan(Objective before) {
        return Figures.longer("the time from request to delivery", ((ExportOnTermination) before).within, within);
    }

    @Override
    public String toString() {
        return "a customer who leaves has a file of their newest data within %s of asking"
                .formatted(InWords.duration(within));
    }
}
