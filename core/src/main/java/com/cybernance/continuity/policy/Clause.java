package com.cybernance.continuity.policy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One measurable promise about one subject.
 *
 * @param id unique within the policy
 * @param sentences the numbers of the policy document's sentences that it comes from, for example {@code 1.9}; may be
 *     empty
 * @param subject the word that {@code protect} binds targets to
 * @param objective the measurable form
 * @param promise the promise in our own words
 * @param evidenceAge how old the evidence for a verdict may be, inclusive; more than zero
 * @param severity who is told when it is breached
 * @param runbook where the person who is told finds what to do; may be empty
 * @param vendor the vendor that the clause names, if it does: it is then judged only by that vendor's own API
 * @param basis where each number comes from, by the number's name in the file
 * @param controls the controls that it serves
 */
public record Clause(
        String id,
        List<String> sentences,
        String subject,
        Objective objective,
        String promise,
        Duration evidenceAge,
        Severity severity,
        String runbook,
        Optional<String> vendor,
        Map<String, NumberBasis> basis,
        List<Control> controls) {
    /** How old evidence may be when a clause does not say. */
    public static final Duration DEFAULT_EVIDENCE_AGE = Duration.ofMinutes(5);

    public Clause {
        Figures.text("id", id);
        Figures.text("subject", subject);
        Figures.time("evidence-age", evidenceAge);
        sentences = List.copyOf(sentences);
        basis = Map.copyOf(basis);
        controls = List.copyOf(controls);
    }

    /** A clause with the defaults of the file format: five minutes of evidence age, severity page, no sentences. */
    public static Clause of(String subject, Objective objective) {
        return new Clause(
                subject + "-" + objective.word(),
                List.of(),
                subject,
                objective,
                objective.toString(),
                DEFAULT_EVIDENCE_AGE,
                Severity.PAGE,
                "",
                Optional.empty(),
                Map.of(),
                List.of());
    }

    /** The same clause with another greatest age of its evidence. */
    public Clause evidenceAge(Duration most) {
        return new Clause(id, sentences, subject, objective, promise, most, severity, runbook, vendor, basis, controls);
    }

    /** Whether the clause is judged by a vendor's own word or by an effect that we measure. */
    public Kind kind() {
        return vendor.isPresent() ? Kind.VENDOR : Kind.EFFECT;
    }

    /** What can judge a clause. */
    public enum Kind {
        EFFECT,
        VENDOR
    }
}
