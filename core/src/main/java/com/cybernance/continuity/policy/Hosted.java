package com.cybernance.continuity.policy;

import java.util.List;

/**
 * Everything of the subject runs at one vendor.
 *
 * @param vendor the vendor's name, for example {@code aws}
 */
public record Hosted(String vendor) implements Objective {
    public Hosted {
        Figures.text("vendor", vendor);
    }

    @Override
    public String word() {
        return "hosted";
    }

    @Override
    public List<String> weakerThan(Objective before) {
        Hosted old = (Hosted) before;
        return old.vendor.equals(vendor)
                ? List.of()
                : List.of("the vendor was %s, now %s".formatted(old.vendor, vendor));
    }

    @Override
    public String toString() {
        return "all of it runs at " + vendor;
    }
}
