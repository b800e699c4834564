package com.cybernance.continuity.examples.proof;

import com.cybernance.continuity.postgres.recover.LedgerCheck;
import com.cybernance.continuity.testkit.postgres.PostgresServer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The ledger as it was at one moment, by the clients' own logs: every commit that was acknowledged by then must be there,
 * and none that was sent only later.
 */
final class LedgerAt implements LedgerCheck {
    private final Instant moment;
    private final SortedSet<Long> must;
    private final SortedSet<Long> may;

    LedgerAt(Instant moment, List<Load.Written> written) {
        this.moment = moment;
        this.must = numbers(written.stream()
                .filter(each -> !each.acknowledged().isAfter(moment))
                .toList());
        this.may = numbers(
                written.stream().filter(each -> !each.sent().isAfter(moment)).toList());
    }

    /** A moment near the one that is wished, before it, at which no client waited for an answer, if there is one. */
    static Instant quiet(Instant wished, List<Load.Written> written) {
        List<Load.Written> earlier = written.stream()
                .filter(each -> each.sent().isBefore(wished))
                .sorted(Comparator.comparing(Load.Written::sent))
                .toList();
        Instant best = wished;
        Instant allDone = Instant.MIN;
        for (Load.Written each : earlier) {
            if (allDone.isBefore(each.sent()) && allDone.isAfter(Instant.MIN)) {
                // Truncated by the server to microseconds, a commit's time may not slip past the moment.
                best = allDone;
            }
            allDone = each.acknowledged().isAfter(allDone) ? each.acknowledged() : allDone;
        }
        return best;
    }

    /** How many commits were surely made by then. */
    int sure() {
        return must.size();
    }

    /** How many commits were under way at that moment, so that either outcome is right. */
    int underWay() {
        return may.size() - must.size();
    }

    @Override
    public String name() {
        return "ledger, by the clients' logs";
    }

    @Override
    public String database() {
        return PostgresServer.DATABASE;
    }

    @Override
    public String query() {
        return "SELECT coalesce(string_agg(seq::text, ',' ORDER BY seq), '') FROM public.ledger";
    }

    @Override
    public Optional<String> mismatch(Optional<String> answer) {
        TreeSet<Long> there = Arrays.stream(answer.orElse("").split(",", -1))
                .filter(each -> !each.isEmpty())
                .map(Long::valueOf)
                .collect(Collectors.toCollection(TreeSet::new));
        TreeSet<Long> missing = new TreeSet<>(must);
        missing.removeAll(there);
        TreeSet<Long> tooMany = new TreeSet<>(there);
        tooMany.removeAll(may);
        return missing.isEmpty() && tooMany.isEmpty()
                ? Optional.empty()
                : Optional.of("at %s %d commits were acknowledged, and %d rows are there: %d missing%s, %d too many%s"
                        .formatted(
                                moment,
                                must.size(),
                                there.size(),
                                missing.size(),
                                first(missing),
                                tooMany.size(),
                                first(tooMany)));
    }

    private static String first(SortedSet<Long> numbers) {
        return numbers.isEmpty() ? "" : " (the first is number %d)".formatted(numbers.first());
    }

    private static SortedSet<Long> numbers(List<Load.Written> written) {
        return written.stream().map(Load.Written::seq).collect(Collectors.toCollection(TreeSet::new));
    }
}
