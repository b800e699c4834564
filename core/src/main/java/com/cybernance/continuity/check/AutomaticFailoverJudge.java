package com.cybernance.continuity.check;

import com.cybernance.continuity.facts.ClientOutcome;
import com.cybernance.continuity.internal.words.InWords;
import com.cybernance.continuity.policy.AutomaticFailover;
import com.cybernance.continuity.spi.Facet;
import java.time.Duration;
import java.util.List;

/**
 * Whether clients write again within the promised time after a loss. A configured standby proves nothing: without a
 * failover that was provoked or seen the clause stays UNKNOWN. A client that has been down for longer than promised
 * breaches it whatever else is known.
 */
final class AutomaticFailoverJudge implements Judge<AutomaticFailover> {
    private static final String WANTED =
            "a FailoverDriver that provokes a failover in an approved window, or one that happened by itself and was seen";

    @Override
    public Opinion judge(AutomaticFailover objective, Question question) {
        List<Seen<ClientOutcome>> probes = question.seen(Facet.CLIENT_PROBE);
        if (probes.isEmpty()) {
            return question.cannotSee(Facet.CLIENT_PROBE, "what clients meet, and later " + WANTED);
        }
        String observed = String.join(
                "; ",
                probes.stream()
                        .flatMap(each -> each.facts().stream())
                        .map(ClientOutcome::detail)
                        .toList());
        List<Known<?>> used = List.copyOf(probes.stream().map(Seen::known).toList());
        Duration down = question.subject().clientDownFor().orElse(Duration.ZERO);
        boolean fresh = probes.stream().anyMatch(each -> !each.facts().isEmpty());
        if (fresh && down.compareTo(objective.within()) > 0) {
            return new Opinion(
                    Verdict.BREACHED,
                    observed,
                    List.of("clients have had no acknowledged write for %s, promised within %s"
                            .formatted(InWords.about(down), InWords.about(objective.within()))),
                    "fail over by hand: the automatic one did not come",
                    used);
        }
        return new Opinion(
                Verdict.UNKNOWN,
                observed.isEmpty() ? "nothing" : observed,
                List.of("no failover was provoked or seen, and a configured standby is no proof"),
                WANTED,
                used);
    }
}
