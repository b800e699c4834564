package com.cybernance.continuity.check;

import com.cybernance.continuity.facts.InventoryItem;
import com.cybernance.continuity.internal.words.InWords;
import com.cybernance.continuity.policy.Inventory;
import com.cybernance.continuity.spi.Facet;
import java.util.List;
import java.util.Map;

/** Whether as many things of each kind exist as were promised, and none vanished since the last look. */
final class InventoryJudge implements Judge<Inventory> {
    @Override
    public Opinion judge(Inventory objective, Question question) {
        List<Seen<InventoryItem>> seen = question.seen(Facet.INVENTORY);
        if (seen.isEmpty()) {
            return question.cannotSee(Facet.INVENTORY, "what exists of each kind");
        }
        return Opinion.worst(
                objective.atLeast().entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(promised -> kind(promised.getKey(), promised.getValue(), seen, question.subject()))
                        .toList(),
                "kind");
    }

    private static Opinion kind(String kind, int promised, List<Seen<InventoryItem>> seen, Subject subject) {
        List<Seen<InventoryItem>> whole =
                seen.stream().filter(each -> each.complete().contains(kind)).toList();
        long count = seen.stream()
                .flatMap(each -> each.facts().stream())
                .filter(item -> item.kind().equals(kind))
                .map(InventoryItem::id)
                .distinct()
                .count();
        List<Known<?>> used = List.copyOf(seen.stream().map(Seen::known).toList());
        String observed = "%d of %d promised %s seen".formatted(count, promised, InWords.plural(kind));
        if (whole.isEmpty()) {
            return new Opinion(
                    Verdict.UNKNOWN,
                    observed,
                    List.of("no target of '%s' enumerates every %s".formatted(subject.name(), kind)),
                    "a target that offers InventorySource for " + kind,
                    used);
        }
        int before = subject.lastInventory().getOrDefault(kind, 0);
        if (count < promised && seen.stream().allMatch(each -> each.gaps().isEmpty())) {
            return new Opinion(
                    Verdict.BREACHED,
                    observed,
                    List.of(observed),
                    "find out where the missing %s went".formatted(kind),
                    used);
        }
        if (count < promised || count < before) {
            return new Opinion(
                    Verdict.UNKNOWN,
                    observed,
                    List.of("%s, %d in the last inventory".formatted(observed, before)),
                    "find out whether the missing %s went or is only hidden".formatted(kind),
                    used);
        }
        return new Opinion(Verdict.MET, observed, List.of(observed), "nothing", used);
    }
}
