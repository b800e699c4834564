package com.cybernance.continuity.examples.proof;

import com.cybernance.continuity.check.Finding;
import com.cybernance.continuity.check.Report;
import com.cybernance.continuity.check.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The verdict that each clause must have while nothing is broken, as the table in {@code docs/proof.md} says. A clause
 * that the table does not name must be MET.
 */
final class DeclaredSet {
    private static final String DOCUMENT = "/docs/proof.md";
    private static final Pattern ROW = Pattern.compile("\\| `([^`]+)` \\|.*\\| (MET|ATTESTED|UNKNOWN|BREACHED) \\|.*");

    private final Map<String, Verdict> verdicts;

    private DeclaredSet(Map<String, Verdict> verdicts) {
        this.verdicts = verdicts;
    }

    /** That of the built-in policy. */
    static DeclaredSet ofDocument() {
        try (InputStream document = DeclaredSet.class.getResourceAsStream(DOCUMENT)) {
            if (document == null) {
                throw new IllegalStateException(DOCUMENT + " is not on the class path");
            }
            return parse(new String(document.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** That of a policy about which nobody declared anything. */
    static DeclaredSet allMet() {
        return new DeclaredSet(Map.of());
    }

    static DeclaredSet parse(String document) {
        Map<String, Verdict> verdicts = new LinkedHashMap<>();
        for (String line : document.lines().toList()) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                verdicts.put(row.group(1), Verdict.valueOf(row.group(2)));
            }
        }
        return new DeclaredSet(verdicts);
    }

    /** What the table says, in its order. */
    Map<String, Verdict> verdicts() {
        return Map.copyOf(verdicts);
    }

    Verdict of(String clause) {
        return verdicts.getOrDefault(clause, Verdict.MET);
    }

    /** Where the report is worse than declared. */
    Deviations deviations(Report report) {
        List<String> breached = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        for (Finding finding : report.findings()) {
            Verdict declared = of(finding.clause().id());
            String words = "%s is %s, declared %s".formatted(finding.clause().id(), finding.verdict(), declared);
            if (finding.verdict() == Verdict.BREACHED && declared != Verdict.BREACHED) {
                breached.add(words);
            }
            if (finding.verdict() == Verdict.UNKNOWN && declared != Verdict.UNKNOWN) {
                unknown.add(words);
            }
        }
        return new Deviations(breached, unknown);
    }

    /** In words, one line for each clause. */
    record Deviations(List<String> breached, List<String> unknown) {
        Deviations {
            breached = List.copyOf(breached);
            unknown = List.copyOf(unknown);
        }

        boolean none() {
            return breached.isEmpty() && unknown.isEmpty();
        }

        List<String> all() {
            List<String> all = new ArrayList<>(breached);
            all.addAll(unknown);
            return all;
        }
    }
}
