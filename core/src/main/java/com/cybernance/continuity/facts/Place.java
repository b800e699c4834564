package com.cybernance.continuity.facts;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Where something is: a set of factors, each with its basis. A factor may be known from several sources, and these may
 * disagree. A factor that nobody names counts as shared with everything.
 *
 * @param factors what is known, in no particular order
 */
public record Place(List<PlaceFactor> factors) {
    /** A place of which nothing is known: it shares every factor with every other place. */
    public static final Place UNKNOWN = new Place(List.of());

    public Place {
        factors = List.copyOf(factors);
    }

    /**
     * A place with one declared factor.
     *
     * @param by who declares it, for a report
     */
    public static Place declared(Factor factor, String value, String by) {
        return UNKNOWN.and(new PlaceFactor(factor, value, PlaceFactor.Basis.DECLARED, by));
    }

    /** This place with one more thing known about it. */
    public Place and(PlaceFactor more) {
        List<PlaceFactor> all = new ArrayList<>(factors);
        all.add(more);
        return new Place(all);
    }

    /** Every name that some source gives for the factor; empty when nobody names it. */
    public Set<String> values(Factor factor) {
        return factors.stream()
                .filter(known -> known.factor() == factor)
                .map(PlaceFactor::value)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Whether the two places surely differ in the factor: both name it, and no source's name for the one is any
     * source's name for the other. Not known to differ is not apart.
     */
    public boolean apartFrom(Place other, Factor factor) {
        Set<String> ours = values(factor);
        Set<String> theirs = other.values(factor);
        return !ours.isEmpty() && !theirs.isEmpty() && ours.stream().noneMatch(theirs::contains);
    }

    /** Whether what was observed of the factor has nothing in common with what was declared. */
    public boolean contradicted(Factor factor) {
        Set<String> declared = values(factor, PlaceFactor.Basis.DECLARED);
        Set<String> observed = values(factor, PlaceFactor.Basis.OBSERVED);
        return !declared.isEmpty() && !observed.isEmpty() && declared.stream().noneMatch(observed::contains);
    }

    private Set<String> values(Factor factor, PlaceFactor.Basis basis) {
        return factors.stream()
                .filter(known -> known.factor() == factor && known.basis() == basis)
                .map(PlaceFactor::value)
                .collect(Collectors.toSet());
    }

    /**
     * The factor in words with its sources, for a report: {@code data centre north (declared by the estate file;
     * observed by its address)}. Sources that disagree show as several values.
     */
    public String describe(Factor factor) {
        Map<String, Set<String>> sources = new TreeMap<>();
        for (PlaceFactor known : factors) {
            if (known.factor() == factor) {
                String how = known.basis() == PlaceFactor.Basis.DECLARED ? "declared" : "observed";
                sources.computeIfAbsent(known.value(), none -> new TreeSet<>()).add(how + " by " + known.by());
            }
        }
        if (sources.isEmpty()) {
            return "no %s known".formatted(factor.inProse());
        }
        return factor.inProse() + " "
                + sources.entrySet().stream()
                        .map(each -> "%s (%s)".formatted(each.getKey(), String.join("; ", each.getValue())))
                        .collect(Collectors.joining(", "));
    }
}
