package com.cybernance.continuity.policy;

import com.cybernance.continuity.internal.words.InWords;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What must exist: so many of each kind at least. It counts, and says nothing about how well each of them is protected.
 *
 * @param atLeast the least number of each kind, at least one kind and at least 1 of each; sorted by kind
 */
public record Inventory(Map<String, Integer> atLeast) implements Objective {
    public Inventory {
        atLeast = Collections.unmodifiableMap(new TreeMap<>(atLeast));
        Figures.some("inventory", atLeast.keySet());
        atLeast.forEach((kind, count) -> {
            Figures.text("a kind", kind);
            Figures.atLeast(kind, count, 1);
        });
    }

    @Override
    public String word() {
        return "inventory";
    }

    @Override
    public List<String> weakerThan(Objective before) {
        Inventory old = (Inventory) before;
        List<String> weaker = new ArrayList<>(Figures.dropped("the inventory", old.atLeast.keySet(), atLeast.keySet()));
        old.atLeast.forEach((kind, count) ->
                weaker.addAll(Figures.fewer("the number of kind " + kind, count, atLeast.getOrDefault(kind, count))));
        return List.copyOf(weaker);
    }

    @Override
    public String toString() {
        boolean one = atLeast.size() == 1 && atLeast.containsValue(1);
        return "at least %s %s"
                .formatted(
                        atLeast.entrySet().stream()
                                .map(each -> InWords.count(each.getValue(), each.getKey()))
                                .collect(Collectors.joining(", ")),
                        one ? "exists" : "exist");
    }
}
