package com.cybernance.continuity.policy;

import com.cybernance.continuity.internal.words.InWords;
import java.time.Duration;
import java.util.List;

/**
 * When the primary fails, another member answers without anybody's help; proven by a failover that happened, by drill or
 * by itself.
 *
 * @param within the longest time without an answer, inclusive
 */
public record AutomaticFailover(Duration within) implements Objective {
    public AutomaticFailover {
        Figures.time("within", within);
    }

    @Override
    public String word() {
        return "automatic-failover";
    }

    @Override
    public List<String> weakerThan(Objective before) {
        return Figures.longer("the longest time without an answer", ((AutomaticFailover) before).within, within);
    }

    @Override
    public String toString() {
        return "when the primary fails, another member answers within %s without anybody's help"
                .formatted(InWords.duration(within));
    }
}
