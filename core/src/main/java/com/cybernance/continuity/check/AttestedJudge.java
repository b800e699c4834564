package com.cybernance.continuity.check;

import com.cybernance.continuity.internal.words.InWords;
import com.cybernance.continuity.policy.Attested;
import java.time.LocalDate;
import java.util.List;

/** A claim that nobody can look at: arithmetic first, then whether a person vouches for it today. */
final class AttestedJudge implements Judge<Attested> {
    @Override
    public Opinion judge(Attested objective, Question question) {
        return objective
                .uptime()
                .filter(Attested.Uptime::contradicted)
                .map(AttestedJudge::contradicted)
                .orElseGet(() -> vouched(objective, question.today()));
    }

    private static Opinion contradicted(Attested.Uptime uptime) {
        return new Opinion(
                Verdict.BREACHED,
                "arithmetic alone",
                List.of("the claim allows %s of outage in %s, and one ordinary outage takes %s"
                        .formatted(
                                InWords.duration(uptime.allowed()),
                                InWords.duration(uptime.over()),
                                InWords.duration(uptime.oneOutage()))),
                "change the sentence: no attestation can lift what arithmetic contradicts",
                List.of());
    }

    private static Opinion vouched(Attested objective, LocalDate today) {
        if (objective.vouch().isEmpty()) {
            return Opinion.unknown(
                    "nobody vouches for it",
                    "a named person who vouches with a document, until a date at most 12 months away");
        }
        Attested.Vouch vouch = objective.vouch().get();
        String who = vouch.toString();
        boolean inForce = vouch.inForceOn(today);
        return new Opinion(
                inForce ? Verdict.ATTESTED : Verdict.UNKNOWN,
                who,
                List.of(inForce ? who : "the attestation is not in force on %s: %s".formatted(today, who)),
                inForce ? "renew it by " + vouch.until() : "have it renewed, or drop the claim",
                List.of());
    }
}
