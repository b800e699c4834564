package com.cybernance.continuity.check;

import com.cybernance.continuity.internal.words.InWords;
import java.util.ArrayList;
import java.util.List;

/**
 * What a judge thinks of one clause, before it becomes a finding.
 *
 * @param observed what was seen, in one line
 * @param reasons why the verdict is what it is; the first is the one to print
 * @param nextStep what to do, or what would judge the clause
 * @param used the evidence that was judged from
 */
record Opinion(Verdict verdict, String observed, List<String> reasons, String nextStep, List<Known<?>> used) {
    Opinion {
        reasons = List.copyOf(reasons);
        used = List.copyOf(used);
    }

    static Opinion unknown(String reason, String nextStep) {
        return new Opinion(Verdict.UNKNOWN, "nothing", List.of(reason), nextStep, List.of());
    }

    /** The worst of them; the others' reasons follow with how many members stand where. */
    static Opinion worst(List<Opinion> members, String memberWord) {
        Verdict worst = Verdict.worst(members.stream().map(Opinion::verdict).toList());
        Opinion first = members.stream()
                .filter(each -> each.verdict() == worst)
                .findFirst()
                .orElseThrow();
        if (members.size() == 1) {
            return first;
        }
        List<String> reasons = new ArrayList<>(first.reasons());
        reasons.add(tally(members, memberWord));
        return new Opinion(
                worst,
                first.observed(),
                reasons,
                first.nextStep(),
                members.stream().flatMap(each -> each.used().stream()).toList());
    }

    private static String tally(List<Opinion> members, String memberWord) {
        List<String> parts = new ArrayList<>();
        for (Verdict verdict : Verdict.values()) {
            long count =
                    members.stream().filter(each -> each.verdict() == verdict).count();
            if (count > 0) {
                parts.add(count + " " + verdict);
            }
        }
        return "of %s: %s".formatted(InWords.count(members.size(), memberWord), String.join(", ", parts));
    }
}
