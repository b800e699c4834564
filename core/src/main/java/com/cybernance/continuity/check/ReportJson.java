package com.cybernance.continuity.check;

import com.cybernance.continuity.facts.Observation;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * A report as JSON, for machines. Format 1: {@code format}, {@code estate} (kind, name), {@code policy} (name, digest,
 * and {@code periodScale} where periods are divided), {@code at}, {@code verdict}, {@code seen}, {@code sentences} (number to verdict), {@code clauses},
 * {@code contradictions}, {@code notes}. Instants are ISO 8601 in UTC, ages in seconds.
 */
public final class ReportJson {
    private static final int FORMAT = 1;

    private ReportJson() {}

    /** The whole report, indented. */
    public static String of(Report report) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.setPrettyPrinter(new DefaultPrettyPrinter());
            write(report, json);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }

    private static void write(Report report, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeNumberField("format", FORMAT);
        json.writeObjectFieldStart("estate");
        json.writeStringField("kind", lower(report.estate().kind()));
        json.writeStringField("name", report.estate().name());
        json.writeEndObject();
        json.writeObjectFieldStart("policy");
        json.writeStringField("name", report.policy());
        json.writeStringField("digest", report.policyDigest());
        if (report.periodScale().isPresent()) {
            json.writeNumberField("periodScale", report.periodScale().get());
        }
        json.writeEndObject();
        json.writeStringField("at", report.at().toString());
        json.writeStringField("verdict", report.verdict().name());
        strings(json, "seen", report.seen());
        json.writeObjectFieldStart("sentences");
        for (var sentence : report.sentences().entrySet()) {
            json.writeStringField(sentence.getKey(), sentence.getValue().name());
        }
        json.writeEndObject();
        json.writeArrayFieldStart("clauses");
        for (Finding finding : report.findings()) {
            clause(finding, json);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("contradictions");
        for (var contradiction : report.contradictions()) {
            json.writeStartObject();
            strings(json, "clauses", contradiction.clauses());
            json.writeStringField("what", contradiction.what());
            json.writeEndObject();
        }
        json.writeEndArray();
        strings(json, "notes", report.notes());
        json.writeEndObject();
    }

    private static void clause(Finding finding, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", finding.clause().id());
        strings(json, "sentences", finding.clause().sentences());
        json.writeStringField("kind", lower(finding.clause().kind()));
        json.writeStringField("subject", finding.clause().subject());
        json.writeStringField("promise", finding.clause().promise());
        json.writeStringField("objective", finding.clause().objective().toString());
        json.writeStringField("verdict", finding.verdict().name());
        json.writeStringField("reason", finding.reason());
        json.writeStringField("observed", finding.observed());
        json.writeStringField("nextStep", finding.nextStep());
        json.writeStringField("severity", lower(finding.clause().severity()));
        json.writeBooleanField("waived", finding.waiver().isPresent());
        json.writeStringField(
                "observedAt", finding.observedAt().map(Object::toString).orElse(null));
        json.writeArrayFieldStart("evidence");
        for (Evidence evidence : finding.evidence()) {
            evidence(evidence, json);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void evidence(Evidence evidence, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("target", evidence.target().value());
        json.writeStringField("facet", evidence.facet());
        json.writeStringField(
                "observedAt", evidence.observedAt().map(Object::toString).orElse(null));
        json.writeNumberField("ageSeconds", evidence.age().toMillis() / 1000.0);
        json.writeArrayFieldStart("asked");
        for (Observation asked : evidence.asked()) {
            json.writeStartObject();
            json.writeStringField("asker", asked.asker());
            json.writeStringField("where", asked.where());
            json.writeStringField("operation", asked.operation());
            json.writeStringField("requestId", asked.requestId().orElse(null));
            json.writeStringField("digest", asked.digest());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void strings(JsonGenerator json, String name, List<String> values) throws IOException {
        json.writeArrayFieldStart(name);
        for (String value : values) {
            json.writeString(value);
        }
        json.writeEndArray();
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(java.util.Locale.ROOT);
    }
}
