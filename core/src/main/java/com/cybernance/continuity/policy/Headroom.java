package com.cybernance.continuity.policy;

import com.cybernance.continuity.internal.words.InWords;
import java.util.List;

/**
 * When one member is lost, a survivor can take the whole load.
 *
 * @param share the most of one survivor's capacity that the whole load may take, more than 0, at most 1, inclusive
 */
public record Headroom(double share) implements Objective {
    public Headroom {
        Figures.share("share", share);
    }

    @Override
    public String word() {
        return "headroom";
    }

    @Override
    public List<String> weakerThan(Objective before) {
        Headroom old = (Headroom) before;
        return share > old.share
                ? List.of("the load could take %s of a survivor, now %s"
                        .formatted(InWords.share(old.share), InWords.share(share)))
                : List.of();
    }

    @Override
    public String toString() {
        return "the whole load takes at most %s of what one survivor can carry".formatted(InWords.share(share));
    }
}
