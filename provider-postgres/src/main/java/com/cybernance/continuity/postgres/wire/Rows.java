package com.cybernance.continuity.postgres.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rows of one result, each without the columns that are NULL.
 *
 * @param all in the server's order, by the names of the columns
 */
record Rows(List<Map<String, byte[]>> all) {
    /** Reads what follows a description, to the end of the command. */
    static Rows read(ReplicationConnection server, WireMessage description) {
        List<String> columns = Fields.columns(description.body());
        List<Map<String, byte[]>> rows = new ArrayList<>();
        for (WireMessage message = server.read();
                message.type() != WireMessage.COMMAND_COMPLETE;
                message = server.read()) {
            if (message.type() != WireMessage.DATA_ROW) {
                throw server.unexpected("a message '%s' among rows".formatted(message.type()));
            }
            List<Optional<byte[]>> values = Fields.values(message.body());
            if (values.size() != columns.size()) {
                throw server.unexpected("a row of %d values for %d columns".formatted(values.size(), columns.size()));
            }
            Map<String, byte[]> row = new LinkedHashMap<>();
            for (int i = 0; i < values.size(); i++) {
                String column = columns.get(i);
                values.get(i).ifPresent(value -> row.put(column, value));
            }
            rows.add(row);
        }
        return new Rows(rows);
    }

    /** Reads all results that are left, up to the end of the answer. */
    static List<Rows> untilReady(ReplicationConnection server) {
        List<Rows> results = new ArrayList<>();
        for (WireMessage message = server.read(); message.type() != WireMessage.READY; message = server.read()) {
            switch (message.type()) {
                case WireMessage.ROW_DESCRIPTION -> results.add(read(server, message));
                case WireMessage.COMMAND_COMPLETE, 'I' -> {}
                default -> throw server.unexpected("a message '%s' among rows".formatted(message.type()));
            }
        }
        return results;
    }

    List<Map<String, String>> texts() {
        List<Map<String, String>> all = new ArrayList<>();
        for (Map<String, byte[]> row : this.all) {
            Map<String, String> texts = new LinkedHashMap<>();
            row.forEach((name, value) -> texts.put(name, new String(value, StandardCharsets.UTF_8)));
            all.add(texts);
        }
        return all;
    }
}
