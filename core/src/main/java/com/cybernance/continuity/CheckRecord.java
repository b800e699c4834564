package com.cybernance.continuity;

import com.cybernance.continuity.check.Finding;
import com.cybernance.continuity.check.Report;
import com.cybernance.continuity.check.ReportJson;
import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.internal.digest.Sha256;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

/**
 * What is kept of each completed check: when, by which policy, the verdict on each clause, the digest of the whole
 * report, and what each target's inventory held. JSON, format 1.
 */
final class CheckRecord {
    private static final int FORMAT = 1;
    private static final ObjectMapper JSON = new ObjectMapper();

    private CheckRecord() {}

    /**
     * @param inventory of each target, the most members of each kind
     */
    static byte[] write(Report report, Map<String, Map<String, Integer>> inventory) {
        ObjectNode root = JSON.createObjectNode();
        root.put("format", FORMAT);
        root.put("at", report.at().toString());
        root.put("estate", report.estate().toString());
        root.put("policy", report.policyDigest());
        root.put("report", Sha256.hex(ReportJson.of(report)));
        ObjectNode verdicts = root.putObject("verdicts");
        for (Finding finding : report.findings()) {
            verdicts.put(finding.clause().id(), finding.verdict().name());
        }
        ObjectNode targets = root.putObject("inventory");
        inventory.forEach((target, kinds) -> {
            ObjectNode counts = targets.putObject(target);
            kinds.forEach(counts::put);
        });
        try {
            return JSON.writeValueAsBytes(root);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** The inventory of each target in a record; empty when it was written under another policy. */
    static Map<String, Map<String, Integer>> inventory(byte[] record, String policyDigest) {
        Map<String, Map<String, Integer>> targets = new HashMap<>();
        JsonNode root = read(record);
        if (!root.path("policy").asText().equals(policyDigest)) {
            return targets;
        }
        for (var target : root.path("inventory").properties()) {
            Map<String, Integer> kinds = new HashMap<>();
            target.getValue()
                    .properties()
                    .forEach(kind -> kinds.put(kind.getKey(), kind.getValue().asInt()));
            targets.put(target.getKey(), kinds);
        }
        return targets;
    }

    private static JsonNode read(byte[] record) {
        JsonNode root;
        try {
            root = JSON.readTree(record);
        } catch (IOException broken) {
            throw new ContinuityException(
                    FailureKind.CORRUPT,
                    "a record of an earlier check is not JSON",
                    "the state directory was written by something else; give this library one of its own",
                    broken);
        }
        int format = root.path("format").asInt();
        if (format != FORMAT) {
            throw new ContinuityException(
                    FailureKind.UNSUPPORTED,
                    "a record of an earlier check has format %d, this release knows %d".formatted(format, FORMAT),
                    "use a release that is at least as new as the one that wrote the state directory");
        }
        return root;
    }
}
