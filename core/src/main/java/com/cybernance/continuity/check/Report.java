package com.cybernance.continuity.check;

import com.cybernance.continuity.policy.Contradiction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Every clause of a policy with its verdict, at one moment.
 *
 * @param estate which world it is about
 * @param policy the name of the policy
 * @param policyDigest the digest of the policy that was judged
 * @param periodScale by what the policy divides its periods, which it may in a rehearsal alone; empty when it does not
 * @param at the moment of the judgement
 * @param findings one for each clause, in the order of the policy
 * @param contradictions where the policy contradicts itself or arithmetic
 * @param notes what went wrong around the judging and changes no verdict, for example that it could not be recorded
 */
public record Report(
        Estate estate,
        String policy,
        String policyDigest,
        Optional<Integer> periodScale,
        Instant at,
        List<Finding> findings,
        List<Contradiction> contradictions,
        List<String> notes) {
    public Report {
        findings = List.copyOf(findings);
        contradictions = List.copyOf(contradictions);
        notes = List.copyOf(notes);
    }

    /** The same report with one more note. */
    public Report note(String note) {
        List<String> all = new ArrayList<>(notes);
        all.add(note);
        return new Report(estate, policy, policyDigest, periodScale, at, findings, contradictions, all);
    }

    /** The worst verdict of all clauses. */
    public Verdict verdict() {
        return Verdict.worst(findings.stream().map(Finding::verdict).toList());
    }

    /** The finding on the clause with that id. */
    public Optional<Finding> finding(String clauseId) {
        return findings.stream()
                .filter(each -> each.clause().id().equals(clauseId))
                .findFirst();
    }

    /** The findings of each sentence of the policy document, in the order of the sentences' numbers. */
    public SortedMap<String, List<Finding>> bySentence() {
        SortedMap<String, List<Finding>> sentences = new TreeMap<>(SentenceOrder.BY_NUMBER);
        for (Finding finding : findings) {
            for (String sentence : finding.clause().sentences()) {
                sentences.computeIfAbsent(sentence, none -> new ArrayList<>()).add(finding);
            }
        }
        return sentences;
    }

    /** The verdict on each sentence: the worst of its clauses. */
    public SortedMap<String, Verdict> sentences() {
        SortedMap<String, Verdict> verdicts = new TreeMap<>(SentenceOrder.BY_NUMBER);
        bySentence()
                .forEach((sentence, about) -> verdicts.put(
                        sentence,
                        Verdict.worst(about.stream().map(Finding::verdict).toList())));
        return verdicts;
    }

    /** The accounts and hosts that answered, each once, sorted. */
    public List<String> seen() {
        TreeSet<String> where = new TreeSet<>();
        findings.stream()
                .flatMap(finding -> finding.evidence().stream())
                .flatMap(proof -> proof.asked().stream())
                .forEach(asked -> where.add(asked.asker() + " at " + asked.where()));
        return List.copyOf(where);
    }
}
