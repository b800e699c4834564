package com.cybernance.continuity.restore;

import com.cybernance.continuity.facts.Comparison;
import com.cybernance.continuity.facts.Comparison.Check;
import com.cybernance.continuity.facts.DrillRecord;
import com.cybernance.continuity.facts.ResourceId;
import com.cybernance.continuity.facts.TargetId;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;

/** Drill records as JSON, format 1. */
final class DrillJson {
    private static final int FORMAT = 1;

    private DrillJson() {}

    static byte[] write(DrillRecord drill) {
        ObjectNode root = Json.object(FORMAT);
        root.put("run", drill.run());
        resource(root, drill.resource());
        root.put("point", drill.point());
        root.put("copy", drill.copy());
        root.put("asked", drill.asked());
        Json.put(root, "askedMoment", drill.askedMoment());
        root.put("started", drill.started().toString());
        root.put("ended", drill.ended().toString());
        Json.put(root, "rta", drill.rta());
        comparison(root.putObject("comparison"), drill.comparison());
        Json.put(root, "failure", drill.failure());
        return Json.bytes(root);
    }

    static DrillRecord read(byte[] record) {
        return Json.read(record, "a drill record", FORMAT, DrillJson::drill);
    }

    private static DrillRecord drill(JsonNode root) {
        return new DrillRecord(
                Json.text(root, "run"),
                resource(root),
                Json.text(root, "point"),
                Json.text(root, "copy"),
                Json.text(root, "asked"),
                Json.optional(root, "askedMoment", Instant::parse),
                Json.moment(root, "started"),
                Json.moment(root, "ended"),
                Json.optional(root, "rta", Duration::parse),
                comparison(Json.part(root, "comparison")),
                Json.optional(root, "failure", why -> why));
    }

    static void resource(ObjectNode node, ResourceId resource) {
        node.putObject("resource").put("target", resource.target().value()).put("member", resource.member());
    }

    static ResourceId resource(JsonNode node) {
        JsonNode resource = Json.part(node, "resource");
        return TargetId.of(Json.text(resource, "target")).member(Json.text(resource, "member"));
    }

    static void comparison(ObjectNode node, Comparison comparison) {
        Json.put(node, "reached", comparison.reached());
        node.put("position", comparison.position());
        var checks = node.putArray("checks");
        for (Check check : comparison.checks()) {
            checks.addObject()
                    .put("name", check.name())
                    .put("outcome", check.outcome().name())
                    .put("detail", check.detail());
        }
    }

    static Comparison comparison(JsonNode node) {
        return new Comparison(
                Json.optional(node, "reached", Instant::parse),
                Json.text(node, "position"),
                Json.list(
                        node,
                        "checks",
                        check -> new Check(
                                Json.text(check, "name"),
                                Json.word(check, "outcome", Comparison.Outcome.class),
                                Json.text(check, "detail"))));
    }
}
