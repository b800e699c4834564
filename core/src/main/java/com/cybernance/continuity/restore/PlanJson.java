package com.cybernance.continuity.restore;

import com.cybernance.continuity.facts.Copy;
import com.cybernance.continuity.facts.Factor;
import com.cybernance.continuity.facts.Place;
import com.cybernance.continuity.facts.PlaceFactor;
import com.cybernance.continuity.facts.Requirement;
import com.cybernance.continuity.facts.RestorePoint;
import com.cybernance.continuity.spi.RecoverTo;
import com.cybernance.continuity.spi.RestoreRequest;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.TreeSet;

/** Plans as JSON, format 1. */
final class PlanJson {
    private static final int FORMAT = 1;

    private PlanJson() {}

    static byte[] write(RestorePlan plan) {
        return Json.bytes(node(plan));
    }

    static ObjectNode node(RestorePlan plan) {
        ObjectNode root = Json.object(FORMAT);
        root.put("id", plan.id());
        goal(root.putObject("goal"), plan.goal());
        point(root.putObject("point"), plan.request().point());
        root.put("copy", plan.request().copy());
        Json.put(root, "steps", plan.steps());
        root.put("seenAt", plan.seenAt().toString());
        Json.put(root, "expectedEnd", plan.expectedEnd());
        var rejected = root.putArray("rejected");
        for (Rejected each : plan.rejected()) {
            Json.put(rejected.addObject().put("point", each.point()).put("copy", each.copy()), "why", each.why());
        }
        Json.put(root, "unseen", plan.unseen());
        return root;
    }

    static RestorePlan read(byte[] json) {
        return Json.read(json, "a restore plan", FORMAT, PlanJson::plan);
    }

    static RestorePlan plan(JsonNode root) {
        RestoreGoal goal = goal(Json.part(root, "goal"));
        RestorePoint point = point(Json.part(root, "point"));
        return new RestorePlan(
                Json.text(root, "id"),
                goal,
                new RestoreRequest(point, Json.text(root, "copy"), goal.to(), goal.destination()),
                Json.texts(root, "steps"),
                Json.moment(root, "seenAt"),
                Json.optional(root, "expectedEnd", Instant::parse),
                Json.list(
                        root,
                        "rejected",
                        each -> new Rejected(
                                Json.text(each, "point"), Json.text(each, "copy"), Json.texts(each, "why"))),
                Json.texts(root, "unseen"));
    }

    private static void goal(ObjectNode node, RestoreGoal goal) {
        DrillJson.resource(node, goal.resource());
        Json.put(node, "moment", goal.to().moment());
        Json.put(node, "position", goal.to().position());
        node.put("destination", goal.destination());
        Json.put(node, "lineage", goal.lineage());
        var lost = node.putArray("lost");
        goal.lost()
                .forEach(each ->
                        lost.addObject().put("factor", each.factor().name()).put("value", each.value()));
        node.put("least", goal.least().name());
        Json.put(node, "keys", goal.keys());
        node.put("evidenceAge", goal.evidenceAge().toString());
    }

    private static RestoreGoal goal(JsonNode node) {
        return new RestoreGoal(
                DrillJson.resource(node),
                new RecoverTo(
                        Json.optional(node, "moment", Instant::parse), Json.optional(node, "position", each -> each)),
                Json.text(node, "destination"),
                Json.optional(node, "lineage", each -> each),
                new TreeSet<>(Json.list(
                        node,
                        "lost",
                        each -> new Lost(Json.word(each, "factor", Factor.class), Json.text(each, "value")))),
                Json.word(node, "least", Copy.State.class),
                new TreeSet<>(Json.texts(node, "keys")),
                Json.duration(node, "evidenceAge"));
    }

    private static void point(ObjectNode node, RestorePoint point) {
        node.put("id", point.id());
        DrillJson.resource(node, point.resource());
        node.put("lineage", point.lineage());
        node.put("earliest", point.earliest().toString());
        node.put("latest", point.latest().toString());
        var copies = node.putArray("copies");
        point.copies().forEach(copy -> copy(copies.addObject(), copy));
        var requires = node.putArray("requires");
        point.requires()
                .forEach(each ->
                        requires.addObject().put("kind", each.kind().name()).put("name", each.name()));
    }

    private static RestorePoint point(JsonNode node) {
        return new RestorePoint(
                Json.text(node, "id"),
                DrillJson.resource(node),
                Json.text(node, "lineage"),
                Json.moment(node, "earliest"),
                Json.moment(node, "latest"),
                Json.list(node, "copies", PlanJson::copy),
                Json.list(
                        node,
                        "requires",
                        each -> new Requirement(
                                Json.word(each, "kind", Requirement.Kind.class), Json.text(each, "name"))));
    }

    private static void copy(ObjectNode node, Copy copy) {
        node.put("id", copy.id());
        var factors = node.putArray("place");
        for (PlaceFactor each : copy.place().factors()) {
            factors.addObject()
                    .put("factor", each.factor().name())
                    .put("value", each.value())
                    .put("basis", each.basis().name())
                    .put("by", each.by());
        }
        node.put("state", copy.state().name());
        node.put("since", copy.since().toString());
    }

    private static Copy copy(JsonNode node) {
        Place place = new Place(Json.list(
                node,
                "place",
                each -> new PlaceFactor(
                        Json.word(each, "factor", Factor.class),
                        Json.text(each, "value"),
                        Json.word(each, "basis", PlaceFactor.Basis.class),
                        Json.text(each, "by"))));
        return new Copy(
                Json.text(node, "id"), place, Json.word(node, "state", Copy.State.class), Json.moment(node, "since"));
    }
}
