package com.cybernance.continuity.examples.proof;

import com.cybernance.continuity.check.Report;
import com.cybernance.continuity.check.ReportJson;
import com.cybernance.continuity.examples.proof.sabotage.Moves;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** The proof for machines: the library's own report, and beside it what only the proof knows. */
final class ProofJson {
    /** 2 since {@code mustMove} and {@code moved} are objects, sentence to verdict; they were lists of sentences. */
    private static final int FORMAT = 2;

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private ProofJson() {}

    /** The report with {@code proof} added to it. */
    static String of(
            Report report, int looks, Agreement clients, Disaster disaster, DeclaredSet declared, int exitStatus) {
        ObjectNode root = (ObjectNode) tree(report);
        ObjectNode proof = root.putObject("proof");
        proof.put("format", FORMAT);
        proof.put("looks", looks);
        clients(proof, clients);
        drill(proof.putObject("drill"), disaster);
        strings(proof, "worseThanDeclared", declared.deviations(report).all());
        proof.put("exitStatus", exitStatus);
        return text(root);
    }

    /** The report of the unbroken platform, and of each sabotage the reports while broken and after repair. */
    static String of(Report baseline, List<Trial.Outcome> outcomes, Agreement clients, int exitStatus) {
        ObjectNode root = JSON.createObjectNode();
        root.put("format", FORMAT);
        root.set("estate", tree(baseline).path("estate"));
        root.set("baseline", tree(baseline));
        ArrayNode sabotages = root.putArray("sabotages");
        outcomes.forEach(outcome -> sabotage(sabotages.addObject(), outcome));
        clients(root, clients);
        root.put("exitStatus", exitStatus);
        return text(root);
    }

    private static void sabotage(ObjectNode node, Trial.Outcome outcome) {
        node.put("name", outcome.sabotage().name());
        node.put("description", outcome.sabotage().description());
        moves(node.putObject("mustMove"), outcome.sabotage().mustMove());
        moves(node.putObject("moved"), outcome.moved().moves());
        node.put("noticedAfterSeconds", outcome.noticed().toMillis() / 1000.0);
        node.put("broughtBack", outcome.broughtBack());
        node.put("backAfterSeconds", outcome.back().toMillis() / 1000.0);
        node.put("stillPossible", outcome.stillPossible().orElse(null));
        node.put("failure", outcome.failure().orElse(null));
        node.put("passed", outcome.passed());
        node.set("broken", tree(outcome.broken()));
        node.set("repaired", tree(outcome.repaired()));
    }

    private static void moves(ObjectNode node, Moves moves) {
        moves.verdicts().forEach(node::put);
    }

    private static void clients(ObjectNode node, Agreement clients) {
        node.putObject("clients")
                .put("acknowledged", clients.acknowledged())
                .put("foundOnStandby", clients.found())
                .put("missingOnStandby", clients.missing().size());
    }

    private static void drill(ObjectNode node, Disaster disaster) {
        node.put("lost", disaster.lost());
        node.put("passed", disaster.passed());
        node.put("plan", disaster.plan().map(plan -> plan.id()).orElse(null));
        node.put("failure", disaster.failure().orElse(null));
        node.put("rpaSeconds", disaster.exposure().map(ProofJson::seconds).orElse(null));
        disaster.ledger().ifPresent(ledger -> node.put("acknowledgedByThen", ledger.sure())
                .put("underWay", ledger.underWay()));
        disaster.drill().ifPresent(drill -> {
            node.put("copy", drill.copy());
            node.put("asked", drill.asked());
            node.put(
                    "reached",
                    drill.comparison().reached().map(Object::toString).orElse(null));
            node.put("rtaSeconds", drill.rta().map(ProofJson::seconds).orElse(null));
            node.put("tookSeconds", seconds(Disaster.took(drill)));
            ArrayNode checks = node.putArray("checks");
            drill.comparison().checks().forEach(check -> checks.addObject()
                    .put("name", check.name())
                    .put("outcome", check.outcome().name())
                    .put("detail", check.detail()));
        });
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    private static void strings(ObjectNode node, String name, Collection<String> values) {
        ArrayNode array = node.putArray(name);
        values.forEach(array::add);
    }

    private static JsonNode tree(Report report) {
        try {
            return JSON.readTree(ReportJson.of(report));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(JsonNode root) {
        try {
            return JSON.writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
