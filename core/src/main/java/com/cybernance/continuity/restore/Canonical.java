package com.cybernance.continuity.restore;

import com.cybernance.continuity.facts.Copy;
import com.cybernance.continuity.facts.PlaceFactor;
import com.cybernance.continuity.facts.Requirement;
import com.cybernance.continuity.facts.ResourceId;
import com.cybernance.continuity.facts.RestorePoint;
import com.cybernance.continuity.internal.digest.Sha256;
import com.cybernance.continuity.spi.RestoreRequest;
import java.util.Comparator;
import java.util.List;

/**
 * The one text of a plan that its id is the digest of. Every value carries its length, so no two plans share a text, and
 * what has no order of its own is sorted, so no plan has two.
 */
final class Canonical {
    private final StringBuilder text = new StringBuilder();

    private Canonical() {}

    static String id(RestoreGoal goal, RestoreRequest request, List<String> steps) {
        Canonical plan = new Canonical();
        plan.add("plan", "1");
        plan.goal(goal);
        plan.point(request.point());
        plan.add("uses", request.copy());
        steps.forEach(step -> plan.add("step", step));
        return Sha256.hex(plan.text.toString());
    }

    /** A text by which two restore points are the same when it is the same. */
    static String of(RestorePoint point) {
        Canonical canonical = new Canonical();
        canonical.point(point);
        return canonical.text.toString();
    }

    private void goal(RestoreGoal goal) {
        resource(goal.resource());
        add("to", goal.to().toString());
        add("destination", goal.destination());
        goal.lineage().ifPresent(only -> add("lineage", only));
        goal.lost().forEach(lost -> {
            add("lost", lost.factor().name());
            add("value", lost.value());
        });
        add("least", goal.least().name());
        goal.keys().forEach(key -> add("key", key));
        add("evidence-age", goal.evidenceAge().toString());
    }

    private void resource(ResourceId resource) {
        add("target", resource.target().value());
        add("member", resource.member());
    }

    private void point(RestorePoint point) {
        add("point", point.id());
        resource(point.resource());
        add("of-lineage", point.lineage());
        add("earliest", point.earliest().toString());
        add("latest", point.latest().toString());
        point.copies().stream().map(Canonical::copy).sorted().forEach(copy -> add("copy", copy));
        point.requires().stream()
                .sorted(Comparator.comparing(Requirement::kind).thenComparing(Requirement::name))
                .forEach(each -> {
                    add("requires", each.kind().name());
                    add("name", each.name());
                });
    }

    private static String copy(Copy copy) {
        Canonical canonical = new Canonical();
        canonical.add("id", copy.id());
        canonical.add("state", copy.state().name());
        canonical.add("since", copy.since().toString());
        copy.place().factors().stream().map(Canonical::factor).sorted().forEach(each -> canonical.add("at", each));
        return canonical.text.toString();
    }

    private static String factor(PlaceFactor factor) {
        Canonical canonical = new Canonical();
        canonical.add("factor", factor.factor().name());
        canonical.add("value", factor.value());
        canonical.add("basis", factor.basis().name());
        canonical.add("by", factor.by());
        return canonical.text.toString();
    }

    private void add(String name, String value) {
        text.append(name)
                .append(' ')
                .append(value.length())
                .append(':')
                .append(value)
                .append('\n');
    }
}
