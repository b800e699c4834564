package com.cybernance.continuity.benchmarks;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One run of one contender.
 *
 * @param seconds from its start to its end
 * @param cpuSeconds user and system, of all its processes; the servers are none of them
 * @param peakMebibytes the most resident memory of the largest of its processes
 */
record Measure(double seconds, double cpuSeconds, double peakMebibytes) {
    /** The median of each figure; of an even number, the mean of the two in the middle. */
    static Measure median(List<Measure> runs) {
        return new Measure(
                median(runs, Measure::seconds),
                median(runs, Measure::cpuSeconds),
                median(runs, Measure::peakMebibytes));
    }

    static <T> double median(List<T> runs, ToDoubleFunction<T> figure) {
        List<Double> sorted = runs.stream()
                .map(figure::applyAsDouble)
                .sorted(Comparator.naturalOrder())
                .toList();
        if (sorted.isEmpty()) {
            throw new IllegalArgumentException("no median of nothing");
        }
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
