package com.cybernance.continuity.postgres.wire;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.Lsn;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * A physical replication connection to one server. The driver connects, encrypts and authenticates; from then on this
 * class speaks on the driver's socket, and the driver is silent until it is closed.
 *
 * <p>For one thread at a time, except {@link #close()}, which any thread may call to break a call that blocks; that call
 * then fails with kind {@code INTERRUPTED}. All failures are {@link ContinuityException}s; what the server refuses is a
 * {@link ServerError}, after which the next command may be sent. After any other failure only {@code close} is left.
 */
public final class ReplicationConnection implements AutoCloseable {
    private static final int NOTICES = 100;
    /** The server counts its time from 2000 on. */
    private static final long SERVER_EPOCH = 946_684_800;

    private final Connection driver;
    private final Socket plain;
    private final Duration socketTimeout;
    private final WireReader in;
    private final DataOutputStream out;
    private final Deque<String> notices = new ArrayDeque<>();
    private String doing = "the command";
    private volatile boolean idle = true;
    private volatile boolean closed;

    ReplicationConnection(Connection driver, Socket plain, Socket spoken, Duration socketTimeout) {
        this.driver = driver;
        this.plain = plain;
        this.socketTimeout = socketTimeout;
        try {
            this.in = new WireReader(spoken);
            this.out = new DataOutputStream(new BufferedOutputStream(spoken.getOutputStream(), 64 * 1024));
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /**
     * Connects.
     *
     * @param jdbcUrl as for the driver; TLS by {@code sslmode} and its companions works, an {@code sslfactory} or
     *     {@code socketFactory} of one's own is refused
     * @param properties {@code user}, {@code password}, {@code ApplicationName} and others of the driver
     * @param socketTimeout the longest silence in the middle of an answer, and for connecting (up to 10 minutes, at
     *     least a second)
     * @throws ContinuityException of kind {@code DENIED} without the right to replicate; {@code UNREACHABLE};
     *     {@code MISCONFIGURED}
     */
    public static ReplicationConnection open(String jdbcUrl, Properties properties, Duration socketTimeout) {
        try {
            return Opening.open(jdbcUrl, properties, socketTimeout);
        } catch (NoClassDefFoundError e) {
            throw new ContinuityException(
                    FailureKind.MISCONFIGURED,
                    "the PostgreSQL driver is not on the class path",
                    "add org.postgresql:postgresql",
                    e);
        }
    }

    /** Who the server is. */
    public Identity identify() {
        Map<String, String> row = one("IDENTIFY_SYSTEM");
        return new Identity(
                column(row, "systemid"), Integer.parseInt(column(row, "timeline")), Lsn.parse(column(row, "xlogpos")));
    }

    /** The value of a setting. */
    public String show(String setting) {
        if (!setting.matches("[a-z0-9_.]+")) {
            throw new IllegalArgumentException("no name of a setting");
        }
        return one("SHOW " + setting).values().iterator().next();
    }

    /** The server's history file of a timeline, byte for byte; a {@link ServerError} when it has none. */
    public byte[] timelineHistory(int timeline) {
        send("TIMELINE_HISTORY " + timeline);
        List<Result> results = untilReady();
        if (results.size() != 1 || results.get(0).rows().size() != 1) {
            throw unexpected("not one row for a timeline's history");
        }
        Row row = results.get(0).rows().get(0);
        return row.raw("content").orElseThrow(() -> unexpected("a timeline's history without content"));
    }

    /**
     * What the server's clock shows, to the microsecond. Begins a stream of the log at its end for that, and ends it; what
     * it says to the server confirms nothing.
     */
    public Instant serverClock() {
        Identity identity = identify();
        send("START_REPLICATION PHYSICAL %s TIMELINE %d".formatted(identity.flushed(), identity.timeline()));
        expect(WireMessage.COPY_BOTH);
        copyData(ByteBuffer.allocate(34)
                .put((byte) 'r')
                .putLong(0)
                .putLong(0)
                .putLong(0)
                .putLong(0)
                .put((byte) 1)
                .flip());
        ByteBuffer told = expect(WireMessage.COPY_DATA).body();
        // The clock stands behind one position in a sign of life, and behind two in a piece of the log.
        long micros = told.getLong(told.get(0) == 'k' ? 9 : 17);
        endCopy();
        return Instant.ofEpochSecond(SERVER_EPOCH).plus(micros, ChronoUnit.MICROS);
    }

    /** Ends a stream in both directions: says that nothing more is sent, and reads away what is still on its way. */
    public void endCopy() {
        copyDone();
        while (read().type() != WireMessage.COPY_DONE) {
            // The server had sent this before it heard.
        }
        rest();
    }

    /** Runs a command that only answers with rows: all of them, as text, without the columns that are NULL. */
    public List<Map<String, String>> ask(String command) {
        send(command);
        return rest();
    }

    /** Sends a command. Its answer must be read to {@link WireMessage#READY} before the next one. */
    public void send(String command) {
        byte[] text = command.getBytes(StandardCharsets.UTF_8);
        doing = verb(command);
        idle = false;
        try {
            out.writeByte('Q');
            out.writeInt(4 + text.length + 1);
            out.write(text);
            out.writeByte(0);
            out.flush();
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /**
     * The next message of the answer. Notices and changed parameters are kept aside; an error of the server is thrown
     * after the rest of the answer was read away.
     *
     * @throws ContinuityException of kind {@code TIMED_OUT} after a silence of {@code socketTimeout}
     */
    public WireMessage read() {
        try {
            while (true) {
                WireMessage message = in.next(socketTimeout);
                switch (message.type()) {
                    case 'E' -> throw refusal(Fields.said(message.body()));
                    case 'N' -> note(Fields.said(message.body()));
                    case 'S', 'A', 'K' -> {}
                    case WireMessage.READY -> {
                        idle = true;
                        return message;
                    }
                    default -> {
                        return message;
                    }
                }
            }
        } catch (IOException e) {
            throw broken(e);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw unexpected("a message that ends too early");
        }
    }

    /** Waits at most this long for a message to begin, and leaves it to be read. */
    public boolean await(Duration atMost) {
        try {
            return in.await(atMost);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /**
     * As {@link #read()}, but waits at most this long for the message to begin; empty when none did. With a wait of zero it
     * hands over what has arrived and asks the network for nothing.
     */
    public Optional<WireMessage> poll(Duration atMost) {
        try {
            return in.await(atMost) ? Optional.of(read()) : Optional.empty();
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** Reads one result, from its columns to the end of its command: rows as in {@link #ask}. */
    public List<Map<String, String>> result() {
        Result result = result(expect(WireMessage.ROW_DESCRIPTION));
        return result.texts();
    }

    /** Reads all that is left of the answer, up to {@link WireMessage#READY}: rows as in {@link #ask}. */
    public List<Map<String, String>> rest() {
        List<Map<String, String>> rows = new ArrayList<>();
        untilReady().forEach(result -> rows.addAll(result.texts()));
        return rows;
    }

    /** The next message, which must be of that type. */
    public WireMessage expect(char type) {
        WireMessage message = read();
        if (message.type() != type) {
            throw unexpected("a message '%s' instead of '%s'".formatted(message.type(), type));
        }
        return message;
    }

    /** Sends a piece of a copy and flushes it. */
    public void copyData(byte[] piece) {
        copyData(ByteBuffer.wrap(piece));
    }

    /** Sends what remains in the buffer as a piece of a copy and flushes it. */
    public void copyData(ByteBuffer piece) {
        byte[] bytes = new byte[piece.remaining()];
        piece.get(bytes);
        try {
            out.writeByte(WireMessage.COPY_DATA);
            out.writeInt(4 + bytes.length);
            out.write(bytes);
            out.flush();
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** Says that no more pieces will be sent. */
    public void copyDone() {
        try {
            out.writeByte(WireMessage.COPY_DONE);
            out.writeInt(4);
            out.flush();
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** What the server remarked, the newest last; the last 100 are kept. */
    public List<String> notices() {
        return List.copyOf(notices);
    }

    /** Ends the connection, and breaks a call that another thread is in. Idempotent. Never throws. */
    @Override
    public void close() {
        boolean polite = idle && !closed;
        closed = true;
        if (!polite) {
            try {
                plain.close();
            } catch (IOException alreadyGone) {
                // Nothing is sent or read any more.
            }
        }
        try {
            driver.close();
        } catch (SQLException alreadyGone) {
            // The server notices by itself.
        }
    }

    private Map<String, String> one(String command) {
        List<Map<String, String>> rows = ask(command);
        if (rows.size() != 1 || rows.get(0).isEmpty()) {
            throw unexpected("%d rows instead of one".formatted(rows.size()));
        }
        return rows.get(0);
    }

    private String column(Map<String, String> row, String name) {
        String value = row.get(name);
        if (value == null) {
            throw unexpected("no column " + name);
        }
        return value;
    }

    private List<Result> untilReady() {
        List<Result> results = new ArrayList<>();
        for (WireMessage message = read(); message.type() != WireMessage.READY; message = read()) {
            switch (message.type()) {
                case WireMessage.ROW_DESCRIPTION -> results.add(result(message));
                case WireMessage.COMMAND_COMPLETE, 'I' -> {}
                default -> throw unexpected("a message '%s' among rows".formatted(message.type()));
            }
        }
        return results;
    }

    private Result result(WireMessage description) {
        List<String> columns = Fields.columns(description.body());
        List<Row> rows = new ArrayList<>();
        for (WireMessage message = read(); message.type() != WireMessage.COMMAND_COMPLETE; message = read()) {
            if (message.type() != WireMessage.DATA_ROW) {
                throw unexpected("a message '%s' among rows".formatted(message.type()));
            }
            List<Optional<byte[]>> values = Fields.values(message.body());
            if (values.size() != columns.size()) {
                throw unexpected("a row of %d values for %d columns".formatted(values.size(), columns.size()));
            }
            Map<String, byte[]> row = new LinkedHashMap<>();
            for (int i = 0; i < values.size(); i++) {
                String column = columns.get(i);
                values.get(i).ifPresent(value -> row.put(column, value));
            }
            rows.add(new Row(row));
        }
        return new Result(rows);
    }

    private void note(Map<Character, String> said) {
        if (notices.size() == NOTICES) {
            notices.removeFirst();
        }
        notices.addLast("%s: %s".formatted(said.getOrDefault('S', "NOTICE"), said.getOrDefault('M', "")));
    }

    private ServerError refusal(Map<Character, String> said) {
        ServerError error = new ServerError(
                said.getOrDefault('C', "XX000"),
                said.getOrDefault('M', "no message").lines().findFirst().orElse("no message"),
                doing);
        if (!said.getOrDefault('V', said.getOrDefault('S', "")).equals("ERROR")) {
            return error;
        }
        try {
            while (true) {
                if (in.next(socketTimeout).type() == WireMessage.READY) {
                    idle = true;
                    return error;
                }
            }
        } catch (IOException | ContinuityException theServerEndedIt) {
            return error;
        }
    }

    private ContinuityException broken(IOException cause) {
        if (closed) {
            return new ContinuityException(
                    FailureKind.INTERRUPTED,
                    "%s ended: the connection was closed here".formatted(doing),
                    "begin again");
        }
        if (cause instanceof SocketTimeoutException) {
            return new ContinuityException(
                    FailureKind.TIMED_OUT,
                    "%s failed: the server was silent for %d s".formatted(doing, socketTimeout.toSeconds()),
                    "see whether the server hangs or the network is cut");
        }
        return new ContinuityException(
                FailureKind.UNREACHABLE,
                "%s failed: the connection to the server is lost".formatted(doing),
                "see whether the server runs and the way to it is open",
                cause);
    }

    private ContinuityException unexpected(String what) {
        return new ContinuityException(
                FailureKind.UNEXPECTED,
                "%s failed: the server answered with %s".formatted(doing, what),
                "use PostgreSQL 15 to 18, and connect to it and not to a pooler");
    }

    private static String verb(String command) {
        int end = command.indexOf(' ');
        return (end < 0 ? command : command.substring(0, end)).toUpperCase(Locale.ROOT);
    }

    /** The rows of one result. */
    private record Result(List<Row> rows) {
        List<Map<String, String>> texts() {
            return rows.stream().map(Row::texts).toList();
        }
    }

    /** The columns of a row that are not NULL. */
    private record Row(Map<String, byte[]> columns) {
        Map<String, String> texts() {
            Map<String, String> texts = new LinkedHashMap<>();
            columns.forEach((name, value) -> texts.put(name, new String(value, StandardCharsets.UTF_8)));
            return texts;
        }

        Optional<byte[]> raw(String column) {
            return Optional.ofNullable(columns.get(column));
        }
    }
}
